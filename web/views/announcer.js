// @ts-check
/**
 * Says to a screen reader what the eye sees happen: each chunk whole and once, and the three states of a turn.
 *
 * A live region of its own, because one around the conversation would read earlier turns aloud and text twice.
 */

import { inOrder } from "../state/talk.js";
import { byId, h } from "./dom.js";

const KEPT = 12;

/** @typedef {{parts: number, phase: string}} Heard */

export class Announcer {
  #region = byId("announcer");
  /** @type {Map<string, Heard>} */ #heard = new Map();
  #waited = "";
  /** @type {string[]} */ #saving = [];

  /** @param {import("../state/state.js").State} state */
  show({ talk, connection, memory }) {
    for (const turn of inOrder(talk)) this.#tell(turn);
    this.#corrected(memory);
    if (connection.status !== this.#waited && connection.status === "lost") this.#say("Connection lost, trying again.");
    if (connection.status === "open" && this.#waited === "lost") this.#say("Connected again.");
    if (connection.status !== "connecting") this.#waited = connection.status;
  }

  /** @param {import("../state/turn.js").Turn} turn */
  #tell({ id, phase, parts, done, touched, voice }) {
    const before = this.#heard.get(id) ?? { parts: touched ? 0 : parts.length, phase: touched ? "" : phase };
    this.#heard.set(id, { parts: parts.length, phase });
    if (!voice) parts.slice(before.parts).forEach(({ text }) => this.#say(text)); // Two voices at once are none.
    if (phase === before.phase) return;
    if (voice && phase !== "waiting" && phase !== "failed") return;
    if (phase === "queued") this.#say("Thinking");
    if (phase === "waiting") this.#say("Busy. Your message is kept and sent again by itself.");
    if (phase === "failed") this.#say("Not answered. You can send it again.");
    if (phase === "done") this.#say(done?.stopped ? "Stopped" : "Answer complete");
  }

  /** @param {import("../state/memory.js").Memory} memory */
  #corrected({ correcting, records }) {
    for (const id of this.#saving) if (!correcting[id] && records[id]) this.#say(`Corrected: ${records[id].text}`);
    this.#saving = Object.keys(correcting).filter((id) => correcting[id].sent);
  }

  /** @param {string} text */
  #say(text) {
    this.#region.append(h("p", {}, text));
    while (this.#region.children.length > KEPT) this.#region.firstElementChild?.remove();
  }
}
