// @ts-check
/** What a newcomer sees before the first word: three sentences that show remembering, and which model answers, plainly. */

import { inOrder, openTurns } from "../state/talk.js";
import { byId, h, say } from "./dom.js";

/** @typedef {{name: string, language_model: boolean, connect: string}} Model */

const SHORT = 6;

export class WelcomeView {
  #sentences = [...document.querySelectorAll("#welcome q")].map((quote) => quote.textContent ?? "");
  #next = byId("next");

  /** @param {Model} model @param {(text: string) => void} attempt */
  constructor(model, attempt) {
    for (const button of document.querySelectorAll("button.try")) {
      button.addEventListener("click", () => attempt(button.querySelector("q")?.textContent ?? ""));
    }
    say(byId("model"), model.language_model ? model.name : "no language model");
    byId("model-words").replaceChildren(...told(model));
    byId("no-model").replaceChildren(...(model.language_model ? [] : told(model)));
    byId("no-model").hidden = model.language_model;
  }

  /** Who began with the first sentence is led to the next ones. @param {import("../state/state.js").State} state */
  show({ talk }) {
    document.body.classList.toggle("fresh", talk.loaded && !talk.order.length);
    const turns = inOrder(talk);
    const said = new Set(turns.map(({ text }) => text));
    const next = this.#sentences.find((sentence) => !said.has(sentence));
    this.#next.hidden = !next || !said.has(this.#sentences[0]) || turns.length > SHORT || openTurns(talk).length > 0;
    say(/** @type {Element} */ (this.#next.querySelector("q")), next ?? "");
    const reload = next === this.#sentences[1] && turns.some(({ touched }) => touched);
    say(/** @type {Element} */ (this.#next.querySelector("span")), reload ? "Now reload the page, and ask" : "Now ask");
  }
}

/** @param {Model} model @returns {Node[]} */
function told({ name, language_model: connected, connect }) {
  if (connected) return [h("p", {}, `Answers come from the language model ${name}.`)];
  const words = "No language model is connected. A small built-in companion answers: it remembers what you tell it, but it can’t really converse. To connect a model, stop it and run";
  const said = h("span", { role: "status" });
  const copy = h("button", { type: "button", class: "quiet" }, "copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(connect);
    said.textContent = "copied";
  });
  return [h("p", {}, words), h("p", { class: "command" }, h("code", {}, connect)), h("p", { class: "copy" }, copy, " ", said)];
}
