// @ts-check
/** The microphone's end: frames of 16 ms at 16 kHz, each with its power. */

import { Resampler } from "./resampler.js";

const SAMPLES = 256;
const HUM = 0.965; // What lies below a voice is no voice: 90 Hz.

class Capture extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate);
  #frame = new Int16Array(SAMPLES);
  #filled = 0;
  #power = 0;
  #before = 0;
  #high = 0;

  /** @param {Float32Array[][]} inputs */
  process([[input]]) {
    for (const sample of this.#resampler.take(input ?? new Float32Array(128))) this.#put(sample);
    return true;
  }

  /** @param {number} sample */
  #put(sample) {
    this.#high = HUM * (this.#high + sample - this.#before);
    this.#before = sample;
    this.#power += this.#high ** 2 / SAMPLES;
    this.#frame[this.#filled] = Math.max(-1, Math.min(1, sample)) * 32_767;
    this.#filled += 1;
    if (this.#filled < SAMPLES) return;
    this.port.postMessage({ samples: this.#frame, power: this.#power });
    this.#filled = this.#power = 0;
    this.#frame = new Int16Array(SAMPLES);
  }
}

registerProcessor("capture", Capture);
