// @ts-check
/** The ears: the microphone's frames with who speaks in them, and what the recogniser makes of those. */

import { FRAME_MS, SILENT, decibels, listened } from "./activity.js";
import { Hearing } from "./hearing.js";
import { Microphone } from "./microphone.js";

const RATE = 16_000;
const LATER = 5_000;
const LET_GO = 400; // Milliseconds that a hand takes at most after the last word.
const LOUDEST = -12;
const RANGE = 45;

/**
 * @typedef {object} Ends
 * @property {string} language
 * @property {(frame: object) => void} send
 * @property {() => boolean} playing whether the loudspeaker says something
 * @property {() => boolean | undefined} pushed whether the button says that somebody speaks; undefined: the ears are to tell
 * @property {(type: "voice" | "result" | "lost" | "tick", more?: object) => void} heard
 * @property {(well: boolean) => void} hears whether the recogniser is reached
 * @property {(why: string) => void} deaf there is none
 * @property {() => void} gone the microphone was taken away
 */

export class Ears {
  #microphone = new Microphone();
  #hearing;
  #activity = SILENT;
  #open = false;
  #invited = false;
  at = 0;
  level = 0;

  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    this.#hearing = new Hearing({
      invite: () => ends.send({ action: "listen", rate: RATE, language: ends.language }),
      connect: (url) => new WebSocket(new URL(url, location.href.replace(/^http/, "ws"))),
      understood: (result) => ends.heard("result", result),
      lost: () => ends.heard("lost"),
      hears: ends.hears,
      now: Date.now,
    });
  }

  /** When somebody was last heard before a button was released just now. */
  get last() {
    return this.at - Math.min(this.#activity.quiet * FRAME_MS, LET_GO);
  }

  /** Fails with words where there is no microphone. */
  async open() {
    await this.#microphone.open((captured) => this.#captured(captured), this.ends.gone);
    this.#open = true;
  }

  close() {
    this.listen(false);
    this.#microphone.close();
  }

  /** @param {boolean} on */
  listen(on) {
    this.#open = on;
    this.#microphone.listen(on);
    this.#activity = SILENT;
    this.level = 0;
    if (!on) this.#hearing.close();
  }

  /** @param {number} at what was said until then is in a turn */
  said(at) {
    this.#hearing.said(at);
  }

  /** Whether *frame* was for the ears: an address, none, or a connection that may have swallowed the question. @param {any} frame */
  take(frame) {
    if (frame.type === "opened") this.#hearing.refused(0);
    else if (frame.type === "listen") this.#invite(frame);
    else if (frame.type === "error" && frame.action === "listen") this.#refused(frame);
    else return false;
    return true;
  }

  /** @param {import("./microphone.js").Captured} captured */
  #captured({ samples, power }) {
    this.at += FRAME_MS;
    if (!this.#open) return;
    const pushed = this.ends.pushed();
    const { voice, quiet } = this.#listened(decibels(power));
    if (pushed === undefined) this.ends.heard("voice", { on: voice, last: this.at - quiet * FRAME_MS });
    this.#hearing.take({ samples, at: this.at }, pushed ?? voice);
    this.ends.heard("tick");
  }

  /** @param {number} level */
  #listened(level) {
    this.level = Math.max(0, Math.min(1, (level - LOUDEST + RANGE) / RANGE));
    return (this.#activity = listened(this.#activity, level, this.ends.playing()));
  }

  /** @param {{url: string, expires_at: string}} frame */
  #invite({ url, expires_at: expires }) {
    this.#invited = true;
    this.#hearing.invited(url, Date.parse(expires));
  }

  /** @param {{code: string, message: string, retry_after_ms?: number}} error */
  #refused({ code, message, retry_after_ms: wait }) {
    const again = code === "rate_limited" || this.#invited;
    this.#hearing.refused(again ? (wait ?? LATER) : 0);
    if (!again) this.ends.deaf(message);
  }
}
