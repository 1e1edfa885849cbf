// @ts-check
/** The foot of the memory panel and what opens from it: a copy of everything as a file, and the end of everything. */

import { collecting, erasing, inOrder } from "../state/rights.js";
import { byId, h, say } from "./dom.js";
import { amount, clock, counted, day } from "./words.js";

/** @typedef {import("../state/rights.js").Copy} Copy */
/** @typedef {import("../state/rights.js").Erasure} Erasure */
/** @typedef {{copy: () => void, erase: (confirm: string) => void, read: () => void}} Wishes */

export class RightsView {
  #export = /** @type {HTMLButtonElement} */ (byId("export"));
  #ask = /** @type {HTMLButtonElement} */ (byId("erase-all"));
  #words = byId("copy-words");
  #file = /** @type {HTMLAnchorElement} */ (byId("copy-file"));
  /** @type {Copy["phase"]} */ #copied = "";

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.dialog = new EraseDialog(wishes);
    this.#ask.hidden = true;
    this.#export.addEventListener("click", wishes.copy);
    this.#ask.addEventListener("click", () => this.dialog.open());
  }

  get user() {
    return this.dialog.user;
  }

  /** Whose everything it is. @param {string} user */
  of(user) {
    this.dialog.of(user);
    this.#ask.hidden = !user;
  }

  /** @param {import("../state/state.js").State} state */
  show({ rights, connection, now }) {
    const away = connection.status !== "open" || erasing(rights);
    this.#export.disabled = away || collecting(rights);
    this.#ask.disabled = connection.status !== "open";
    this.#save(rights.copy);
    say(this.#words, copying(rights.copy));
    this.#words.classList.toggle("trouble-text", rights.copy.phase === "failed");
    this.dialog.show(rights.erasure, now, connection.status === "open");
  }

  /** Hand the file over once it is whole; it stays at hand until the next one. @param {Copy} copy */
  #save(copy) {
    if (copy.phase === this.#copied) return;
    this.#copied = copy.phase;
    this.#file.hidden = copy.phase !== "whole";
    if (this.#file.href) URL.revokeObjectURL(this.#file.href);
    this.#file.removeAttribute("href");
    if (copy.phase !== "whole") return;
    this.#file.href = URL.createObjectURL(new Blob(inOrder(copy), { type: "application/jsonl" }));
    this.#file.download = `companion-${new Date().toISOString().slice(0, 10)}.jsonl`;
    this.#file.click();
  }
}

/** @param {Copy} copy */
function copying({ phase, size, trouble, again }) {
  if (phase === "asked") return size ? `Collecting: ${amount(size)} so far` : "Collecting all that is kept about you";
  if (phase === "whole") return `All that is kept about you, ${amount(size)} of JSON lines:`;
  if (again) return `Exported less than ten minutes ago: it can be done again at ${clock(again)}.`;
  if (phase === "failed") return `Not exported: ${trouble}. You can ask again.`;
  return "";
}

/** What of the stores' names a reader can do with; another name is shown as it is. */
const STORES = {
  account: "Your account’s row", memories: "Memories, and what finds them", queues: "Work that waited", recent: "The conversation",
  turns: "Turns, with what was sent of them",
};

class EraseDialog {
  #dialog = /** @type {HTMLDialogElement} */ (byId("erase"));
  #form = /** @type {HTMLFormElement} */ (byId("erase-form"));
  #typed = /** @type {HTMLInputElement} */ (byId("erase-confirm"));
  #go = /** @type {HTMLButtonElement} */ (byId("erase-go"));
  #state = byId("erase-state");
  #manifest = byId("manifest");
  #leave = byId("erase-leave");
  #connected = false;
  /** @type {Erasure["phase"]} */ #phase = "";
  user = "";

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.#typed.addEventListener("input", () => this.#check());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#go.disabled) wishes.erase(this.#typed.value.trim());
    });
    this.#leave.addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#closed(wishes));
  }

  /** @param {string} user */
  of(user) {
    this.user = user;
    say(byId("erase-user"), user);
  }

  open() {
    this.#dialog.showModal();
    if (this.#phase === "") this.#typed.focus();
  }

  /** @param {Erasure} erasure @param {number} now @param {boolean} connected */
  show(erasure, now, connected) {
    this.#connected = connected;
    this.#check(erasure.phase);
    if (erasure.phase === this.#phase) return;
    this.#phase = erasure.phase;
    const before = erasure.phase === "" || erasure.phase === "failed";
    this.#form.hidden = !before;
    say(byId("erase-title"), erasure.phase === "over" && !erasure.verified ? "Not all is gone" : TITLES[erasure.phase]);
    say(this.#state, told(erasure, now));
    this.#state.classList.toggle("trouble-text", erasure.phase === "failed" || (erasure.phase === "over" && !erasure.verified));
    say(this.#leave, LEAVING[erasure.phase]);
    this.#manifest.hidden = erasure.phase !== "over";
    if (erasure.phase === "over") this.#manifest.replaceChildren(...rows(erasure.manifest));
    this.#focus();
  }

  #focus() {
    if (this.#phase !== "over" && !this.#dialog.open) return;
    if (!this.#dialog.open) this.#dialog.showModal();
    if (this.#phase === "failed") this.#typed.focus();
    else this.#leave.focus();
  }

  #check(phase = this.#phase) {
    this.#go.disabled = !this.#connected || this.#typed.value.trim() !== this.user || phase === "asked";
  }

  /** @param {Wishes} wishes */
  #closed(wishes) {
    this.#typed.value = "";
    const over = this.#phase === "over";
    wishes.read();
    if (!over) return;
    const sheet = /** @type {HTMLDialogElement} */ (byId("memory"));
    if (sheet.matches(":modal")) sheet.close();
    byId("say").focus();
  }
}

const TITLES = { "": "Erase everything?", failed: "Erase everything?", asked: "Erasing", over: "Erased" };
const LEAVING = { "": "keep it all", failed: "keep it all", asked: "close", over: "begin anew" };

/** @param {Erasure} erasure @param {number} now */
function told({ phase, trouble, verified, backups }, now) {
  if (phase === "failed") return `Not erased: ${trouble}. Nothing more happens until you ask again.`;
  if (phase === "asked") return "Answers are stopped, one store after the other is emptied, and then all are looked through again. Nothing new is taken in meanwhile. You may close this: it goes on, and says here when it is done.";
  if (phase !== "over") return "";
  const kept = backups ? ` Backups that hold it are gone by ${day(backups, now)}.` : "";
  return (verified ? "All stores were looked through again: nothing is left." : "Something was still there in the second look. Erase again: what is gone stays gone.") + kept;
}

/** @param {Record<string, number>} manifest */
function rows(manifest) {
  const name = (/** @type {string} */ store) => STORES[/** @type {keyof typeof STORES} */ (store)] ?? store.replaceAll("_", " ");
  const all = Object.entries(manifest).map(([store, count]) => h("tr", {}, h("th", { scope: "row" }, name(store)), h("td", {}, count.toLocaleString("en"))));
  const sum = Object.values(manifest).reduce((one, other) => one + other, 0);
  return [h("caption", {}, `What was erased: ${counted(sum, "entry")}`), h("tbody", {}, ...all)];
}
