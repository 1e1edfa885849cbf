// @ts-check
/** The loudspeaker's end: plays what is pushed and tells how much of it, at least every 32 ms. */

import { Ring } from "./ring.js";

const EVERY = 4;

class Player extends AudioWorkletProcessor {
  #ring = new Ring();
  #blocks = 0;
  #told = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => (data.samples ? this.#ring.push(data.samples) : this.#ring.want(data.want));
  }

  /** @param {Float32Array[][]} _ @param {Float32Array[][]} outputs */
  process(_, [[out]]) {
    const stopped = this.#ring.fill(out);
    const { played, buffered } = this.#ring;
    this.#blocks += 1;
    const news = played !== this.#told && (!this.#told || !buffered || this.#blocks % EVERY === 0);
    if (stopped || news) this.port.postMessage({ played, buffered, stopped });
    this.#told = stopped ? 0 : news ? played : this.#told;
    if (stopped) this.#ring.played = 0;
    return true;
  }
}

registerProcessor("player", Player);
