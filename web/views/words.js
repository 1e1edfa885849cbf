// @ts-check
/** What the page says in words about where things stand: pure functions from state to text. */

/** @typedef {import("../state/turn.js").Turn} Turn */

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const LONG_DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** @param {string} at @param {number} now */
export function day(at, now) {
  const date = new Date(at);
  return (date.getFullYear() === new Date(now).getFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

/** @param {number} at @param {number} now */
export function longDay(at, now) {
  const date = new Date(at);
  return date.toDateString() === new Date(now).toDateString() ? "Today" : LONG_DAY.format(date);
}

/** Seconds until *at*, never less than one: a countdown that shows 0 looks stuck. @param {number} at @param {number} now */
export const seconds = (at, now) => Math.max(1, Math.ceil((at - now) / 1_000));

/** @param {number} ms */
export function duration(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms).toLocaleString("en")} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** @param {number} at */
export const clock = (at) => TIME.format(at);

/** @param {number} characters @returns {string} about how much that is */
export const amount = (characters) => (characters < 1_000_000 ? `${Math.max(1, Math.round(characters / 1_000)).toLocaleString("en")} kB` : `${(characters / 1_000_000).toFixed(1)} MB`);

/** @param {number} count @param {string} one */
export const counted = (count, one) => `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`.replace(/([^aeou])ys$/, "$1ies")}`;

/** The state of one turn. @param {Turn} turn @param {number} ahead open turns before it @param {number} now @param {boolean} connected */
export function standing(turn, ahead, now, connected) {
  if (turn.phase === "waiting") return waiting(turn, now);
  if (turn.phase === "failed") return failed(turn);
  if (turn.phase === "done") return ended(turn);
  if (!connected) return turn.accepted ? "Goes on when the connection is back" : "Kept: sent when the connection is back";
  if (turn.stopping) return "Stopping";
  if (turn.phase === "speaking") return "";
  const before = ahead + (turn.phase === "queued" ? turn.others : 0);
  if (before) return `In the queue, after ${counted(before, "answer")}`;
  return `${turn.accepted ? "Thinking" : "Sending"}${elapsed(turn, now)}`;
}

/** @param {Turn} turn @param {number} now */
function elapsed(turn, now) {
  const since = Math.floor((now - turn.at) / 1_000);
  return since < 2 ? "" : ` · waiting for the model, ${since} s`;
}

/** @param {Turn} turn @param {number} now */
function waiting(turn, now) {
  const why = turn.trouble?.code === "rate_limited" ? "That was fast" : "Busy";
  return `${why}: your message is kept, sending again in ${seconds(turn.retryAt, now)} s`;
}

const FAILED = {
  unavailable: "Not answered", internal: "Not answered", kept_back: "", not_found: "Lost", conflict: "Not sent",
  bad_frame: "Not sent", too_large: "Not sent",
};

/** @param {Turn} turn */
function failed({ trouble }) {
  const what = FAILED[/** @type {keyof typeof FAILED} */ (trouble?.code)] ?? "Not answered";
  return [what, trouble?.message].filter(Boolean).join(": ");
}

/** @param {Turn} turn */
function ended({ done, parts, private: off, trimmed }) {
  const kinds = new Set(parts.map(({ kind }) => kind));
  if (done?.blocked && !kinds.has("crisis")) return "The safety policy refused this.";
  if (trimmed) return "Interrupted here: the rest was not heard, and is not kept.";
  if (done?.stopped && !kinds.has("cut")) return kinds.has("text") ? "Stopped here." : "Stopped before the first word.";
  if (off && done && parts.every(({ text }) => !text)) return "It ended while the connection was away, and off the record nothing is kept.";
  return "";
}

/** The state of the whole page, in a word or two. @param {import("../state/state.js").State} state @param {Turn | undefined} running */
export function status({ connection: { status: now }, rights: { erasure } }, running) {
  if (now === "expired") return "signed out";
  if (now === "lost") return "offline";
  if (now === "connecting") return "connecting";
  if (erasure.phase === "asked") return "erasing";
  if (!running) return "ready";
  return { speaking: "speaking", waiting: "waiting", sending: "thinking", queued: "thinking" }[/** @type {string} */ (running.phase)] ?? "ready";
}

const LEGS = {
  words: "its words", nearby: "the words around it", around: "the words around it", words_smoothed: "the words around it",
  meaning: "its meaning", meaning_nearby: "the meaning around it", meaning_smoothed: "the meaning around it",
  speaker: "who said it", date: "the date", fact: "what it is about", asked: "what was asked",
};

/** @param {string[]} legs */
export const because = (legs) => [...new Set(legs.map((leg) => LEGS[/** @type {keyof typeof LEGS} */ (leg)] ?? leg))].join(", ");

/** What an older wording says otherwise than a newer one: "Maya lives in Graz" beside "… in Oslo" is "Graz". @param {string} older @param {string} newer */
export function otherwise(older, newer) {
  const [was, is] = [older, newer].map((text) => text.replace(/[.!]$/, "").split(/\s+/));
  const first = was.findIndex((word, index) => word !== is[index]);
  if (first <= 0) return `“${older}”`;
  const after = was.length - 1 - was.findLastIndex((word, index) => word !== is[index + is.length - was.length]);
  return was.slice(first, Math.max(was.length - after, first + 1)).join(" ");
}
