// @ts-check
/** The head of the page and the trouble at its foot: one word for how things are, and what happens next where they are not well. */

import { openTurns } from "../state/talk.js";
import { byId, say } from "./dom.js";
import { seconds, status } from "./words.js";

/** @typedef {import("../state/state.js").State} State */

export class StatusView {
  #status = byId("status");
  #trouble = byId("trouble");
  #words = byId("trouble-words");
  #retry = byId("retry");
  #reload = byId("reload");
  #understood = byId("understood");

  /** @param {{retry: () => void, understood: () => void}} wishes */
  constructor(wishes) {
    this.#retry.addEventListener("click", wishes.retry);
    this.#reload.addEventListener("click", () => location.reload());
    this.#understood.addEventListener("click", wishes.understood);
  }

  /** @param {State} state */
  show(state) {
    const word = status(state, openTurns(state.talk)[0]);
    say(/** @type {Element} */ (this.#status.lastElementChild), word);
    this.#status.dataset.is = word;
    const words = trouble(state);
    say(this.#words, words);
    this.#trouble.hidden = !words;
    this.#retry.hidden = state.connection.status !== "lost";
    this.#reload.hidden = state.connection.status !== "expired" && !state.connection.refused;
    this.#understood.hidden = state.connection.status !== "open";
  }
}

/** @param {State} state */
function trouble({ connection: { status: is, retryAt, refused }, trouble: words, now }) {
  if (is === "expired") return "Your sign-in has run out. Load the page again to go on.";
  if (is === "lost" && refused) return `The server is there but does not let this page in, trying again in ${seconds(retryAt, now)} s. Loading it again may help, and so may the address that the server printed.`;
  if (is === "lost") return `Connection lost, trying again in ${seconds(retryAt, now)} s`;
  return is === "open" ? words : "";
}
