// @ts-check
/**
 * The samples that wait to be heard. Playing begins with 40 ms of them, and so it does again after a gap; what is counted
 * is what was really played.
 *
 * Its loudness follows a wish in a ramp, since a cut would click; a stop drops all that waits at the ramp's end.
 */

const RATE = 16_000;
const JITTER = 0.04 * RATE;
const WAIT = 10; // Blocks of 8 ms: what is shorter than the buffer is all there is.
const LEVELS = { play: 1, duck: 0.1, pause: 0, stop: 0 };
const RAMPS = { play: 0.12 * RATE, duck: 0.008 * RATE, pause: 0.02 * RATE, stop: 0.008 * RATE };

/** @typedef {keyof typeof LEVELS} Wish */

export class Ring {
  #samples = new Float32Array(4 * RATE);
  #read = 0;
  #flowing = false;
  #waited = 0;
  #level = 1;
  /** @type {Wish} */ #wish = "play";
  buffered = 0;
  played = 0;

  /** @param {Float32Array} samples */
  push(samples) {
    if (this.buffered + samples.length > this.#samples.length) this.#grow(this.buffered + samples.length);
    const start = (this.#read + this.buffered) % this.#samples.length;
    const fits = Math.min(samples.length, this.#samples.length - start);
    this.#samples.set(samples.subarray(0, fits), start);
    this.#samples.set(samples.subarray(fits), 0);
    this.buffered += samples.length;
  }

  /** @param {Wish} wish */
  want(wish) {
    this.#wish = wish;
  }

  /** Fill one block; whether it ended with the stop that was wished. @param {Float32Array} out */
  fill(out) {
    if (this.#ready()) out.forEach((_, index) => (out[index] = this.#next()));
    if (this.#wish !== "stop" || (this.#flowing && this.#level > 0 && this.buffered)) return false;
    this.buffered = this.#waited = 0;
    this.#flowing = false;
    this.#level = 1;
    this.#wish = "play";
    return true;
  }

  #ready() {
    this.#waited = this.buffered && !this.#flowing ? this.#waited + 1 : 0;
    if (this.buffered >= JITTER || this.#waited > WAIT) this.#flowing = true;
    return this.#flowing;
  }

  #next() {
    const level = LEVELS[this.#wish];
    const step = 1 / RAMPS[this.#wish];
    this.#level = this.#level < level ? Math.min(level, this.#level + step) : Math.max(level, this.#level - step);
    if (!this.#level) return 0;
    if (!this.buffered) {
      this.#flowing = false;
      return 0;
    }
    const sample = this.#samples[this.#read] * this.#level;
    this.#read = (this.#read + 1) % this.#samples.length;
    this.buffered -= 1;
    this.played += 1;
    return sample;
  }

  /** @param {number} needed */
  #grow(needed) {
    const larger = new Float32Array(2 * needed);
    const first = this.#samples.subarray(this.#read, this.#read + this.buffered);
    larger.set(first);
    larger.set(this.#samples.subarray(0, this.buffered - first.length), first.length);
    this.#samples = larger;
    this.#read = 0;
  }
}
