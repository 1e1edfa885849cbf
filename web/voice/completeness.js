// @ts-check
/** What words alone tell of a turn: whether a thought is whole, whether it only says "go on", whether it is our own voice. */

/** @typedef {"whole" | "unclear" | "open"} Completeness */

const DANGLING = new Set(
  "a an and are as at because but by er for from i i'm if in is it's my of on or our so than that the their to uh um was were which who with your".split(" "),
);
const SHORT = new Set("bye goodbye hello hey hi no nope okay ok please sure stop thanks thank you wait what who why yes yeah yep".split(" "));
const GO_ON = new Set("ah aha alright cool hm hmm huh mhm mm mmhm mmm nice oh ok okay right sure uh uhhuh um wow yeah yep yes".split(" "));
const ECHOED = 0.75;

/** @param {string} text @returns {string[]} */
export const words = (text) => text.toLowerCase().replaceAll("’", "'").match(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu) ?? [];

/** Whether two texts say the same; case and punctuation say nothing. @param {string} one @param {string} other */
export const same = (one, other) => words(one).join(" ") === words(other).join(" ");

/** @param {string} text @returns {Completeness} */
export function completeness(text) {
  const said = words(text);
  if (said.length <= 2 && said.every((word) => SHORT.has(word))) return "whole";
  if (/[,;:–—-]\s*$/.test(text) || DANGLING.has(said.at(-1) ?? "")) return /[?!]\s*$/.test(text) ? "whole" : "open";
  return /[.?!…]["'”’)]*\s*$/.test(text) ? "whole" : "unclear";
}

/** Whether *text* only encourages who is speaking: "mm-hm", "yeah, okay". @param {string} text */
export const encourages = (text) => words(text).every((word) => GO_ON.has(word));

/** Whether *text* is what the loudspeaker says just now, come back by the microphone. @param {string} text @param {string} spoken */
export function echoes(text, spoken) {
  const [heard, said] = [words(text), words(spoken)];
  let from = 0;
  const found = heard.filter((word) => {
    const at = said.indexOf(word, from);
    if (at >= 0) from = at + 1;
    return at >= 0;
  });
  return heard.length > 0 && found.length / heard.length >= ECHOED;
}
