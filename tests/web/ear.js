/** Plays what an ear would hear to the turn-taking, in the time of its capture, and keeps what is wished. */

import { wordsOf } from "../../web/voice/transcript.js";
import { QUIET, take } from "../../web/voice/turn-taking.js";

const STEP = 20;

export class Ear {
  state = QUIET;
  at = 1_000;
  wishes = [];

  event(type, more = {}) {
    const [state, wishes] = take(this.state, { type, at: this.at, ...more });
    this.state = state;
    this.wishes.push(...wishes.map(({ do: wish, text }) => ({ wish, text, at: this.at })));
    return this;
  }

  /** Let time pass. */
  wait(ms) {
    for (let left = ms; left > 0; left -= STEP) {
      this.at += STEP;
      this.event("tick");
    }
    return this;
  }

  /** Speak for so long; what was understood of it comes by `understands`. */
  speaks(ms = 1_000) {
    this.event("voice", { on: true }).wait(ms);
    const last = this.at;
    return this.wait(160).event("voice", { on: false, last });
  }

  /** A partial or final result whose words end where the voice did, or at *end*. */
  understands(text, { id = "r1", final = false, stable = true, end = this.state.last || this.at, spoken = "" } = {}) {
    const said = text.split(" ");
    const items = said.map((Content, index) => ({ Type: "pronunciation", Content, Stable: stable, EndTime: end - 300 * (said.length - 1 - index) }));
    const words = wordsOf({ IsPartial: !final, Alternatives: [{ Items: items }] }, (time) => time);
    return this.event("result", { id, words, final, spoken });
  }

  answers(is, { audible = is === "speaking", spoken = "" } = {}) {
    return this.event("answer", { is, audible, spoken });
  }

  /** Say a whole turn, and be answered aloud. */
  talks(text = "Tell me a story.") {
    this.speaks().understands(text).wait(300).answers("speaking");
    this.wishes = [];
    return this;
  }

  took() {
    return this.wishes.splice(0).map(({ wish, text }) => (text ? [wish, text] : [wish]));
  }
}
