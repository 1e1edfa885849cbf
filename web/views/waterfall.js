// @ts-check
/** Where the milliseconds of an answer went: a strip as thin as a line of text, and the labelled chart behind it. */

import { criticalPath, firstWord, marks, spans, total } from "../state/timings.js";
import { h } from "./dom.js";
import { duration } from "./words.js";

/** @typedef {import("../state/timings.js").Timings} Timings */
/** @typedef {import("../state/timings.js").Span} Span */

const NAMES = {
  queue: "queue", moderate_input: "check your words", recall_recent: "recent turns", recall_long: "long-term memory",
  model_first: "model, first token", model: "model", moderate_output: "check the answer", synthesise: "voice",
};

/** @param {string} stage */
const named = (stage) => NAMES[/** @type {keyof typeof NAMES} */ (stage)];

/** One line a stage, two pixels each: a picture beside words that say the same. @param {Timings} timings */
export function strip(timings) {
  const length = total(timings);
  const lines = spans(timings).map((span) => h("i", {}, bar(span, length)));
  return h("span", { class: "strip", "aria-hidden": "true" }, ...lines);
}

/** @param {Timings} timings */
export function summary(timings) {
  const first = firstWord(timings);
  return first === undefined ? `${duration(total(timings))} in all` : `${duration(first)} to first word`;
}

/** @param {Timings} timings */
export function chart(timings) {
  const length = total(timings);
  const path = criticalPath(timings);
  const rows = spans(timings).map((span) => row(span, path, length));
  return h(
    "div",
    { class: "chart" },
    h("div", { class: "plot" }, table(rows), h("div", { class: "axis", "aria-hidden": "true" }, ...axis(timings, length))),
    path.length > 0 && told(path),
  );
}

/** @param {HTMLElement[]} rows */
function table(rows) {
  const names = ["Stage", "From and to", "Duration"].map((name) => h("th", { scope: "col" }, name));
  const head = h("thead", { class: "unseen" }, h("tr", {}, ...names));
  return h("table", {}, h("caption", { class: "unseen" }, "Stages of this answer"), head, h("tbody", {}, ...rows));
}

/** @param {Span} span @param {Span[]} path @param {number} length */
function row(span, path, length) {
  const critical = path.filter(({ stage }) => stage === span.stage).map((part) => bar(part, length, "critical"));
  const words = `${duration(span.start)} to ${duration(span.end)}${critical.length ? ", on the critical path" : ""}`;
  return h(
    "tr",
    { class: critical.length ? "on-path" : null },
    h("th", { scope: "row" }, named(span.stage)),
    h("td", { class: "track" }, h("span", { class: "unseen" }, words), bar(span, length), ...critical),
    h("td", { class: "number" }, duration(span.end - span.start)),
  );
}

/** @param {Span} span @param {number} length @param {string} [kind] */
function bar({ stage, start, end }, length, kind = "") {
  const element = h("b", { class: `bar ${kind}`, "data-stage": stage });
  element.style.left = `${(start / length) * 100}%`;
  element.style.width = `${((end - start) / length) * 100}%`;
  return element;
}

/** @param {Timings} timings @param {number} length @returns {HTMLElement[]} */
function axis(timings, length) {
  const lines = marks(length).map((at) => mark(at, length, length < 1_000 ? `${+at.toFixed(2)} ms` : `${at / 1_000} s`, "tick"));
  const first = firstWord(timings);
  return first === undefined ? lines : [...lines, mark(first, length, "first word", "first-word")];
}

/** @param {number} at @param {number} length @param {string} label @param {string} kind */
function mark(at, length, label, kind) {
  const element = h("span", { class: kind }, h("b", {}, label));
  element.style.left = `${(at / length) * 100}%`;
  return element;
}

/** @param {Span[]} path */
function told(path) {
  const steps = path.map(({ stage, start, end }) => h("li", {}, swatch(stage), `${named(stage)} ${duration(end - start)}`));
  return h("div", { class: "path" }, h("h4", {}, "Critical path to the first word"), h("ol", {}, ...steps));
}

/** @param {string} stage */
const swatch = (stage) => h("b", { class: "swatch", "data-stage": stage, "aria-hidden": "true" });
