// @ts-check
/** One memory in the panel: its words, its dates, what it replaced; forgetting it leaves ten seconds for a second thought. */

import { h, say } from "./dom.js";
import { day, seconds } from "./words.js";

/** @typedef {import("../state/memory.js").Record_} Record_ */
/** @typedef {import("../state/memory.js").Forgetting} Forgetting */
/** @typedef {{forget: (memory: string) => void, undo: (memory: string) => void}} Wishes */

const SOON = 60 * 86_400_000;

export class RecordView {
  #text = h("p", { class: "what" });
  #dates = h("span", { class: "dates" });
  #forget = h("button", { type: "button", class: "quiet forget" }, "forget");
  #kept = h("p", { class: "meta" }, this.#dates, this.#forget);
  #count = h("span", {});
  #undo = h("button", { type: "button", class: "quiet" }, "undo");
  #leaving = h("p", { class: "leaving" }, this.#count, this.#undo);
  node = h("li", { class: "record" }, this.#text, this.#kept, this.#leaving);
  /** @type {boolean | null} */ #going = null;

  /** @param {Record_} record @param {Wishes} wishes */
  constructor({ memory }, wishes) {
    this.#forget.addEventListener("click", () => wishes.forget(memory));
    this.#undo.addEventListener("click", () => wishes.undo(memory));
  }

  /** @param {{record: Record_, was: Record_ | undefined, closed: boolean, leaving: Forgetting | undefined}} entry @param {number} now */
  show({ record, was, closed, leaving }, now) {
    say(this.#text, record.text);
    say(this.#dates, dates(record, was, now));
    this.node.classList.toggle("closed", closed);
    this.node.classList.toggle("replied", record.speaker === "companion");
    this.#forget.setAttribute("aria-label", `Forget: ${record.text}`);
    this.#turn(leaving);
    if (leaving) say(this.#count, leaving.sent ? "Forgetting it" : `Forgotten in ${seconds(leaving.due, now)} s, with what was made of it`);
    this.#undo.hidden = Boolean(leaving?.sent);
  }

  /** Show one of the two faces, and keep the focus where the person's hands are. @param {Forgetting | undefined} leaving */
  #turn(leaving) {
    const going = Boolean(leaving);
    if (going === this.#going) return;
    const focused = this.#going !== null && this.node.contains(document.activeElement);
    this.#going = going;
    this.node.classList.toggle("going", going);
    this.#kept.hidden = going;
    this.#leaving.hidden = !going;
    if (focused) (going ? this.#undo : this.#forget).focus();
  }
}

/** @param {Record_} record @param {Record_ | undefined} was @param {number} now */
function dates({ kind, speaker, at, from, until, expires }, was, now) {
  const since = kind === "fact" ? `since ${day(from ?? at, now)}` : `${who(speaker)}${day(at, now)}`;
  const ends = until ? `until ${day(until, now)}` : "";
  const keeps = expires && !ends && Date.parse(expires) - now < SOON ? `kept until ${day(expires, now)}` : "";
  return [since, was && `was: ${was.text}`, ends, keeps].filter(Boolean).join(" · ");
}

/** @param {string} speaker */
const who = (speaker) => (speaker ? `${speaker === "user" ? "you" : speaker}, ` : "");
