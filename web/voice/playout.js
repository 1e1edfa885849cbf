// @ts-check
/**
 * Which samples are whose: puts audio frames in the order of chunk and part, and says how much of each turn was played.
 *
 * The player counts samples and knows no turns; here it is known at which count each turn's pieces begin.
 */

const PATIENCE = 300;
const PER_MS = 16;

/** @typedef {{turn: string, chunk: number, part: number, format: string, data: string, last: boolean}} AudioFrame */
/** @typedef {{turn: string, chunk: number, from: number, length: number}} Piece */

export class Playout {
  /** @type {Map<string, {next: [number, number], held: AudioFrame[], since: number}>} */ #turns = new Map();
  /** @type {Piece[]} */ #pieces = [];
  #pushed = 0;

  /** The frames that are next by this one, in order. @param {AudioFrame} frame @param {number} now @returns {AudioFrame[]} */
  take(frame, now) {
    const turn = this.#turns.get(frame.turn) ?? { next: /** @type {[number, number]} */ ([0, 0]), held: [], since: now };
    this.#turns.set(frame.turn, turn);
    const known = turn.held.some(({ chunk, part }) => chunk === frame.chunk && part === frame.part);
    if (before(frame, turn.next) || known) return [];
    if (!turn.held.length) turn.since = now;
    turn.held.push(frame);
    turn.held.sort((one, other) => one.chunk - other.chunk || one.part - other.part);
    return this.due(frame.turn, now);
  }

  /** What can be played of *turn* now: what is next, or what comes after a frame that was waited for long enough. @param {string} turn @param {number} now @returns {AudioFrame[]} */
  due(turn, now) {
    const waiting = this.#turns.get(turn);
    if (!waiting) return [];
    const ready = [];
    while (waiting.held.length && (isNext(waiting.held[0], waiting.next) || now - waiting.since >= PATIENCE)) {
      const frame = /** @type {AudioFrame} */ (waiting.held.shift());
      waiting.next = frame.last ? [frame.chunk + 1, 0] : [frame.chunk, frame.part + 1];
      ready.push(frame);
    }
    return ready;
  }

  /** Whether frames of *turn* wait for one before them. @param {string} turn */
  lacks(turn) {
    return Boolean(this.#turns.get(turn)?.held.length);
  }

  /** Note that *length* samples of a chunk were handed to the player. @param {string} turn @param {number} chunk @param {number} length */
  pushed(turn, chunk, length) {
    this.#pieces.push({ turn, chunk, from: this.#pushed, length });
    this.#pushed += length;
  }

  /** Begin to count anew: the player has dropped what it had. */
  cleared() {
    this.#pieces = [];
    this.#pushed = 0;
  }

  /** Whether some of *turn* comes after the first *played* samples. @param {string} turn @param {number} played */
  waits(turn, played) {
    return this.#pieces.some((piece) => piece.turn === turn && piece.from + piece.length > played);
  }

  /** Milliseconds of *turn* in the first *played* samples. @param {string} turn @param {number} played */
  heard(turn, played) {
    const own = this.#pieces.filter((piece) => piece.turn === turn);
    return Math.round(own.reduce((sum, { from, length }) => sum + Math.min(Math.max(played - from, 0), length), 0) / PER_MS);
  }

  /** Where the ear is: the chunk that is played at *played*, and the milliseconds of it. @param {number} played @returns {{turn: string, chunk: number, ms: number} | undefined} */
  at(played) {
    const piece = this.#pieces.findLast(({ from }) => from <= played);
    if (!piece || played >= this.#pushed) return undefined;
    const first = /** @type {Piece} */ (this.#pieces.find(({ turn, chunk }) => turn === piece.turn && chunk === piece.chunk));
    return { turn: piece.turn, chunk: piece.chunk, ms: (played - first.from) / PER_MS };
  }
}

/** @param {AudioFrame} frame @param {[number, number]} next */
const before = ({ chunk, part }, [nextChunk, nextPart]) => chunk < nextChunk || (chunk === nextChunk && part < nextPart);

/** @param {AudioFrame} frame @param {[number, number]} next */
const isNext = ({ chunk, part }, [nextChunk, nextPart]) => chunk === nextChunk && part === nextPart;
