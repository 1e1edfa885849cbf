// @ts-check
/** One stream to the recogniser: frames out, results back, with its own time told as the time of capture. */

import { FRAME_MS } from "./activity.js";
import { audioEvent, read } from "./event-stream.js";
import { wordsOf } from "./transcript.js";

const SIGN = 1_000 / FRAME_MS;

/** @typedef {{samples: Int16Array, at: number}} Frame *at*: the end of its capture, in ms */
/** @typedef {{id: string, words: import("./transcript.js").Word[], final: boolean, end: number}} Understood */
/** @typedef {{opened: () => void, understood: (result: Understood) => void, lost: () => void}} Ends */

export class Stream {
  /** Where a silence was not sent, so that the next frame was captured later. @type {{index: number, at: number}[]} */ #cuts = [];
  #count = 0;
  #last = 0;

  /** @param {WebSocket} socket @param {string} name of this stream, before its results' own @param {Ends} ends */
  constructor(socket, name, ends) {
    this.name = name;
    this.socket = socket;
    this.ends = ends;
    socket.binaryType = "arraybuffer";
    socket.onopen = ends.opened;
    socket.onmessage = ({ data }) => this.#read(data);
    socket.onclose = () => this.#lost();
  }

  get open() {
    return this.socket.readyState === 1;
  }

  /** @param {Frame[]} frames */
  send(frames) {
    const samples = new Int16Array(frames.reduce((sum, frame) => sum + frame.samples.length, 0));
    let offset = 0;
    for (const frame of frames) {
      samples.set(frame.samples, offset);
      offset += frame.samples.length;
      if (!this.#count || frame.at - this.#last !== FRAME_MS) this.#cuts.push({ index: this.#count, at: frame.at });
      this.#last = frame.at;
      this.#count += 1;
    }
    this.socket.send(audioEvent(samples));
  }

  /** Leave: what is on its way is not awaited. */
  close() {
    this.socket.onmessage = this.socket.onclose = null;
    if (this.open) this.socket.send(audioEvent(new Int16Array()));
    this.socket.close();
  }

  /** @param {ArrayBuffer} data */
  #read(data) {
    const { kind, body } = read(data);
    if (kind !== "event") return this.#lost();
    for (const result of body.Transcript?.Results ?? []) {
      const words = wordsOf(result, (seconds) => this.#captured(seconds));
      this.ends.understood({ id: `${this.name}.${result.ResultId}`, words, final: !result.IsPartial, end: this.#captured(result.EndTime) });
    }
  }

  #lost() {
    this.close();
    this.ends.lost();
  }

  /** When the moment after so many *seconds* of this stream was captured. @param {number} seconds */
  #captured(seconds) {
    const index = Math.max(0, Math.ceil(seconds * SIGN) - 1);
    const cut = this.#cuts.findLast((one) => one.index <= index) ?? { index: 0, at: 0 };
    return cut.at + (index - cut.index) * FRAME_MS;
  }
}
