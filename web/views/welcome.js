// @ts-check
/** What a newcomer sees before the first word: three sentences that show remembering, and which model answers, plainly. */

import { byId, h } from "./dom.js";

/** @typedef {{name: string, language_model: boolean, connect: string}} Model */

/** @param {Model} model @param {(text: string) => void} attempt */
export function welcome(model, attempt) {
  for (const button of byId("welcome").querySelectorAll("button.try")) {
    button.addEventListener("click", () => attempt(button.querySelector("q")?.textContent ?? ""));
  }
  byId("model").textContent = model.language_model ? model.name : "no language model";
  byId("model-words").replaceChildren(...told(model));
  if (!model.language_model) byId("no-model").replaceChildren(...told(model));
  byId("no-model").hidden = model.language_model;
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
