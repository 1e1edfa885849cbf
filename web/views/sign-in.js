// @ts-check
/** Where the page gets no token by itself: a quiet form for one that was printed by hand. It goes to the socket and nowhere else. */

import { claims } from "../protocol.js";
import { byId, say } from "./dom.js";

const WORDS = {
  "": "",
  expired: "That token has run out. Print another one and paste it here.",
  refused: "The server refuses this token. Was it printed for the same data folder?",
};
const NO_TOKEN = "That is no token: one is a single long word with two dots in it.";
const ASKING = "Asking the server";

export class SignInView {
  #section = byId("sign-in");
  #token = /** @type {HTMLInputElement} */ (byId("token"));
  #words = byId("sign-in-words");
  #status = "";

  /** @param {(token: string) => void} enter */
  constructor(enter) {
    byId("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const token = this.#token.value.trim().replace(/^bearer\./, "");
      if (claims(token)) enter(token);
      else this.#tell(NO_TOKEN);
    });
    this.#token.addEventListener("input", () => this.#tell(""));
  }

  /** @param {import("../state/state.js").State} state */
  show({ connection: { status, why } }) {
    const was = !this.#section.hidden;
    const out = status === "expired" || (was && status !== "open");
    if (out !== was) this.#turn(out);
    if (status === this.#status) return;
    this.#status = status;
    if (out) this.#tell(status === "expired" ? WORDS[why ?? "expired"] : ASKING, status === "expired");
    if (status === "expired") this.#begin();
  }

  /** @param {boolean} out */
  #turn(out) {
    this.#section.hidden = !out;
    document.body.classList.toggle("signed-out", out);
    if (out) return /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog:modal"))?.close();
    this.#token.value = "";
    byId("say").focus();
  }

  #begin() {
    this.#token.value = "";
    this.#token.focus();
  }

  /** @param {string} words @param {boolean} [wrong] */
  #tell(words, wrong = true) {
    say(this.#words, words);
    this.#words.classList.toggle("trouble-text", wrong);
    this.#token.setAttribute("aria-invalid", String(wrong && Boolean(words)));
  }
}
