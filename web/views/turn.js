// @ts-check
/** One turn on the page: the person's words in a soft bubble, the companion's as the page itself, and how it stands. */

import { reply } from "../state/turn.js";
import { h, say } from "./dom.js";
import { Inside } from "./inside.js";
import { Prose, helpful, linked } from "./prose.js";
import { standing } from "./words.js";

/** @typedef {import("../state/turn.js").Turn} Turn */
/** @typedef {{now: number, connected: boolean, records: any, looking: boolean}} Context */
/** @typedef {{again: (turn: string) => void, keep: (turn: string) => void, inspect: (turn: string) => void}} Wishes */

export class TurnView {
  #said = h("p", {});
  #mark = h("span", { class: "off-record" }, "off the record");
  #above = h("div", { class: "notices" });
  #prose = new Prose();
  #below = h("div", { class: "notices" });
  #line = h("span", {});
  #action = h("button", { type: "button", class: "quiet" });
  #standing = h("div", { class: "standing" }, this.#line, this.#action);
  #notices = 0;
  /** @type {Inside | null} */ #inside = null;
  /** @type {Turn | null} */ #turn = null;

  /** @param {Turn} turn @param {Wishes} wishes */
  constructor(turn, wishes) {
    this.wishes = wishes;
    const mine = h("div", { class: "said" }, h("span", { class: "unseen" }, "You said"), this.#said, this.#mark);
    this.answer = h("div", { class: "answer" }, h("span", { class: "unseen" }, "Companion"), this.#above, this.#prose.node, this.#below, this.#standing);
    this.node = h("li", { class: "turn", "data-turn": turn.id }, mine, this.answer);
    this.#action.addEventListener("click", () => this.#act());
  }

  /** @param {{turn: Turn, ahead: number}} entry @param {Context} context */
  show({ turn, ahead }, context) {
    if (turn !== this.#turn) this.#change(turn);
    const words = standing(turn, ahead, context.now, context.connected);
    say(this.#line, words);
    this.#standing.hidden = !words;
    this.#inside?.show(context);
  }

  /** @param {Turn} turn */
  #change(turn) {
    const text = turn.text ?? "(said before this page was loaded again)";
    if (this.#said.textContent !== text) this.#said.replaceChildren(...linked(text));
    this.node.dataset.phase = turn.phase;
    this.#mark.hidden = !turn.private;
    this.#prose.show(reply(turn));
    this.#notice(turn);
    this.#offer(turn);
    if (turn.done && !this.#inside) this.answer.append((this.#inside = new Inside(turn, this.wishes.inspect)).node);
    void this.#inside?.spoken(turn);
    this.#turn = turn;
  }

  /** Show each notice where it came: before the first word or after it. @param {Turn} turn */
  #notice({ parts }) {
    const first = parts.findIndex(({ kind }) => kind === "text");
    parts.forEach((part, index) => {
      if (index < this.#notices || part.kind === "text") return;
      (first < 0 || index < first ? this.#above : this.#below).append(notice(part));
    });
    this.#notices = parts.length;
  }

  /** @param {Turn} turn */
  #offer(turn) {
    const label = { failed: "Send again", waiting: "Don’t send" }[/** @type {string} */ (turn.phase)] ?? "";
    say(this.#action, label);
    this.#action.hidden = !label;
  }

  #act() {
    const turn = /** @type {Turn} */ (this.#turn);
    if (turn.phase === "failed") this.wishes.again(turn.id);
    else this.wishes.keep(turn.id);
  }
}

/** @param {import("../state/turn.js").Part} part */
function notice({ kind, text }) {
  if (kind !== "crisis") return h("p", { class: "notice", "data-kind": kind }, text);
  return h("p", { class: "notice", "data-kind": kind, role: "note" }, ...helpful(text));
}

/** A line between days. */
export class DayView {
  #text = h("span", {});
  node = h("li", { class: "day" }, this.#text);

  /** @param {{day: string}} entry */
  show({ day }) {
    say(this.#text, day);
  }
}

