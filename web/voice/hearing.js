// @ts-check
/**
 * What goes to the recogniser and when: voices with what is around them, over a stream that is renewed unnoticed.
 *
 * Frames wait in one queue until a final result covers them, so that a stream that is lost is said again to the next one.
 * In silence next to nothing is sent: enough that the recogniser, which gives up after 15 seconds of nothing, never does.
 */

import { FRAME_MS } from "./activity.js";
import { Stream } from "./stream.js";

const TOGETHER = 4; // Frames in one message.
const BEFORE = 480;
const AFTER = 1_600;
const SIGN_OF_LIFE = 5_000;
const SILENCE = 2 * TOGETHER; // Frames of it.
const IDLE = 120_000;
const MOST = 20_000;
const EARLY = 30_000;
const WAITS = [0, 500, 1_000, 2_000, 4_000];
const OPENING = 5_000;

/** @typedef {import("./stream.js").Frame} Frame */
/**
 * @typedef {object} Ends
 * @property {() => void} invite asks for an address: `invited` or `refused` answers
 * @property {(url: string) => WebSocket} connect
 * @property {(result: import("./stream.js").Understood) => void} understood
 * @property {() => void} lost what was partial is heard again
 * @property {(well: boolean) => void} hears
 * @property {() => number} now the time in which addresses expire
 */

export class Hearing {
  /** @type {Frame[]} */ #recent = [];
  /** @type {Frame[]} */ #queue = [];
  #sent = 0;
  /** @type {Stream | null} */ #stream = null;
  #streams = 0;
  #address = { url: "", expires: 0 };
  #asked = false;
  #failures = 0;
  #again = 0;
  #voiced = -Infinity;
  #lively = 0;
  #at = 0;

  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
  }

  /** Hear one frame; *wanted*: somebody speaks in it. @param {Frame} frame @param {boolean} wanted */
  take(frame, wanted) {
    this.#at = frame.at;
    if (wanted) this.#voiced = frame.at;
    if (frame.at - this.#voiced <= AFTER) this.#queue.push(...this.#recent.splice(0), frame);
    else this.#rest(frame);
    this.said(frame.at - MOST);
    this.#flow();
  }

  /** @param {string} url @param {number} expires */
  invited(url, expires) {
    this.#asked = false;
    this.#address = { url, expires };
    this.#flow();
  }

  /** No address was given; another one is asked for after *wait* milliseconds. @param {number} wait */
  refused(wait) {
    this.#asked = false;
    this.#again = this.#at + wait;
  }

  /** What was captured until *at* is said or too old: no other stream needs to hear it. @param {number} at */
  said(at) {
    const first = this.#queue.findIndex((frame) => frame.at > at);
    const count = first < 0 ? this.#queue.length : first;
    this.#queue.splice(0, count);
    this.#sent = Math.max(0, this.#sent - count);
  }

  close() {
    this.#stream?.close();
    this.#stream = null;
    this.#queue = [];
    this.#recent = [];
    this.#sent = 0;
    this.#voiced = -Infinity;
  }

  /** Keep what may come before a voice, give a sign of life now and then, and let go after a long silence. @param {Frame} frame */
  #rest(frame) {
    this.#recent.push(frame);
    if (this.#recent.length > BEFORE / FRAME_MS) this.#recent.shift();
    if (!this.#stream?.open || frame.at - this.#lively < SIGN_OF_LIFE) return;
    if (frame.at - Math.max(this.#voiced, 0) > IDLE) return this.close();
    const silent = new Int16Array(frame.samples.length);
    for (let count = SILENCE - 1; count >= 0; count -= 1) this.#queue.push({ samples: silent, at: frame.at - count * FRAME_MS });
  }

  #flow() {
    if (!this.#stream) return this.#open();
    if (!this.#stream.open) return this.#at - this.#lively > OPENING ? this.#lost(this.#stream) : undefined;
    for (; this.#queue.length - this.#sent >= TOGETHER; this.#sent += TOGETHER) {
      this.#stream.send(this.#queue.slice(this.#sent, this.#sent + TOGETHER));
      this.#lively = this.#at;
    }
  }

  /** Open a stream for what waits; the first one before anything does. */
  #open() {
    if (this.#at < this.#again || (this.#streams && !this.#queue.length)) return;
    if (this.#address.expires - EARLY < this.ends.now()) return this.#ask();
    this.#sent = 0;
    this.#streams += 1;
    this.#lively = this.#at;
    const stream = new Stream(this.ends.connect(this.#address.url), String(this.#streams), {
      opened: () => this.#flow(),
      understood: (result) => this.#understood(result),
      lost: () => this.#lost(stream),
    });
    this.#stream = stream;
  }

  #ask() {
    if (this.#asked) return;
    this.#asked = true;
    this.ends.invite();
  }

  /** @param {import("./stream.js").Understood} result */
  #understood(result) {
    if (this.#failures >= WAITS.length) this.ends.hears(true);
    this.#failures = 0;
    if (result.final) this.said(result.end);
    this.ends.understood(result);
  }

  /** @param {Stream} stream */
  #lost(stream) {
    if (stream !== this.#stream) return;
    stream.close();
    this.#stream = null;
    if (this.#failures) this.#address = { url: "", expires: 0 }; // It may be the address that is not taken.
    this.#again = this.#at + WAITS[Math.min(this.#failures, WAITS.length - 1)];
    this.#failures += 1;
    if (this.#failures === WAITS.length) this.ends.hears(false);
    this.ends.lost();
  }
}
