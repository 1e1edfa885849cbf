// @ts-check
/**
 * Whether somebody speaks, from the power of the microphone's frames alone.
 *
 * The floor is the quietest moment of the last seconds: every voice has pauses, a noise has none. What stands out of it is
 * a voice; while the companion is heard it has to stand out further, because a little of that comes back.
 */

export const FRAME_MS = 16;
const MEMORY = 150; // Frames: 2.4 s.
const QUIETEST = -60; // A room so quiet, or a microphone that gives nothing between words, is no measure.
const STANDS_OUT = 10;
const GOES_ON = 6;
const ECHO = 8;
const ONSET = 2; // Of three frames: a voice is hushed for before 50 ms are over, a click is not.
const WINDOW = 3;
const PAUSE = 10; // Frames between words that are no end.

/** @typedef {{levels: number[], quiet: number, voice: boolean}} Activity *quiet*: frames since the last voice */

/** @type {Activity} */
export const SILENT = { levels: Array(MEMORY).fill(QUIETEST), quiet: 0, voice: false };

/** Decibels below full scale. @param {number} power the mean of the squares, 1 at most */
export const decibels = (power) => Math.max(-90, 10 * Math.log10(power + 1e-12));

/** Hear one frame of *level* dB, with the companion *playing* or not. @param {Activity} activity @param {number} level @param {boolean} playing @returns {Activity} */
export function listened({ levels, quiet, voice }, level, playing) {
  const known = [...levels.slice(1), level];
  const floor = Math.max(QUIETEST, Math.min(...known)) + (playing ? ECHO : 0);
  const onset = known.slice(-WINDOW).filter((one) => one >= floor + STANDS_OUT).length >= ONSET;
  const still = (voice ? level >= floor + GOES_ON : onset) ? 0 : quiet + 1;
  return { levels: known, quiet: still, voice: voice ? still < PAUSE : onset };
}
