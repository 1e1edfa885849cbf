// @ts-check
/** Reads `done.timings`: the stages on one time axis, and which of them the first word had to wait for. */

/** @typedef {Record<string, [number, number]>} Timings */
/** @typedef {{stage: string, start: number, end: number}} Span */

export const STAGES = [
  "queue", "moderate_input", "recall_recent", "recall_long", "model_first", "model", "moderate_output", "synthesise",
];

/** The stages that ran, in the order in which they can. @param {Timings} timings @returns {Span[]} */
export function spans(timings) {
  return STAGES.filter((stage) => timings[stage]).map((stage) => ({ stage, start: timings[stage][0], end: timings[stage][1] }));
}

/** Where the axis ends. @param {Timings} timings */
export const total = (timings) => Math.max(...Object.values(timings).map(([, end]) => end), 0.1);

/** When the first word was out, from admission; undefined where none came. @param {Timings} timings @returns {number | undefined} */
export const firstWord = (timings) => timings.first_text?.[1];

/** What the first word waited for, end to end. @param {Timings} timings @returns {Span[]} */
export function criticalPath(timings) {
  const first = firstWord(timings);
  if (first === undefined) return [];
  const path = gatedByInput(timings, first) ? [timed(timings, "queue"), timed(timings, "moderate_input")] : throughModel(timings, first);
  return path.filter((span) => span !== undefined && span.end > span.start);
}

/**
 * Whether the answer was there before what was asked had been judged: then the first word went out with that verdict.
 * @param {Timings} timings @param {number} first
 */
function gatedByInput({ moderate_input: input, moderate_output: output }, first) {
  if (!input) return false;
  const answered = output ? input[1] > output[0] : true;
  return answered && first - input[1] <= Math.max(1, first / 20);
}

/** @param {Timings} timings @param {number} first @returns {any[]} */
function throughModel(timings, first) {
  const recall = later(timed(timings, "recall_recent"), timed(timings, "recall_long"));
  const token = timed(timings, "model_first");
  const judged = timings.moderate_output?.[0] ?? first;
  return [
    timed(timings, "queue"),
    recall,
    token,
    token && { stage: "model", start: token.end, end: judged },
    timings.moderate_output && { stage: "moderate_output", start: judged, end: first },
  ];
}

/** @param {Timings} timings @param {string} stage @returns {Span | undefined} */
const timed = (timings, stage) => timings[stage] && { stage, start: timings[stage][0], end: timings[stage][1] };

/** @param {Span | undefined} one @param {Span | undefined} other */
const later = (one, other) => (!one || (other && other.end > one.end) ? other : one);

/** Round marks for an axis of that length, four at most. @param {number} length @returns {number[]} */
export function marks(length) {
  const rough = length / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = /** @type {number} */ ([1, 2, 5, 10].find((factor) => factor * power >= rough)) * power;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
