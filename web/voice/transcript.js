// @ts-check
/**
 * What was understood and is not yet said: results as they come, partial and final, in words with their times.
 *
 * A turn takes the words up to a moment, not a number of them: the final of the same result comes long after, with more or
 * fewer words than the partial that was taken.
 */

/** @typedef {{text: string, stable: boolean, end: number}} Word *end*: milliseconds of capture time */
/** @typedef {{id: string, words: Word[], final: boolean, from: number, taken: number, said: string}} Result_ *said*: what was taken between *from* and *taken* */
/** @typedef {{results: Result_[], changed: number, lag: number}} Transcript *changed*: when other words came last, *lag*: how long after the last of them ended */

const JITTER = 100;

/** @type {Transcript} */
export const NOTHING = { results: [], changed: 0, lag: 0 };

/** @param {any} result as Transcribe tells it @param {(seconds: number) => number} captured stream time as capture time @returns {Word[]} */
export function wordsOf({ Alternatives: alternatives, IsPartial: partial }, captured) {
  /** @type {Word[]} */
  const words = [];
  for (const { Type: type, Content: text, EndTime: end, Stable: stable } of alternatives?.[0]?.Items ?? []) {
    const last = words.at(-1);
    if (type !== "punctuation") words.push({ text, stable: stable ?? !partial, end: captured(end) });
    else if (last) words[words.length - 1] = { ...last, text: last.text + text };
  }
  return words;
}

/** @param {Transcript} transcript @param {{id: string, words: Word[], final: boolean}} result @param {number} at @returns {Transcript} */
export function heard({ results, changed, lag }, result, at) {
  const before = found(results, result.id);
  const next = { from: 0, taken: -JITTER, said: "", ...before, ...result };
  const others = before ? results.map((other) => (other === before ? next : other)) : [...results, next];
  if (before && text(before.words) === text(next.words)) return { results: others, changed, lag };
  return { results: others, changed: at, lag: Math.max(0, at - (next.words.at(-1)?.end ?? at)) };
}

/** @param {Result_[]} results @param {string} id */
const found = (results, id) => results.find((result) => result.id === id);

/** What was taken of the result *id* while it was partial, and how that reads now. @param {Transcript} transcript @param {string} id @returns {[string, string]} */
export function reread({ results }, id) {
  const result = found(results, id);
  return result ? [result.said, text(after(result.words, result.from))] : ["", ""];
}

/** @param {Word[]} words @param {number} moment */
const after = (words, moment) => words.filter(({ end }) => end > moment + JITTER);

/** The words that no turn has taken yet. @param {Transcript} transcript */
export const pending = ({ results }) => results.flatMap(({ words, taken }) => after(words, taken));

/** @param {Word[]} words */
export const text = (words) => words.map((word) => word.text).join(" ");

/** Take all words as said; what is final is done with. @param {Transcript} transcript @returns {Transcript} */
export function taken({ results, ...rest }) {
  const open = results.filter(({ final: done }) => !done);
  return { results: open.map((result) => ({ ...result, from: result.taken, taken: result.words.at(-1)?.end ?? result.taken, said: text(after(result.words, result.taken)) })), ...rest };
}

/** Whether nothing of what is pending will change any more. @param {Transcript} transcript */
export const settled = (transcript) => final(transcript) || pending(transcript).every(({ stable }) => stable);

/** @param {Transcript} transcript */
export const final = ({ results }) => results.every((result) => result.final);

/** Forget what was partial: its stream is lost, and another one hears it again. @param {Transcript} transcript @returns {Transcript} */
export const lost = ({ results, ...rest }) => ({ results: results.filter((result) => result.final), ...rest });
