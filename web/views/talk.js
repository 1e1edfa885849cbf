// @ts-check
/** The conversation: turns under their days, and the window held at its end while the person is there. */

import { inOrder } from "../state/talk.js";
import { open } from "../state/turn.js";
import { Keyed, byId, place, say } from "./dom.js";
import { DayView, TurnView } from "./turn.js";
import { longDay } from "./words.js";

/** @typedef {import("../state/turn.js").Turn} Turn */
/** @typedef {import("../state/state.js").State} State */
/** @typedef {{turn: Turn, ahead: number} | {day: string}} Entry */

const NEAR = 16;
const FAR = 160;
const root = document.documentElement;

export class TalkView {
  #list = byId("turns");
  #earlier = /** @type {HTMLButtonElement} */ (byId("earlier"));
  #trouble = byId("talk-trouble");
  #latest = byId("latest");
  #pinned = true;
  #first = "";

  /** @param {import("./turn.js").Wishes & {earlier: () => void}} wishes */
  constructor(wishes) {
    this.entries = new Keyed((/** @type {any} */ { turn }) => /** @type {any} */ (turn ? new TurnView(turn, wishes) : new DayView()));
    this.#earlier.addEventListener("click", wishes.earlier);
    this.#latest.addEventListener("click", () => this.pin());
    addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Whoever opens an answer's inside reads there.
    this.#list.addEventListener("click", ({ target }) => {
      if (/** @type {Element} */ (target).closest("summary")) this.#pinned = false;
    });
    new ResizeObserver(() => this.#follow()).observe(document.body);
  }

  /** Go to the newest words and stay there. */
  pin() {
    this.#pinned = true;
    this.#follow();
  }

  /** @param {State} state */
  show({ talk, memory, connection, now }) {
    const all = inOrder(talk);
    const below = root.scrollHeight - scrollY;
    const known = { records: memory.records, looking: Boolean(memory.asked), connected: connection.status === "open", now };
    place(this.#list, this.entries.show(entries(all, now), known));
    this.#offer(talk);
    if (this.#first && all[0]?.id !== this.#first && !this.#pinned) scrollTo({ top: root.scrollHeight - below, behavior: "instant" });
    this.#first = all[0]?.id ?? "";
    this.#follow();
  }

  /** @param {State["talk"]} talk */
  #offer({ asked, cursor, loaded, trouble }) {
    this.#earlier.hidden = !(loaded && cursor) && !trouble;
    this.#earlier.disabled = asked === "page";
    say(this.#earlier, asked === "page" ? "Looking back" : "Earlier");
    say(this.#trouble, trouble && `Earlier turns did not come: ${trouble}`);
  }

  #scrolled() {
    const below = root.scrollHeight - root.clientHeight - scrollY;
    this.#pinned = below < NEAR;
    this.#latest.hidden = below < FAR;
  }

  #follow() {
    if (this.#pinned && this.#first) scrollTo({ top: root.scrollHeight, behavior: "instant" });
  }
}

/** Turns with the open ones before each counted, and a line where a day begins; today alone needs none. @param {Turn[]} all @param {number} now */
function entries(all, now) {
  let ahead = 0;
  let last = longDay(now, now);
  /** @type {[string, Entry][]} */
  const found = [];
  for (const turn of all) {
    const day = longDay(turn.at, now);
    if (day !== last) found.push([`day ${day}`, { day }]);
    found.push([turn.id, { turn, ahead }]);
    ahead += Number(open(turn));
    last = day;
  }
  return found;
}
