// @ts-check
/** One memory in the panel: its words, its dates, what it replaced; forgetting it leaves ten seconds for a second thought. */

import { Keyed, h, place, say } from "./dom.js";
import { Editor } from "./editor.js";
import { because, day, otherwise, seconds } from "./words.js";

/** @typedef {import("../state/memory.js").Record_} Record_ */
/** @typedef {"forget" | "undo" | "edit" | "keep"} Act */
/** @typedef {Record<Act, (memory: string) => void> & {correct: (memory: string, text: string) => void}} Wishes */
/**
 * @typedef {object} Entry
 * @property {Record_} record
 * @property {Entry[]} before what it replaced, the newest first
 * @property {Record_ | undefined} now what replaced it, where that is not shown
 * @property {boolean} found whether what it replaced is what was searched for
 * @property {string[] | undefined} why what found it for the last answer
 * @property {import("../state/memory.js").Forgetting | undefined} leaving
 * @property {import("../state/memory.js").Correcting | undefined} correcting
 */

const SOON = 60 * 86_400_000;

export class RecordView {
  #text = h("p", { class: "what" });
  #why = h("p", { class: "why" });
  #dates = h("span", { class: "dates" });
  #was = h("button", { type: "button", class: "was", "aria-expanded": "false" });
  #edit = h("button", { type: "button", class: "quiet" }, "correct");
  #forget = h("button", { type: "button", class: "quiet" }, "forget");
  #kept = h("div", { class: "meta" }, h("p", {}, this.#dates, this.#was), h("span", { class: "acts" }, this.#edit, this.#forget));
  #count = h("span", {});
  #undo = h("button", { type: "button", class: "quiet" }, "undo");
  #leaving = h("p", { class: "leaving" }, this.#count, this.#undo);
  #older = h("ul", { class: "older", hidden: true });
  /** @type {"kept" | "leaving" | "correcting" | ""} */ #face = "";
  #unfolded = false;

  /** @param {Entry} entry @param {Wishes} wishes */
  constructor({ record: { memory } }, wishes) {
    this.editor = new Editor(`trouble-${memory}`, { save: (text) => wishes.correct(memory, text), leave: () => wishes.keep(memory) });
    this.before = new Keyed((/** @type {Entry} */ older) => new RecordView(older, wishes));
    this.node = h("li", { class: "record" }, this.#text, this.editor.node, this.#kept, this.#leaving, this.#why, this.#older);
    this.#edit.addEventListener("click", () => wishes.edit(memory));
    this.#forget.addEventListener("click", () => wishes.forget(memory));
    this.#undo.addEventListener("click", () => wishes.undo(memory));
    this.#was.addEventListener("click", () => this.#fold(!this.#unfolded));
  }

  /** @param {Entry} entry @param {number} now */
  show(entry, now) {
    const { record, leaving, correcting, why } = entry;
    say(this.#text, record.text);
    say(this.#dates, dates(entry, now));
    say(this.#why, why ? `just recalled by ${because(why) || "what it says"}` : "");
    this.node.classList.toggle("closed", Boolean(record.until));
    this.node.classList.toggle("replied", record.speaker === "companion");
    this.node.classList.toggle("recalled-now", Boolean(why));
    this.#edit.setAttribute("aria-label", `Correct: ${record.text}`);
    this.#forget.setAttribute("aria-label", `Forget: ${record.text}`);
    this.#replaced(entry, now);
    this.#turn(leaving ? "leaving" : correcting ? "correcting" : "kept", record.text);
    if (correcting) this.editor.show(correcting);
    if (leaving) say(this.#count, leaving.sent ? "Forgetting it" : `Forgotten in ${seconds(leaving.due, now)} s, with what was made of it`);
    this.#undo.hidden = Boolean(leaving?.sent);
  }

  /** @param {Entry} entry @param {number} now */
  #replaced({ record, before, found }, now) {
    this.#was.hidden = !before.length;
    if (before.length) say(this.#was, `was ${otherwise(before[0].record.text, record.text)}`);
    place(this.#older, this.before.show(before.map((older) => [older.record.memory, older]), now));
    this.#older.hidden = !before.length || !(this.#unfolded || found);
    this.#was.ariaExpanded = String(!this.#older.hidden);
  }

  /** @param {boolean} unfolded */
  #fold(unfolded) {
    this.#unfolded = unfolded;
    this.#older.hidden = !unfolded;
    this.#was.ariaExpanded = String(unfolded);
  }

  /** Show one of the three faces, and keep the focus where the person's hands are. @param {"kept" | "leaving" | "correcting"} face @param {string} text */
  #turn(face, text) {
    const before = this.#face;
    if (face === before) return;
    const focused = before !== "" && [this.#kept, this.#leaving, this.editor.node].some((part) => part.contains(document.activeElement));
    this.#face = face;
    this.node.classList.toggle("going", face === "leaving");
    this.#text.hidden = this.#kept.hidden = face === "correcting";
    this.#kept.hidden = face !== "kept";
    this.#leaving.hidden = face !== "leaving";
    this.editor.node.hidden = face !== "correcting";
    if (face === "correcting") this.editor.open(text);
    else if (focused && face === "leaving") this.#undo.focus();
    else if (focused) (before === "correcting" ? this.#edit : this.#forget).focus();
  }
}

/** @param {Entry} entry @param {number} now */
function dates({ record: { kind, speaker, at, from, until, expires }, now: newer, record }, now) {
  const since = kind === "fact" ? `since ${day(from ?? at, now)}` : `${who(speaker)}${day(at, now)}`;
  if (kind !== "fact" && until) return `${since} · put right ${day(until, now)}, no longer recalled`;
  const ends = until ? `until ${day(until, now)}` : "";
  const is = newer && `now ${otherwise(newer.text, record.text)}`;
  const keeps = expires && !ends && Date.parse(expires) - now < SOON ? `kept until ${day(expires, now)}` : "";
  return [ends ? [from && day(from, now), ends].filter(Boolean).join(" ") : since, is, keeps].filter(Boolean).join(" · ");
}

/** @param {string} speaker */
const who = (speaker) => (speaker ? `${speaker === "user" ? "you" : speaker}, ` : "");
