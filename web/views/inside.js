// @ts-check
/** The machine's inside of one answer: closed it is a strip and a number, open it says what took how long and why. */

import { h } from "./dom.js";
import { chart, strip, summary } from "./waterfall.js";
import { because, counted, day, duration } from "./words.js";

/** @typedef {import("../state/turn.js").Turn} Turn */
/** @typedef {{records: Record<string, import("../state/memory.js").Record_>, looking: boolean, now: number}} Known */

const MOST = 3;

export class Inside {
  #recalled = h("div", { class: "recalled" });
  /** @type {unknown} */ #shown = null;
  #all = false;
  #summary = h("span", {});
  /** @type {import("../state/turn.js").Ear | null} */ #ear = null;

  /** @param {Turn} turn @param {(turn: string) => void} inspect */
  constructor(turn, inspect) {
    const { timings, usage } = /** @type {any} */ (turn.done);
    this.turn = turn;
    const label = h("span", { class: "opener" }, "details");
    this.node = h("details", { class: "inside" }, h("summary", {}, strip(timings), this.#summary, label));
    this.#summary.textContent = summary(timings);
    this.node.append(h("div", { class: "opened" }, chart(timings), this.#recalled, tokens(usage)));
    this.node.addEventListener("toggle", () => {
      label.textContent = this.node.open ? "close" : "details";
      if (!this.node.open) return;
      inspect(turn.id);
      this.node.scrollIntoView({ block: "nearest" });
    });
  }

  /** Tell how long it took from the end of what was said to the first sample of the answer. @param {Turn} turn */
  async spoken({ ear, done }) {
    if (!ear?.played || this.#ear) return;
    this.#ear = ear;
    this.#summary.textContent += ` · ${duration(ear.played - ear.ended)} from ear to mouth`;
    const { earToMouth } = await import("../voice/ear-to-mouth.js");
    this.node.lastElementChild?.prepend(earToMouth(ear, done?.timings.model_first?.[1]));
  }

  /** @param {Known} known */
  show({ records, looking, now }) {
    const found = this.turn.done?.recalled.map((/** @type {string} */ id) => records[id]) ?? [];
    const key = JSON.stringify([looking, found]);
    if (key === this.#shown) return;
    this.#shown = key;
    const title = found.length ? `Recalled for this answer (${found.length})` : "Nothing was recalled for this answer";
    const items = found.map((/** @type {any} */ record, /** @type {number} */ index) => this.#item(record, index, looking, now));
    this.#recalled.replaceChildren(h("h4", {}, title), ...(items.length ? [h("ul", {}, ...items)] : []));
    if (items.length > MOST + 1 && !this.#all) this.#fold(items);
  }

  /** Leave the best in view; the others are one click away. @param {HTMLElement[]} items */
  #fold(items) {
    const rest = items.slice(MOST);
    const more = h("button", { type: "button", class: "quiet" }, `and ${rest.length} more`);
    const fold = (/** @type {boolean} */ folded) => rest.forEach((item) => (item.hidden = folded));
    more.addEventListener("click", () => {
      this.#all = true;
      fold(false);
      more.remove();
    });
    fold(true);
    this.#recalled.append(more);
  }

  /** @param {import("../state/memory.js").Record_ | undefined} record @param {number} index @param {boolean} looking @param {number} now */
  #item(record, index, looking, now) {
    const { recalled, why } = /** @type {any} */ (this.turn.done);
    const reason = because(why?.[recalled[index]] ?? []);
    const text = record ? h("q", {}, record.text) : h("span", {}, looking ? "Looking it up" : "A memory that is not there any more");
    const from = record && `${record.kind === "fact" ? "fact, " : ""}${record.until ? "until " : ""}${day(record.until ?? record.at, now)}`;
    return h("li", {}, text, h("small", {}, [from, reason && `found by ${reason}`].filter(Boolean).join(" · ")));
  }
}

/** @param {{input_tokens: number, output_tokens: number} | undefined} usage */
function tokens(usage) {
  if (!usage) return null;
  return h("p", { class: "tokens" }, `${counted(usage.input_tokens, "token")} in, ${counted(usage.output_tokens, "token")} out`);
}
