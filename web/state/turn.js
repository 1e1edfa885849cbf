// @ts-check
/**
 * One turn as the page knows it, moved by the frames that name it.
 *
 * Durable frames are applied in the order of `seq` and once only: one that comes early is held, and what is missing
 * before it is asked for from the last contiguous number on.
 */

/**
 * @typedef {{type: string, [field: string]: any}} Frame
 * @typedef {"sending" | "queued" | "speaking" | "waiting" | "done" | "failed"} Phase
 * @typedef {{kind: string, text: string}} Part
 * @typedef {{code: string, message: string}} Trouble
 * @typedef {{heard_ms?: number, heard_chars?: number}} Heard
 * @typedef {{ended: number, sent: number, text?: number, audio?: number, played?: number}} Ear when what was said ended and was sent, and what came of it
 * @typedef {object} Turn
 * @property {string} id
 * @property {string | null} text what the person said; null where only the id outlived a reload
 * @property {boolean} private
 * @property {boolean} voice whether its answer is to be heard
 * @property {Ear | null} ear
 * @property {number} at
 * @property {Phase} phase
 * @property {boolean} accepted whether the server is known to have it
 * @property {number} others turns before it that this page doesn't know: another window's
 * @property {boolean} stopping whether the person asked it to stop
 * @property {Heard} heard how much of it had been heard by then
 * @property {boolean} trimmed whether what was not heard is cut off
 * @property {Part[]} parts what is shown of the answer, in order
 * @property {number} next the first `seq` that is missing
 * @property {Record<number, Frame>} held frames that came before their turn
 * @property {number} asked the `seq` that was last asked for by a gap
 * @property {number} touched when something was last heard or asked of it
 * @property {number} retryAt when it is sent again; 0: never
 * @property {Trouble | null} trouble
 * @property {Frame | null} done
 */

const PATIENCE = 15_000;
const GAP_PATIENCE = 2_000;
const RETRY_AFTER = 2_000;

/** @type {Pick<Turn, "accepted" | "others" | "stopping" | "heard" | "trimmed" | "voice" | "ear" | "parts" | "next" | "held" | "asked" | "retryAt" | "trouble" | "done">} */
const BLANK = {
  accepted: false, others: 0, stopping: false, heard: {}, trimmed: false, voice: false, ear: null, parts: [], next: 0, held: {}, asked: -1,
  retryAt: 0, trouble: null, done: null,
};

/** @param {string} id @param {string} text @param {boolean} off @param {number} now @returns {Turn} */
export const said = (id, text, off, now) => ({ ...BLANK, id, text, private: off, at: now, phase: "sending", touched: now });

/** A turn that was open when the page was reloaded: only its id is known. @param {string} id @param {number} now @returns {Turn} */
export const reopened = (id, now) => ({ ...said(id, "", false, now), text: null, phase: "queued", accepted: true });

/** @param {{turn: string, at: string, text: string, reply: string}} kept @returns {Turn} */
export function past({ turn, at, text, reply }) {
  const parts = reply ? [{ kind: "text", text: reply }] : [];
  return { ...BLANK, id: turn, text, private: false, at: Date.parse(at), phase: "done", touched: 0, parts };
}

/** @param {Turn} turn */
export const open = (turn) => turn.phase !== "done" && turn.phase !== "failed";

/** @param {Turn} turn */
export const reply = (turn) => turn.parts.filter(({ kind }) => kind === "text").map(({ text }) => text).join("");

/** The frame that brings an open turn forward: what it is, or what of it is missing. @param {Turn} turn */
export function ask({ id, text, accepted, next, private: off, voice }) {
  if (accepted) return { action: "resume", turn: id, after: next - 1 };
  return { action: "send", turn: id, text, ...(off && { private: true }), ...(voice && { voice: true }) };
}

/** What an open turn needs on a new connection. @param {Turn} turn @param {number} now @returns {[Turn, object[]]} */
export function reconnected(turn, now) {
  if (!open(turn) || turn.retryAt > now) return [turn, []];
  return brought({ ...turn, asked: turn.next }, now);
}

/** @param {Turn} turn @param {number} now @returns {[Turn, object[]]} */
function brought(turn, now) {
  const asked = { ...turn, phase: turn.phase === "waiting" ? /** @type {Phase} */ ("sending") : turn.phase, retryAt: 0, touched: now };
  const stop = turn.stopping ? [{ action: "interrupt", turn: turn.id, ...turn.heard }] : [];
  return [asked, [ask(asked), ...stop]];
}

/** Ask again where a time is over: a wait, a gap, a long silence. @param {Turn} turn @param {number} now @returns {[Turn, object[]]} */
export function ticked(turn, now) {
  if (!open(turn)) return [turn, []];
  if (turn.retryAt) return turn.retryAt <= now ? brought(turn, now) : [turn, []];
  const patience = Object.keys(turn.held).length ? GAP_PATIENCE : PATIENCE;
  return now - turn.touched >= patience ? brought(turn, now) : [turn, []];
}

/** Stop a turn: one that runs is interrupted, one that is done is cut to what was *heard*, one that only waits here is not sent. @param {Turn} turn @param {Heard} [heard] @returns {[Turn, object[]]} */
export function stopped(turn, connected = true, heard = {}) {
  const here = turn.phase === "waiting" || (turn.phase === "sending" && !connected);
  if (!here) return [open(turn) ? { ...turn, stopping: true, heard } : turn, [{ action: "interrupt", turn: turn.id, ...heard }]];
  return [{ ...turn, phase: "failed", retryAt: 0, trouble: { code: "kept_back", message: "Not sent." } }, []];
}

/** @param {Turn} turn @param {Frame} frame @param {number} now @returns {[Turn, object[]]} */
export function received(turn, frame, now) {
  switch (frame.type) {
    case "accepted":
      return [accepted(turn, now), []];
    case "text":
    case "notice":
    case "done":
      return durable(turn, frame, now);
    case "busy":
      return [waits(turn, frame, now, "busy"), []];
    case "error":
      return [refused(turn, frame, now), []];
    case "trimmed":
      return [trimmed(turn, frame.chars), []];
    default:
      return [turn, []];
  }
}

/** @param {Turn} turn @param {number} now @returns {Turn} */
function accepted(turn, now) {
  const waited = turn.phase === "sending" || turn.phase === "waiting";
  return { ...turn, accepted: true, phase: waited ? "queued" : turn.phase, touched: now, retryAt: 0, trouble: null };
}

/** @param {Turn} turn @param {Frame} frame @param {number} now @returns {[Turn, object[]]} */
function durable(turn, frame, now) {
  if (frame.seq < turn.next || turn.held[frame.seq] || turn.phase === "done") return [turn, []];
  const held = { ...turn.held, [frame.seq]: frame };
  const ready = [];
  for (let seq = turn.next; held[seq]; seq += 1) {
    ready.push(held[seq]);
    delete held[seq];
  }
  const heard = { ...accepted(turn, now), held, next: turn.next + ready.length };
  const moved = ready.reduce(applied, heard);
  if (!Object.keys(held).length || moved.asked === moved.next) return [moved, []];
  return [{ ...moved, asked: moved.next }, [ask(moved)]];
}

/** Leave of an answer what was heard: its first *chars* code points. @param {Turn} turn @param {number} chars @returns {Turn} */
function trimmed(turn, chars) {
  let left = chars;
  const parts = turn.parts.map((part) => {
    if (part.kind !== "text") return part;
    const points = [...part.text];
    const text = points.slice(0, left).join("");
    left = Math.max(0, left - points.length);
    return { ...part, text };
  });
  return { ...turn, parts, trimmed: true };
}

/** Keep when something of a spoken turn happened first. @param {Turn} turn @param {"text" | "audio" | "played"} moment @param {number} now @returns {[Turn, object[]]} */
export function noted(turn, moment, now) {
  return [turn.ear && !turn.ear[moment] ? { ...turn, ear: { ...turn.ear, [moment]: now } } : turn, []];
}

/** @param {Turn} turn @param {Frame} frame @returns {Turn} */
function applied(turn, frame) {
  if (frame.type === "done") return { ...turn, phase: "done", done: frame, held: {} };
  const part = frame.type === "text" ? { kind: "text", text: frame.delta } : { kind: frame.kind, text: frame.text };
  const told = { ...turn, parts: [...turn.parts, part] };
  return frame.type === "text" ? { ...noted(told, "text", turn.touched)[0], phase: "speaking" } : told;
}

/** @param {Turn} turn @param {Frame} frame @param {number} now @param {string} code @returns {Turn} */
function waits(turn, frame, now, code) {
  if (!open(turn) || turn.next || turn.retryAt) return turn;
  const retryAt = now + (frame.retry_after_ms ?? RETRY_AFTER);
  return { ...turn, phase: "waiting", accepted: false, retryAt, touched: now, trouble: { code, message: frame.message ?? "" } };
}

/** @param {Turn} turn @param {Frame} frame @param {number} now @returns {Turn} */
function refused(turn, frame, now) {
  const { action, code, message } = frame;
  if (!open(turn) || action === "interrupt") return turn;
  if ((code === "rate_limited" || code === "busy") && action !== "resume") return waits(turn, frame, now, code);
  if (action === "resume" && code !== "not_found") {
    return { ...turn, retryAt: now + (frame.retry_after_ms ?? RETRY_AFTER), touched: now };
  }
  return { ...turn, phase: "failed", retryAt: 0, trouble: { code, message } };
}
