// @ts-check
/** A spoken conversation: the microphone's frames and the recogniser's results to the turn-taking, and its wishes to the answers. */

import { FRAME_MS } from "./activity.js";
import { Answers } from "./answers.js";
import { Ears } from "./ears.js";
import { pending } from "./transcript.js";
import { QUIET, take } from "./turn-taking.js";

const LONGEST = 4_000; // Characters of a turn.
const SHOWN = 4; // Frames between two looks at the level.
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
  #ears;
  #taking = QUIET;
  /** @type {Shown["is"]} */ #is = "off";
  #trouble = "";
  #pressed = false;
  #turn = "";
  #instead = "";
  /** @type {Promise<void> | null} */ #stopping = null;

  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    this.#answers = new Answers({ ...ends, moved: () => this.#compare() });
    this.#ears = new Ears({
      ...ends,
      playing: () => this.#answers.speaking,
      pushed: () => (this.#taking.pushing ? this.#taking.held : undefined),
      heard: (type, more) => this.#heard(type, more),
      hears: (well) => this.#tell(well ? "" : DEAF),
      deaf: (why) => this.#deaf(why),
      gone: () => this.#gone(),
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
      await this.#ears.open();
      await this.#answers.open();
      if (this.#is === "starting") this.#is = "on";
      else if (!this.on) this.end(); // It was ended while the browser still asked.
    } catch (error) {
      this.end();
      this.#tell(/** @type {Error} */ (error).message);
    }
    this.#show();
  }

  /** Close them; an answer that was being spoken goes on in silence. */
  end() {
    this.#is = "off";
    this.#ears.close();
    this.#answers.close();
    this.#taking = QUIET;
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
    this.#take("release", { last: this.#ears.last });
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
    if (this.#is === "off" || this.#ears.take(frame)) return;
    this.#answers.take(frame);
  }

  /** @param {import("../state/turn.js").Turn[]} turns */
  see(turns) {
    if (this.#is === "off") return;
    this.#answers.see(turns);
    this.#compare();
  }

  /** @param {string} type @param {any} [more] */
  #heard(type, more) {
    if (type === "voice" && more.on === this.#taking.voice) return;
    this.#take(type, { ...more, spoken: this.#answers.spoken });
    if (type === "tick" && (this.#ears.at / FRAME_MS) % SHOWN === 0) this.#show();
  }

  /** @param {string} type @param {object} [more] */
  #take(type, more = {}) {
    const [next, wishes] = take(this.#taking, { type, at: this.#ears.at, ...more });
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
    this.#ears.said(last);
    if (this.#stopping) await this.#stopping;
    this.#turn = this.ends.say(text.slice(0, LONGEST), { ended: Date.now() - (this.#ears.at - last), instead: this.#instead });
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
    this.#ears.listen(!muted);
    this.#take("deaf");
  }

  /** Without a recogniser what is typed is still answered aloud. @param {string} why */
  #deaf(why) {
    this.#mute(true);
    this.#tell(why);
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
    this.ends.show({ is: this.#is, level: this.#ears.level, trouble: this.#trouble, ...heard });
  }
}
