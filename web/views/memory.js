// @ts-check
/** The memory panel: a drawer beside the talk where there is room, a sheet over it where there is none. */

import { inOrder } from "../state/talk.js";
import { Keyed, byId, place, say } from "./dom.js";
import { RecordView } from "./record.js";
import { counted } from "./words.js";

/** @typedef {import("../state/memory.js").Record_} Record_ */
/** @typedef {import("../state/memory.js").Memory} Memory */
/** @typedef {import("./record.js").Entry} Entry */
/** @typedef {Record<string, string[]>} Why */

const TYPING = 120;

export class MemoryView {
  #panel = /** @type {HTMLDialogElement} */ (byId("memory"));
  #opener = byId("open-memory");
  #search = /** @type {HTMLInputElement} */ (byId("search"));
  #room = matchMedia("(min-width: 1000px)");
  #typing = 0;
  #asked = "";

  /** @param {import("./record.js").Wishes & {search: (query: string) => void, more: () => void}} wishes */
  constructor(wishes) {
    const view = () => new Keyed((/** @type {Entry} */ entry) => new RecordView(entry, wishes));
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
  show({ memory, talk, now }) {
    const { facts, said } = arranged(memory, lastRecalled(talk));
    if (memory.query === "" && this.#asked) this.#search.value = "";
    this.#asked = memory.query;
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
  return `${counted(listed.length, "memory")}${cursor ? " and more" : ""}${query ? ` for “${query}”` : ""}`;
}

/** What the last answer recalled, and what found each of it. @param {import("../state/talk.js").Talk} talk @returns {Why} */
export function lastRecalled(talk) {
  const done = inOrder(talk).findLast((turn) => turn.done)?.done;
  return Object.fromEntries((done?.recalled ?? []).map((/** @type {string} */ id) => [id, done?.why?.[id] ?? []]));
}

/**
 * Facts before what was said, each fact holding those it replaced. What is being corrected stays, whatever is searched for.
 * @param {Memory} memory @param {Why} [why] @returns {{facts: [string, Entry][], said: [string, Entry][]}}
 */
export function arranged({ records, listed, query, forgetting, correcting }, why = {}) {
  const shown = [...new Set([...listed, ...Object.keys(correcting)])].map((id) => records[id]).filter(Boolean);
  const asked = query ? new Set(listed) : new Set();
  const newer = new Map(Object.values(records).map((record) => [record.replaces, record]));
  /** @param {Record_} record @param {Record_[]} [older] @returns {Entry} */
  const entry = (record, older = []) => ({
    record,
    before: older.map((one) => ({ ...entry(one), now: undefined })),
    now: newer.get(record.memory),
    found: older.some(({ memory }) => asked.has(memory) || correcting[memory]),
    why: why[record.memory],
    leaving: forgetting[record.memory],
    correcting: correcting[record.memory],
  });
  const facts = inChains(shown.filter(({ kind }) => kind === "fact"), records).map(([fact, ...older]) => entry(fact, older));
  const said = inTurns(shown.filter(({ kind }) => kind !== "fact")).map((record) => entry(record));
  return { facts: facts.map(keyed), said: said.map(keyed) };
}

/** @param {Entry} entry @returns {[string, Entry]} */
const keyed = (entry) => [entry.record.memory, entry];

/** What was said in one turn stays together, the question before the answer. @param {Record_[]} said @returns {Record_[]} */
function inTurns(said) {
  const turns = Map.groupBy(said, ({ source, memory }) => source ?? memory);
  return [...turns.values()].flatMap((turn) => turn.sort((one, other) => one.at.localeCompare(other.at)));
}

/** Each fact with what it replaced, back to the first; those that hold no more go last. @param {Record_[]} facts @param {Record<string, Record_>} records */
function inChains(facts, records) {
  const replaced = new Set(facts.map(({ replaces }) => replaces));
  const seen = new Set();
  const chains = [];
  // What replaces each other in a ring has no head: whoever is left then is one.
  for (const fact of [...facts.filter(({ memory }) => !replaced.has(memory)), ...facts]) {
    if (seen.has(fact)) continue;
    const links = chain(fact, records);
    for (const link of links) seen.add(link);
    chains.push(links);
  }
  return [...chains.filter(([{ until }]) => !until), ...chains.filter(([{ until }]) => until)];
}

/** @param {Record_} fact @param {Record<string, Record_>} records @returns {Record_[]} */
function chain(fact, records) {
  const links = new Set([fact]);
  for (let older = records[fact.replaces ?? ""]; older && !links.has(older); older = records[older.replaces ?? ""]) links.add(older);
  return [...links];
}
