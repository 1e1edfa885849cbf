// @ts-check
/** The words of a record, written anew where they stand. Enter saves, Esc leaves them as they were, and a refusal says why. */

import { h, say } from "./dom.js";
import { counted } from "./words.js";

const LONGEST = 1_000;

/** @typedef {{save: (text: string) => void, leave: () => void}} Wishes */

export class Editor {
  #text = h("textarea", { rows: "1", autocomplete: "off", enterkeyhint: "done" });
  #count = h("span", { class: "count" });
  #save = h("button", { class: "quiet", title: "Save (Enter)" }, "save");
  #leave = h("button", { type: "button", class: "quiet", title: "Leave it as it was (Esc)" }, "cancel");
  #trouble = h("p", { class: "trouble-text", role: "alert" });
  #original = "";
  #sent = false;

  /** @param {string} name an id that no other element has @param {Wishes} wishes */
  constructor(name, wishes) {
    this.wishes = wishes;
    this.#trouble.id = name;
    this.#text.setAttribute("aria-describedby", name);
    this.node = h("form", { class: "editor" }, this.#text, h("div", { class: "acts" }, this.#count, this.#leave, this.#save), this.#trouble);
    this.node.addEventListener("submit", (event) => this.#submit(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#leave.addEventListener("click", () => wishes.leave());
  }

  /** Begin with *text*, all of it visible, the cursor behind it. @param {string} text */
  open(text) {
    this.#original = text;
    this.#text.value = text;
    this.#text.setAttribute("aria-label", `Correct: ${text}`);
    this.#typed();
    this.#text.focus();
    this.#text.setSelectionRange(text.length, text.length);
    this.node.scrollIntoView({ block: "nearest" });
  }

  /** @param {import("../state/memory.js").Correcting} correcting */
  show({ sent, trouble }) {
    this.#sent = sent;
    this.#text.readOnly = sent;
    this.#leave.hidden = sent;
    if (trouble !== this.#trouble.textContent) this.#tellTrouble(trouble);
    this.#tell();
  }

  /** @param {string} trouble */
  #tellTrouble(trouble) {
    say(this.#trouble, trouble);
    this.#text.setAttribute("aria-invalid", String(Boolean(trouble)));
    if (trouble) this.node.scrollIntoView({ block: "nearest" });
  }

  get #draft() {
    return this.#text.value.trim();
  }

  #typed() {
    this.#tell();
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #tell() {
    const length = [...this.#draft].length;
    const over = length - LONGEST;
    const left = over > 0 ? `${counted(over, "character")} too many` : `${length.toLocaleString("en")} of 1,000`;
    say(this.#count, this.#sent ? "Saving" : left);
    this.#count.classList.toggle("over", over > 0);
    this.#save.disabled = this.#sent || !length || over > 0;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (!this.#sent) this.wishes.leave();
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.node.requestSubmit(this.#save.disabled ? null : this.#save);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (this.#save.disabled) return;
    const text = this.#draft.toWellFormed();
    if (text === this.#original) this.wishes.leave();
    else this.wishes.save(text);
  }
}
