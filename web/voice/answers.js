// @ts-check
/** The answers that are spoken: which are still to be heard, by whose voice, and how much of one was heard when it is stopped. */

import { open, reply } from "../state/turn.js";
import { highlight } from "./highlight.js";
import { Reader } from "./reader.js";
import { Speaker } from "./speaker.js";

/** @typedef {import("../state/turn.js").Turn} Turn */
/** @typedef {import("../state/turn.js").Heard} Heard */

export class Answers {
  #speaker = new Speaker(() => this.#moved());
  #reader = new Reader(() => this.#moved());
  /** @type {Turn[]} */ #turns = [];
  /** When each word of a chunk is said. @type {Map<string, [number, number, number][]>} */ #marks = new Map();
  /** @type {Set<string>} */ #seen = new Set();
  /** @type {Set<string>} */ #audible = new Set();
  spoken = "";

  /** @param {{language: string, stop: (turn: string, heard: Heard) => void, note: (turn: string, moment: "audio" | "played") => void, moved: () => void}} ends */
  constructor(ends) {
    this.ends = ends;
  }

  open() {
    return this.#speaker.open();
  }

  get speaking() {
    return this.#speaker.speaking || this.#reader.speaking;
  }

  /** Whether somebody waits for an answer, and hears one. @returns {"none" | "thinking" | "speaking"} */
  get is() {
    if (this.speaking) return "speaking";
    return this.#turns.some((turn) => open(turn) && !turn.stopping) ? "thinking" : "none";
  }

  /** Whether anything of the newest answer was heard. */
  get audible() {
    return this.#audible.has(this.#turns.at(-1)?.id ?? "");
  }

  /** @param {any} frame */
  take(frame) {
    if (frame.type === "marks") this.#marks.set(`${frame.turn} ${frame.chunk}`, frame.words);
    if (frame.type !== "audio") return;
    if (!this.#seen.has(frame.turn)) this.ends.note(frame.turn, "audio");
    this.#seen.add(frame.turn);
    this.#speaker.take(frame);
  }

  /** @param {Turn[]} turns all that were said */
  see(turns) {
    this.#turns = turns.filter(({ voice }) => voice);
    for (const turn of this.#turns) if (this.#mute(turn)) this.#reader.take(turn.id, reply(turn), this.ends.language);
    this.#where();
  }

  /** @param {"play" | "duck" | "pause"} wish */
  want(wish) {
    this.#speaker.want(wish);
    this.#reader.want(wish);
  }

  /** Fall silent: every answer that is not yet heard to its end is stopped where the ear was. */
  async stop() {
    const left = this.#turns.filter((turn) => (open(turn) && !turn.stopping) || this.#speaker.waits(turn.id) || this.#reader.waits(turn.id));
    const ids = left.map(({ id }) => id);
    const read = this.#reader.stop(ids);
    const played = await this.#speaker.stop(ids);
    left.forEach((turn, index) => this.ends.stop(turn.id, this.#heard(turn, read[index], played[index])));
  }

  /** Where *turn* was stopped; what no voice was there for was seen. @param {Turn} turn @param {number} read @param {number} played @returns {Heard} */
  #heard(turn, read, played) {
    if (this.#mute(turn) && !this.#reader.reads(turn.id)) return {};
    return played ? { heard_ms: played } : { heard_chars: read };
  }

  close() {
    const ids = this.#turns.map(({ id }) => id);
    this.#reader.stop(ids);
    void this.#speaker.stop(ids);
    this.#speaker.close();
  }

  /** Whether *turn* has no voice but the browser's. @param {Turn} turn */
  #mute({ id, parts }) {
    return !this.#seen.has(id) && parts.some(({ kind }) => kind === "shed_voice");
  }

  #moved() {
    for (const { id } of this.#turns) this.#hear(id);
    this.#where();
    this.ends.moved();
  }

  /** @param {string} id */
  #hear(id) {
    if (this.#audible.has(id) || !(this.#speaker.heard(id) || this.#reader.heard(id))) return;
    this.#audible.add(id);
    this.ends.note(id, "played");
  }

  /** Keep the words around the ear: what comes back by the microphone is among them, and the one that is said is shown. */
  #where() {
    const at = this.#speaker.at;
    const turn = at ? this.#turns.find(({ id }) => id === at.turn) : this.#turns.find(({ id }) => this.#reader.waits(id));
    const texts = turn?.parts.filter(({ kind }) => kind === "text").map(({ text }) => text) ?? [];
    if (turn) this.spoken = (at ? texts.slice(Math.max(0, at.chunk - 1), at.chunk + 1) : texts).join("");
    highlight(at && this.#word(at, texts));
  }

  /** @param {{turn: string, chunk: number, ms: number}} at @param {string[]} texts @returns {import("./highlight.js").Place | undefined} */
  #word({ turn, chunk, ms }, texts) {
    const said = this.#marks.get(`${turn} ${chunk}`)?.findLast(([from]) => from <= ms);
    if (!said) return undefined;
    const points = [...(texts[chunk] ?? "")];
    return { turn, before: texts.slice(0, chunk).join("") + points.slice(0, said[1]).join(""), word: points.slice(said[1], said[2]).join("") };
  }
}
