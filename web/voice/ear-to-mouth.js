// @ts-check
/** From the end of what was said to the first sample of the answer: each step begins where the one before it ended. */

import { h } from "../views/dom.js";
import { duration } from "../views/words.js";

/** @typedef {{name: string, stage: string, start: number, end: number}} Step */

/** The steps that are known, in milliseconds from the end of what was said. @param {import("../state/turn.js").Ear} ear @param {number} [token] when the first token was there, after admission @returns {Step[]} */
export function steps({ ended, sent, text, audio, played }, token) {
  const moments = [
    { name: "turn sent", stage: "recall_long", at: sent },
    { name: "first token", stage: "model_first", at: token === undefined ? undefined : sent + token },
    { name: "first words checked", stage: "moderate_output", at: text },
    { name: "first audio", stage: "synthesise", at: audio },
    { name: "first sample played", stage: "queue", at: played },
  ];
  let start = 0;
  return moments.flatMap(({ name, stage, at }) => {
    if (at === undefined) return [];
    const step = { name, stage, start, end: Math.max(start, at - ended) };
    start = step.end;
    return [step];
  });
}

/** @param {import("../state/turn.js").Ear} ear @param {number} [token] */
export function earToMouth(ear, token) {
  const found = steps(ear, token);
  const length = Math.max(1, found.at(-1)?.end ?? 1);
  const caption = h("caption", { class: "unseen" }, "From the end of what you said to the first sample of the answer");
  return h("div", { class: "chart ear" }, h("h4", {}, "From your last word to my first"), h("table", {}, caption, h("tbody", {}, ...found.map((step) => row(step, length)))));
}

/** @param {Step} step @param {number} length */
function row({ name, stage, start, end }, length) {
  const bar = h("b", { class: "bar critical", "data-stage": stage });
  bar.style.left = `${(start / length) * 100}%`;
  bar.style.width = `${((end - start) / length) * 100}%`;
  const words = h("span", { class: "unseen" }, `until ${duration(end)}`);
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "track" }, words, bar), h("td", { class: "number" }, duration(end - start)));
}
