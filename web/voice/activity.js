// @ts-check
/**
 * Whether somebody speaks, from the power of the microphone's frames alone.
 *
 * The floor of a room's noise is followed down at once and up slowly; what stands out of it for some frames is a voice.
 * While the companion is heard it has to stand out further, because a little of that comes back.
 */

export const FRAME_MS = 16;
const QUIETEST = -70;
const FAINTEST = -50;
const STANDS_OUT = 10;
const GOES_ON = 6;
const ECHO = 6;
const ONSET = 4; // Frames of five: a click is over before.
const WINDOW = 5;
const PAUSE = 10; // Frames between words that are no end.
const RISE = 0.08; // dB a frame, 5 a second.
const RISE_SPOKEN_IN = 0.008;

/** @typedef {{floor: number, recent: boolean[], quiet: number, voice: boolean}} Activity */

/** @type {Activity} */
export const SILENT = { floor: QUIETEST, recent: [], quiet: 0, voice: false };

/** Decibels below full scale. @param {number} power the mean of the squares, 1 at most */
export const decibels = (power) => Math.max(QUIETEST - 20, 10 * Math.log10(power + 1e-12));

/** Hear one frame of *level* dB, with the companion *playing* or not. @param {Activity} activity @param {number} level @param {boolean} playing @returns {Activity} */
export function listened({ floor, recent, quiet, voice }, level, playing) {
  const above = level - Math.max(floor, FAINTEST - STANDS_OUT) - (playing ? ECHO : 0);
  const window = [...recent, above >= STANDS_OUT].slice(-WINDOW);
  const spoke = voice ? above >= GOES_ON : window.filter(Boolean).length >= ONSET;
  const still = spoke ? 0 : quiet + 1;
  const goes = spoke || (voice && still < PAUSE);
  return { floor: followed(floor, level, goes), recent: window, quiet: still, voice: goes };
}

/** @param {number} floor @param {number} level @param {boolean} voice */
function followed(floor, level, voice) {
  if (level < floor) return Math.max(QUIETEST, floor + (level - floor) / 4);
  return Math.min(level, floor + (voice ? RISE_SPOKEN_IN : RISE));
}
