// @ts-check
/** A spoken conversation: the microphone's frames and the recogniser's results to the turn-taking, and its wishes to the answers. */

import { FRAME_MS, SILENT, decibels, listened } from "./activity.js";
import { Answers } from "./answers.js";
import { Hearing } from "./hearing.js";
import { Microphone } from "./microphone.js";
import { pending } from "./transcript.js";
import { QUIET, take } from "./turn-taking.js";

const RATE = 16_000;
const LONGEST = 4_000; // Characters of a turn.
const LATER = 5_000;
const SHOWN = 4; // Frames between two looks at the level.
const LET_GO = 400; // Milliseconds that a hand takes at most after the last word.
const LOUDEST = -12;
const RANGE = 45;
const GONE = "The microphone was taken away: connect it, then talk again.";
const DEAF = "The recogniser can’t be reached just now. It is tried again with each thing you say; typing works.";

/**
 * @typedef {object} Shown
 * @property {"off" | "starting" | "on" | "muted"} is
 * @property {boolean} pushing
 * @property {boolean} held
 * @property {boolean} voice
 * @property {number} level 0 to 1
 * @property {import("./turn-taking.js").Taking["answer"]} answer
 * @property {boolean} hushed
 * @property {string} before what was said before a pause
 * @property {import("./transcript.js").Word[]} words
 * @property {string} trouble
 */
/**
 * @typedef {object} Ends
 * @property {string} language
 * @property {(frame: object) => void} send
 * @property {(text: string, more: {ended: number, instead: string}) => string} say returns the turn's id
 * @property {(turn: string, heard: import("./answers.js").Heard) => void} stop
 * @property {(turn: string, moment: "audio" | "played") => void} note
 * @property {(shown: Shown) => void} show
 */

export class Conversation {
  #answers;
  #microphone = new Microphone();
  #hearing;
  #activity = SILENT;
  #taking = QUIET;
  /** @type {Shown["is"]} */ #is = "off";
  #at = 0;
  #level = 0;
  #trouble = "";
  #pressed = false;
  #invited = false;
  #turn = "";
  #instead = "";
  /** @type {Promise<void> | null} */ #stopping = null;

  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    this.#answers = new Answers({ ...ends, moved: () => this.#compare() });
    this.#hearing = new Hearing({
      invite: () => ends.send({ action: "listen", rate: RATE, language: ends.language }),
      connect: (url) => new WebSocket(new URL(url, location.href.replace(/^http/, "ws"))),
      understood: (result) => this.#take("result", { ...result, spoken: this.#answers.spoken }),
      lost: () => this.#take("lost"),
      hears: (well) => this.#tell(well ? "" : DEAF),
      now: Date.now,
    });
  }

  get speaking() {
    return this.#answers.speaking;
  }

  /** Whether somebody waits for an answer, or hears one. */
  get answering() {
    return this.on && this.#answers.is !== "none";
  }

  get on() {
    return this.#is !== "off";
  }

  /** Open ears and mouth; where that fails, `trouble` says why. */
  async start() {
    if (this.#is !== "off") return;
    this.#is = "starting";
    this.#tell("");
    try {
      await Promise.all([this.#answers.open(), this.#microphone.open((captured) => this.#captured(captured), () => this.#gone())]);
      if (this.#is === "starting") this.#is = "on";
      else this.end(); // It was ended while the browser still asked.
    } catch (error) {
      this.end();
      this.#tell(/** @type {Error} */ (error).message);
    }
    this.#show();
  }

  /** Close them; an answer that was being spoken goes on in silence. */
  end() {
    this.#is = "off";
    this.#hearing.close();
    this.#microphone.close();
    this.#answers.close();
    this.#taking = QUIET;
    this.#level = 0;
    this.#trouble = "";
    this.#show();
  }

  #gone() {
    this.end();
    this.#tell(GONE);
  }

  /** Hands-free: begin, or go over to it, or close the ears and open them again. */
  async tap() {
    if (this.#is === "off") await this.start();
    else if (this.#taking.pushing) this.#take("free");
    else this.#mute(this.#is === "on");
  }

  /** Speak as long as a button is pressed. */
  async press() {
    this.#pressed = true;
    await this.start();
    if (this.#is === "muted") this.#mute(false);
    if (this.#is === "on") this.#take("press");
    if (!this.#pressed) this.release();
  }

  release() {
    this.#pressed = false;
    this.#take("release", { last: this.#at - Math.min(this.#activity.quiet * FRAME_MS, LET_GO) });
  }

  /** Stop what is said and what is thought about. */
  stop() {
    this.#stopping ??= this.#answers.stop().then(() => {
      this.#stopping = null;
      this.#compare();
    });
    return this.#stopping;
  }

  /** @param {any} frame or that the connection is open again, which may have swallowed a question */
  take(frame) {
    if (this.#is === "off") return;
    if (frame.type === "opened") this.#hearing.refused(0);
    else if (frame.type === "listen") this.#invite(frame);
    else if (frame.type === "error" && frame.action === "listen") this.#refused(frame);
    else this.#answers.take(frame);
  }

  /** @param {import("../state/turn.js").Turn[]} turns */
  see(turns) {
    if (this.#is === "off") return;
    this.#answers.see(turns);
    this.#compare();
  }

  /** @param {import("./microphone.js").Captured} captured */
  #captured({ samples, power }) {
    this.#at += FRAME_MS;
    if (this.#is !== "on") return;
    const { voice, quiet } = (this.#activity = this.#listened(decibels(power)));
    const { pushing, held, voice: before } = this.#taking;
    if (!pushing && voice !== before) this.#take("voice", { on: voice, last: this.#at - quiet * FRAME_MS });
    this.#hearing.take({ samples, at: this.#at }, pushing ? held : voice);
    this.#take("tick");
    if ((this.#at / FRAME_MS) % SHOWN === 0) this.#show();
  }

  /** @param {number} level */
  #listened(level) {
    this.#level = Math.max(0, Math.min(1, (level - LOUDEST + RANGE) / RANGE));
    return listened(this.#activity, level, this.#answers.speaking);
  }

  /** @param {string} type @param {object} [more] */
  #take(type, more = {}) {
    const [next, wishes] = take(this.#taking, { type, at: this.#at, ...more });
    const seen = next !== this.#taking;
    this.#taking = next;
    wishes.forEach((wish) => this.#grant(wish));
    if (seen) this.#show();
  }

  /** @param {import("./turn-taking.js").Wish} wish */
  #grant({ do: wish, text }) {
    if (wish === "send") void this.#say(text);
    else if (wish === "again") void this.#sayAgain(text);
    else if (wish === "stop") this.#interrupt(text);
    else this.#answers.want(wish === "resume" ? "play" : wish);
  }

  /** @param {string} carried what the next turn begins with */
  #interrupt(carried) {
    if (carried) this.#instead = this.#turn;
    void this.stop();
  }

  /** @param {string} text */
  async #say(text) {
    const { last } = this.#taking;
    this.#hearing.said(last);
    if (this.#stopping) await this.#stopping;
    this.#turn = this.ends.say(text.slice(0, LONGEST), { ended: Date.now() - (this.#at - last), instead: this.#instead });
    this.#instead = "";
  }

  /** @param {string} text */
  #sayAgain(text) {
    this.#instead = this.#turn;
    void this.stop();
    return this.#say(text);
  }

  /** Tell the turn-taking how the answer stands, where that is news. */
  #compare() {
    const { is, audible, spoken } = this.#answers;
    if (this.#is === "off" || this.#stopping || (is === this.#taking.answer && audible === this.#taking.audible)) return;
    this.#take("answer", { is, audible, spoken });
  }

  /** @param {boolean} muted */
  #mute(muted) {
    this.#is = muted ? "muted" : "on";
    this.#microphone.listen(!muted);
    this.#activity = SILENT;
    this.#level = 0;
    if (muted) this.#hearing.close();
    this.#take("deaf");
  }

  /** @param {{url: string, expires_at: string}} frame */
  #invite({ url, expires_at: expires }) {
    this.#invited = true;
    this.#hearing.invited(url, Date.parse(expires));
  }

  /** @param {{code: string, message: string, retry_after_ms?: number}} error */
  #refused({ code, message, retry_after_ms: wait }) {
    if (code === "rate_limited" || this.#invited) return this.#hearing.refused(wait ?? LATER);
    this.#mute(true); // What is typed is still answered aloud.
    this.#hearing.refused(0);
    this.#tell(message);
  }

  /** @param {string} trouble */
  #tell(trouble) {
    this.#trouble = trouble;
    this.#show();
  }

  #show() {
    const { pushing, held, voice, answer, hushed, carried, transcript } = this.#taking;
    const words = answer === "none" || hushed ? pending(transcript) : [];
    const heard = { pushing, held, voice, answer, hushed: Boolean(hushed), before: carried, words };
    this.ends.show({ is: this.#is, level: this.#level, trouble: this.#trouble, ...heard });
  }
}
