// @ts-check
/** The loudspeaker: audio frames in their order to the player, and where the ear is back. */

import { Playout } from "./playout.js";

const RATE = 16_000;
const LATE = 320;

/** @typedef {import("./playout.js").AudioFrame} AudioFrame */

export class Speaker {
  #playout = new Playout();
  /** @type {AudioContext | null} */ #context = null;
  /** @type {AudioWorkletNode | null} */ #player = null;
  /** @type {Set<string>} */ #unwanted = new Set();
  #played = 0;
  #waiting = 0; // Samples handed over and not yet played.
  /** @type {((played: number) => void) | null} */ #stopped = null;
  /** @type {(() => void)[]} */ #held = [];
  #decoded = Promise.resolve();
  /** @type {Uint8Array[]} */ #packed = [];

  /** @param {() => void} moved the ear is somewhere else */
  constructor(moved) {
    this.moved = moved;
  }

  async open() {
    const context = (this.#context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" }));
    await context.audioWorklet.addModule(new URL("player.worklet.js", import.meta.url));
    this.#player = new AudioWorkletNode(context, "player", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#player.connect(context.destination);
    this.#player.port.onmessage = ({ data }) => this.#told(data);
    void context.resume();
  }

  get speaking() {
    return this.#waiting > 0 && !this.#stopped;
  }

  /** Whether some of *turn* is still to be heard. @param {string} turn */
  waits(turn) {
    return !this.#stopped && this.#playout.waits(turn, this.#played);
  }

  /** Where the ear is: a chunk of a turn, and the milliseconds of it. */
  get at() {
    return this.#playout.at(this.#played);
  }

  /** Milliseconds of *turn* that were played. @param {string} turn */
  heard(turn) {
    return this.#playout.heard(turn, this.#played);
  }

  /** @param {AudioFrame} frame */
  take(frame) {
    if (!this.#player || this.#unwanted.has(frame.turn)) return;
    const play = (/** @type {AudioFrame[]} */ frames) => frames.forEach((next) => this.#decode(next));
    play(this.#playout.take(frame, performance.now()));
    if (this.#playout.lacks(frame.turn)) setTimeout(() => play(this.#playout.due(frame.turn, performance.now())), LATE);
  }

  /** @param {"play" | "duck" | "pause"} wish */
  want(wish) {
    this.#player?.port.postMessage({ want: wish });
  }

  /** Fall silent and want nothing more of *turns*; says how many milliseconds of each were heard. @param {string[]} turns @returns {Promise<number[]>} */
  stop(turns) {
    turns.forEach((turn) => this.#unwanted.add(turn));
    if (!this.#player || this.#stopped) return Promise.resolve(turns.map((turn) => this.heard(turn)));
    this.#player.port.postMessage({ want: "stop" });
    return new Promise((resolve) => {
      this.#stopped = (played) => resolve(turns.map((turn) => this.#playout.heard(turn, played)));
    });
  }

  close() {
    void this.#context?.close();
    this.#context = this.#player = null;
    this.#cleared(this.#played);
  }

  /** @param {{played: number, stopped: boolean}} told */
  #told({ played, stopped }) {
    this.#waiting -= played - this.#played;
    this.#played = played;
    if (stopped) this.#cleared(played);
    this.moved();
  }

  /** @param {number} played */
  #cleared(played) {
    this.#stopped?.(played);
    this.#stopped = null;
    this.#playout.cleared();
    this.#played = this.#waiting = 0;
    this.#held.splice(0).forEach((push) => push());
  }

  /** @param {AudioFrame} frame */
  #decode({ turn, chunk, format, data, last }) {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    if (format === "pcm_16000") return this.#push(turn, chunk, Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 32_768));
    this.#packed.push(bytes);
    if (last) this.#unpack(turn, chunk, new Blob(/** @type {BlobPart[]} */ (this.#packed.splice(0))));
  }

  /** An MP3 is decoded whole; chunks stay in their order. @param {string} turn @param {number} chunk @param {Blob} packed */
  #unpack(turn, chunk, packed) {
    this.#decoded = this.#decoded.then(async () => {
      const audio = await this.#context?.decodeAudioData(await packed.arrayBuffer()).catch(() => undefined);
      if (audio && !this.#unwanted.has(turn)) this.#push(turn, chunk, audio.getChannelData(0));
    });
  }

  /** What comes while the player falls silent is pushed when it has. @param {string} turn @param {number} chunk @param {Float32Array} samples */
  #push(turn, chunk, samples) {
    if (this.#stopped) return void this.#held.push(() => this.#push(turn, chunk, samples));
    if (!samples.length) return;
    this.#playout.pushed(turn, chunk, samples.length);
    this.#waiting += samples.length;
    this.#player?.port.postMessage({ samples });
  }
}
