// @ts-check
/** Brings a microphone's rate to 16 kHz: each sample out is a windowed sinc over the ones around it. */

export const RATE = 16_000;
const CROSSINGS = 8;
const STEPS = 64; // Of the kernel, between two of its zeros.

const KERNEL = Float32Array.from({ length: CROSSINGS * STEPS + 1 }, (_, index) => {
  const x = index / STEPS;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS);
  return x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
});

export class Resampler {
  #step;
  #cut;
  #reach;
  /** @type {Float32Array} */ #held;
  #at = 0;

  /** @param {number} rate of what comes in */
  constructor(rate) {
    this.#step = rate / RATE;
    this.#cut = Math.min(1, RATE / rate) * 0.92; // What lies above half the new rate would come back as noise.
    this.#reach = Math.ceil(CROSSINGS / this.#cut);
    this.#held = new Float32Array(this.#reach);
    this.#at = this.#reach;
  }

  /** @param {Float32Array} input @returns {Float32Array} what is complete by it */
  take(input) {
    const samples = new Float32Array(this.#held.length + input.length);
    samples.set(this.#held);
    samples.set(input, this.#held.length);
    const out = [];
    for (; this.#at + this.#reach < samples.length; this.#at += this.#step) out.push(this.#value(samples, this.#at));
    const from = Math.max(0, Math.floor(this.#at) - this.#reach);
    this.#held = samples.slice(from);
    this.#at -= from;
    return Float32Array.from(out);
  }

  /** @param {Float32Array} samples @param {number} at */
  #value(samples, at) {
    let sum = 0;
    const first = Math.max(0, Math.ceil(at - this.#reach));
    for (let index = first; index <= at + this.#reach; index += 1) {
      sum += samples[index] * (KERNEL[Math.round(Math.abs(index - at) * this.#cut * STEPS)] ?? 0);
    }
    return sum * this.#cut;
  }
}
