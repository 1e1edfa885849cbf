// @ts-check
/**
 * Where the page gets no token by itself: a button that leads to who gives them, or a quiet form for one that was printed
 * by hand. A token goes to the socket and nowhere else.
 */

import { claims } from "../protocol.js";
import { byId, say } from "./dom.js";

const BY_HAND = {
  "": "",
  expired: "That token has run out. Print another one and paste it here.",
  refused: "The server refuses this token. Was it printed for the same data folder?",
};
const ELSEWHERE = {
  "": "",
  expired: "Your sign-in has run out, or is too old for this. Please sign in again.",
  refused: "The server does not take this sign-in. Please sign in again.",
};
const NO_TOKEN = "That is no token: one is a single long word with two dots in it.";
const ASKING = "Asking the server";

export class SignInView {
  #section = byId("sign-in");
  #token = /** @type {HTMLInputElement} */ (byId("token"));
  #words = byId("sign-in-words");
  #begin = byId("authorize");
  #elsewhere = false;
  #status = "";
  #again = false;

  /** *leave*: leads to who gives tokens, where there is somebody; *anew*: whoever is signed in there signs in again. @param {{enter: (token: string) => void, leave?: (anew: boolean) => void}} ways */
  constructor({ enter, leave }) {
    this.#elsewhere = Boolean(leave);
    byId("sign-in-by-hand").hidden = this.#elsewhere;
    byId("sign-in-elsewhere").hidden = !this.#elsewhere;
    if (leave) this.#words = byId("sign-in-elsewhere-words");
    this.#begin.addEventListener("click", () => leave?.(this.#again));
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
    if (out) this.#tell(status === "expired" ? this.#trouble(why ?? "expired") : ASKING, status === "expired");
    if (status === "expired") this.#focus();
  }

  /** @param {"" | "expired" | "refused"} why */
  #trouble(why) {
    this.#again = Boolean(why);
    return (this.#elsewhere ? ELSEWHERE : BY_HAND)[why];
  }

  /** @param {boolean} out */
  #turn(out) {
    this.#section.hidden = !out;
    document.body.classList.toggle("signed-out", out);
    if (out) return /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog:modal"))?.close();
    this.#token.value = "";
    byId("say").focus();
  }

  #focus() {
    this.#token.value = "";
    (this.#elsewhere ? this.#begin : this.#token).focus();
  }

  /** Say what is wrong with a sign-in that was not finished. @param {string} words */
  explain(words) {
    this.#tell(words);
  }

  /** @param {string} words @param {boolean} [wrong] */
  #tell(words, wrong = true) {
    say(this.#words, words);
    this.#words.classList.toggle("trouble-text", wrong);
    this.#token.setAttribute("aria-invalid", String(wrong && Boolean(words)));
  }
}
