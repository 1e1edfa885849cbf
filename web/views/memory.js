// @ts-check
/** The memory panel: a drawer beside the talk where there is room, a sheet over it where there is none. */

import { Keyed, byId, place, say } from "./dom.js";
import { RecordView } from "./record.js";
import { counted } from "./words.js";

/** @typedef {import("../state/memory.js").Record_} Record_ */
/** @typedef {import("../state/memory.js").Memory} Memory */

const TYPING = 120;

export class MemoryView {
  #panel = /** @type {HTMLDialogElement} */ (byId("memory"));
  #opener = byId("open-memory");
  #search = /** @type {HTMLInputElement} */ (byId("search"));
  #room = matchMedia("(min-width: 1000px)");
  #typing = 0;

  /** @param {import("./record.js").Wishes & {search: (query: string) => void, more: () => void}} wishes */
  constructor(wishes) {
    const view = () => new Keyed((/** @type {any} */ { record }) => new RecordView(record, wishes));
    this.facts = view();
    this.said = view();
    this.#opener.addEventListener("click", () => (this.#panel.open ? this.#close() : this.#open()));
    byId("close-memory").addEventListener("click", () => this.#close());
    this.#panel.addEventListener("close", () => this.#told());
    this.#panel.addEventListener("click", (event) => event.target === this.#panel && this.#close());
    byId("more-memories").addEventListener("click", wishes.more);
    this.#search.addEventListener("input", () => this.#typed(wishes.search));
    this.#search.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave(event));
    this.#room.addEventListener("change", () => this.#fit());
    this.#fit();
  }

  /** Put the cursor into the search, wherever the panel is. */
  focus() {
    if (!this.#panel.open) this.#open();
    this.#search.focus();
  }

  #fit() {
    if (this.#panel.open) this.#panel.close();
    if (this.#room.matches) this.#open();
  }

  #open() {
    if (this.#room.matches) this.#panel.open = true;
    else this.#panel.showModal();
    this.#panel.setAttribute("role", this.#room.matches ? "complementary" : "dialog");
    this.#told();
  }

  #close() {
    const inside = this.#panel.contains(document.activeElement);
    this.#panel.close();
    if (inside) this.#opener.focus();
  }

  #told() {
    this.#opener.setAttribute("aria-expanded", String(this.#panel.open));
    document.body.classList.toggle("with-memory", this.#panel.open && this.#room.matches);
  }

  /** @param {(query: string) => void} search */
  #typed(search) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => search(this.#search.value.trim()), TYPING);
  }

  /** @param {KeyboardEvent} event */
  #leave(event) {
    event.stopPropagation();
    if (this.#search.value) return;
    event.preventDefault();
    if (this.#room.matches) byId("say").focus();
    else this.#close();
  }

  /** @param {import("../state/state.js").State} state */
  show({ memory, now }) {
    const { facts, said } = arranged(memory);
    place(byId("facts"), this.facts.show(facts, now));
    place(byId("said"), this.said.show(said, now));
    byId("facts-part").hidden = !facts.length;
    byId("said-part").hidden = !said.length;
    byId("more-memories").hidden = !memory.cursor;
    say(byId("memory-state"), standing(memory));
    say(byId("memory-trouble"), memory.trouble);
  }
}

/** @param {Memory} memory */
function standing({ loaded, query, listed, cursor }) {
  if (!loaded) return "Looking";
  if (!listed.length) return query ? `Nothing fits “${query}”.` : "Nothing yet. What you tell me will appear here.";
  return `${counted(listed.length, "memory").replace("memorys", "memories")}${cursor ? " and more" : ""}${query ? ` for “${query}”` : ""}`;
}

/**
 * Facts before what was said, each fact followed by those it replaced.
 * @param {Memory} memory
 */
export function arranged({ records, listed, forgetting }) {
  const shown = listed.map((id) => records[id]).filter(Boolean);
  const entry = (/** @type {Record_} */ record) => ({
    record, was: listed.includes(record.replaces ?? "") ? undefined : records[record.replaces ?? ""], closed: Boolean(record.until), leaving: forgetting[record.memory],
  });
  const facts = inChains(shown.filter(({ kind }) => kind === "fact"));
  const said = inTurns(shown.filter(({ kind }) => kind !== "fact"));
  /** @param {Record_[]} some */
  const keyed = (some) => some.map((record) => /** @type {[string, any]} */ ([record.memory, entry(record)]));
  return { facts: keyed(facts), said: keyed(said) };
}

/** What was said in one turn stays together, the question before the answer. @param {Record_[]} said @returns {Record_[]} */
function inTurns(said) {
  const turns = Map.groupBy(said, ({ source, memory }) => source ?? memory);
  return [...turns.values()].flatMap((turn) => turn.sort((one, other) => one.at.localeCompare(other.at)));
}

/** @param {Record_[]} facts @returns {Record_[]} */
function inChains(facts) {
  const byKey = new Map(facts.map((fact) => [fact.memory, fact]));
  const replaced = new Set(facts.map(({ replaces }) => replaces));
  /** @param {Record_ | undefined} fact @returns {Record_[]} */
  const chain = (fact) => {
    if (!fact || !byKey.delete(fact.memory)) return [];
    return [fact, ...chain(byKey.get(fact.replaces ?? ""))];
  };
  return [...facts.filter(({ memory }) => !replaced.has(memory)).flatMap(chain), ...[...byKey.values()]];
}
