/** Runs events through the state as the page would, and keeps what would be sent. */

import { INITIAL, update } from "../../web/state/state.js";

export const TURN = "11111111-1111-4111-8111-111111111111";
export const OTHER = "22222222-2222-4222-8222-222222222222";
export const THIRD = "33333333-3333-4333-8333-333333333333";

export class Page {
  state = INITIAL;
  sent = [];

  constructor({ turns = [], cursor = undefined, records = [], more = undefined } = {}) {
    this.event("opened").frame({ type: "history", turns, cursor }).frame({ type: "memories", records, cursor: more }).took();
  }

  event(type, more = {}) {
    const [state, frames] = update(this.state, { type, now: this.state.now, ...more });
    this.state = state;
    this.sent.push(...frames);
    return this;
  }

  frame(frame) {
    return this.event("frame", { frame });
  }

  say(turn = TURN, text = "Hello", more = {}) {
    return this.event("say", { turn, text, private: false, ...more });
  }

  text(seq, delta, turn = TURN) {
    return this.frame({ type: "text", turn, seq, chunk: seq, delta });
  }

  done(seq, turn = TURN) {
    return this.frame({ type: "done", turn, seq, stopped: false, blocked: false, timings: {}, usage: {}, recalled: [], why: {} });
  }

  at(now) {
    return this.event("tick", { now });
  }

  took() {
    return this.sent.splice(0);
  }

  turn(id = TURN) {
    return this.state.talk.turns[id];
  }

  reply(id = TURN) {
    return this.turn(id).parts.map(({ text }) => text).join("");
  }
}
