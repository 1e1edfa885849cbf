// @ts-check
/** Where the person writes. Enter sends, Shift+Enter breaks the line, and what an input method is composing stays. */

import { byId, say } from "./dom.js";
import { counted } from "./words.js";

const LONGEST = 4_000;
const NEAR = 3_600;

export class Composer {
  #form = /** @type {HTMLFormElement} */ (byId("composer"));
  #text = /** @type {HTMLTextAreaElement} */ (byId("say"));
  #send = /** @type {HTMLButtonElement} */ (byId("send"));
  #stop = byId("stop");
  #private = byId("private");
  #count = byId("count");
  #held = false;

  /** @param {{say: (text: string, off: boolean) => void, stop: () => void}} wishes */
  constructor(wishes) {
    this.wishes = wishes;
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#stop.addEventListener("click", wishes.stop);
    this.#private.addEventListener("click", () => this.#toggle());
    this.#typed();
  }

  get draft() {
    return this.#text.value.trim();
  }

  get private() {
    return this.#private.ariaPressed === "true";
  }

  focus() {
    this.#text.focus();
  }

  /** Say *text* as if it had been typed. @param {string} text */
  try(text) {
    this.#text.value = text;
    this.#typed();
    this.#form.requestSubmit();
  }

  /** *held*: what is written waits, because nothing is taken in now. @param {{running: boolean, held: boolean}} state */
  show({ running, held }) {
    if (held !== this.#held) {
      this.#held = held;
      this.#text.placeholder = held ? "Everything is being erased" : "Say something";
      this.#typed();
    }
    if (this.#stop.hidden === !running) return;
    if (!running && document.activeElement === this.#stop) this.focus();
    this.#stop.hidden = !running;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // Safari ends a composition before the key that ended it: only the old code 229 still tells.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.draft;
    if (this.#send.disabled) return;
    this.#text.value = "";
    this.#typed();
    this.wishes.say(wellFormed(text), this.private);
    this.focus();
  }

  #typed() {
    const length = [...this.draft].length;
    const over = length - LONGEST;
    say(this.#count, over > 0 ? `${counted(over, "character")} too many` : length >= NEAR ? `${length.toLocaleString("en")} of 4,000` : "");
    this.#count.classList.toggle("over", over > 0);
    this.#send.disabled = this.#held || !length || over > 0;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #toggle() {
    const pressed = !this.private;
    this.#private.ariaPressed = String(pressed);
    this.#form.classList.toggle("off-the-record", pressed);
    this.focus();
  }
}

/** Half a surrogate pair is no text, and no frame may carry it. @param {string} text */
const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");
