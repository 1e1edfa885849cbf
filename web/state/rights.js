// @ts-check
/**
 * What a person may ask for of everything about them: a copy of it, and its end.
 *
 * A copy whose connection was lost is not whole and never saved; an erasure is asked for again on every connection until
 * its end is told, because asking twice joins the one that runs.
 */

/**
 * @typedef {object} Copy
 * @property {"" | "asked" | "whole" | "failed"} phase
 * @property {Record<number, string>} parts
 * @property {number} size characters so far
 * @property {number} count parts that it has; 0: not known yet
 * @property {number} touched when something of it was last heard
 * @property {string} trouble
 * @property {number} again from when on it may be asked for again; 0: at once
 *
 * @typedef {object} Erasure
 * @property {"" | "asked" | "over" | "failed"} phase
 * @property {string} confirm
 * @property {Record<string, number>} manifest
 * @property {boolean} verified
 * @property {string} backups until when backups hold it; "": there are none
 * @property {string} trouble
 *
 * @typedef {{copy: Copy, erasure: Erasure}} Rights
 * @typedef {import("./turn.js").Frame} Frame
 */

const PATIENCE = 30_000;
const CUT = "The connection was lost before all of it had come";

/** @type {Copy} */
const NO_COPY = { phase: "", parts: {}, size: 0, count: 0, touched: 0, trouble: "", again: 0 };
/** @type {Erasure} */
const NO_ERASURE = { phase: "", confirm: "", manifest: {}, verified: false, backups: "", trouble: "" };
/** @type {Rights} */
export const EMPTY = { copy: NO_COPY, erasure: NO_ERASURE };

/** @param {Rights} rights */
export const erasing = ({ erasure }) => erasure.phase === "asked";

/** @param {Rights} rights */
export const collecting = ({ copy }) => copy.phase === "asked";

/** @param {Rights} rights @param {number} now @returns {[Rights, object[]]} */
export function exported(rights, now) {
  if (collecting(rights)) return [rights, []];
  return [{ ...rights, copy: { ...NO_COPY, phase: "asked", touched: now } }, [{ action: "export" }]];
}

/** Take a part; the last one says how many there are, and any may overtake it. @param {Rights} rights @param {Frame} frame @param {number} now @returns {Rights} */
export function part(rights, { part: number, last, data }, now) {
  const { copy } = rights;
  if (!collecting(rights) || number in copy.parts) return rights;
  const parts = { ...copy.parts, [number]: data };
  const count = last ? number + 1 : copy.count;
  const whole = count > 0 && Object.keys(parts).length === count;
  return { ...rights, copy: { ...copy, phase: whole ? "whole" : "asked", parts, size: copy.size + data.length, count, touched: now } };
}

/** The parts of a copy in their order. @param {Copy} copy */
export const inOrder = ({ parts, count }) => Array.from({ length: count }, (_, number) => parts[number]);

/** Without a connection no part will come. @param {Rights} rights @returns {Rights} */
export const lost = (rights) => (collecting(rights) ? broken(rights, CUT) : rights);

/** @param {Rights} rights @param {number} now @returns {Rights} */
export function ticked(rights, now) {
  const silent = collecting(rights) && now - rights.copy.touched > PATIENCE;
  return silent ? broken(rights, "No more of it came for half a minute") : rights;
}

/** @param {Rights} rights @param {string} trouble @param {number} [again] @returns {Rights} */
const broken = (rights, trouble, again = 0) => ({ ...rights, copy: { ...NO_COPY, phase: "failed", trouble, again } });

/** @param {Rights} rights @param {string} confirm @returns {[Rights, object[]]} */
export function erased(rights, confirm) {
  return [{ ...rights, erasure: { ...NO_ERASURE, phase: "asked", confirm } }, [{ action: "erase", confirm }]];
}

/** @param {Rights} rights @returns {object[]} */
export function reconnected(rights) {
  return erasing(rights) ? [{ action: "erase", confirm: rights.erasure.confirm }] : [];
}

/** Nothing is left of anything, the copy that was collected included. @param {Frame} frame @returns {Rights} */
export function over({ manifest, verified, backups_until: backups = "" }) {
  return { ...EMPTY, erasure: { ...NO_ERASURE, phase: "over", manifest, verified, backups } };
}

/** The person has read how it ended. @param {Rights} rights @returns {Rights} */
export const read = (rights) => (erasing(rights) ? rights : { ...rights, erasure: NO_ERASURE });

/** @param {Rights} rights @param {Frame} error @param {number} now @returns {Rights} */
export function failed(rights, { action, message, retry_after_ms: wait }, now) {
  if (action === "export") return collecting(rights) ? broken(rights, message, wait ? now + wait : 0) : rights;
  return { ...rights, erasure: { ...NO_ERASURE, phase: "failed", trouble: message } };
}
