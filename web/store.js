// @ts-check
/** Holds the state, sends what each update wants sent, and shows it once however many events came together. */

import { INITIAL, ticking, update } from "./state/state.js";

const TICK = 250;

export class Store {
  state = INITIAL;
  #tick = 0;
  #due = false;

  /** @param {{send: (frame: object) => void, show: (state: import("./state/state.js").State) => void}} ends */
  constructor({ send, show }) {
    this.send = send;
    this.show = show;
  }

  /** @param {string} type @param {object} [more] */
  dispatch(type, more = {}) {
    this.take({ type, now: Date.now(), ...more });
  }

  /** @param {import("./state/state.js").Event_} event */
  take(event) {
    const [next, frames] = update(this.state, event);
    this.state = next;
    frames.forEach(this.send);
    this.#schedule();
  }

  #schedule() {
    if (!this.#tick && ticking(this.state)) this.#tick = setTimeout(() => this.#ticked(), TICK);
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.show(this.state);
    });
  }

  #ticked() {
    this.#tick = 0;
    this.dispatch("tick");
  }
}
