// @ts-check
/** The conversation: turns in the order they were said, with what the server kept of earlier ones before them. */

import * as turns from "./turn.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {import("./turn.js").Frame} Frame
 * @typedef {{order: string[], turns: Record<string, Turn>, cursor: string | null, asked: "" | "page" | "text",
 *   loaded: boolean, trouble: string}} Talk
 */

const PAGE = 20;

/** @type {Talk} */
export const EMPTY = { order: [], turns: {}, cursor: null, asked: "", loaded: false, trouble: "" };

/** @param {Talk} talk @returns {Turn[]} */
export const inOrder = (talk) => talk.order.map((id) => talk.turns[id]);

/** The open turns in their order; the first is the one that is answered now. @param {Talk} talk */
export const openTurns = (talk) => inOrder(talk).filter(turns.open);

/** @param {Talk} talk @param {Turn} turn @returns {Talk} */
export function added(talk, turn) {
  return { ...talk, order: [...talk.order, turn.id], turns: { ...talk.turns, [turn.id]: turn } };
}

/** @param {Talk} talk @param {string} id @returns {Talk} */
export function without(talk, id) {
  const { [id]: _, ...rest } = talk.turns;
  return { ...talk, order: talk.order.filter((other) => other !== id), turns: rest };
}

/** Apply *step* to each turn and gather what it wants to send. @param {Talk} talk @param {(turn: Turn) => [Turn, object[]]} step @returns {[Talk, object[]]} */
export function each(talk, step) {
  /** @type {object[]} */
  const frames = [];
  let changed = talk;
  for (const turn of inOrder(talk)) {
    const [next, wanted] = step(turn);
    frames.push(...wanted);
    if (next !== turn) changed = replaced(changed, next);
  }
  return [changed, frames];
}

/** @param {Talk} talk @param {Turn} turn @returns {Talk} */
const replaced = (talk, turn) => ({ ...talk, turns: { ...talk.turns, [turn.id]: turn } });

/** Put the person's words in *turn* right, where they are the wrong ones. @param {Talk} talk @param {string} turn @param {string} wrong @param {string} right @returns {Talk} */
export function amended(talk, turn, wrong, right) {
  const said = talk.turns[turn];
  return said && said.text === wrong ? replaced(talk, { ...said, text: right }) : talk;
}

/** @param {Talk} talk @param {Frame} frame @param {number} now @returns {[Talk, object[]]} */
export function received(talk, frame, now) {
  const turn = talk.turns[frame.turn];
  if (!turn) return [talk, []];
  const [heard, frames] = turns.received(turn, frame, now);
  const next = frame.type === "accepted" ? { ...heard, others: Math.max(0, frame.position - ahead(talk, turn)) } : heard;
  if (next === turn) return [talk, frames];
  if (next.text !== null || turns.open(next)) return [replaced(talk, next), frames];
  return next.phase === "failed" ? [without(talk, turn.id), frames] : textAsked(replaced(talk, next), frames);
}

/** @param {Talk} talk @param {Turn} turn */
const ahead = (talk, turn) => openTurns({ ...talk, order: talk.order.slice(0, talk.order.indexOf(turn.id)) }).length;

/** What was said in a turn that outlived a reload is in the history once it is done. @param {Talk} talk @param {object[]} frames @returns {[Talk, object[]]} */
function textAsked(talk, frames) {
  if (talk.asked) return [talk, frames];
  return [{ ...talk, asked: "text" }, [...frames, { action: "history", limit: 5 }]];
}

/** @param {Talk} talk @returns {[Talk, object[]]} */
export function earlier(talk) {
  if (talk.asked || (talk.loaded && !talk.cursor)) return [talk, []];
  const before = talk.cursor ? { before: talk.cursor } : {};
  return [{ ...talk, asked: "page", trouble: "" }, [{ action: "history", limit: PAGE, ...before }]];
}

/** @param {Talk} talk @param {Frame} frame @returns {Talk} */
export function kept(talk, frame) {
  const shown = { ...talk.turns };
  const older = [];
  for (const turn of frame.turns.map(turns.past).reverse()) {
    const known = shown[turn.id];
    if (known) shown[turn.id] = { ...known, text: known.text ?? turn.text };
    else if (talk.asked === "page") {
      shown[turn.id] = turn;
      older.push(turn.id);
    }
  }
  const page = talk.asked === "page" ? { cursor: frame.cursor ?? null, loaded: true } : {};
  return { ...talk, ...page, order: [...older, ...talk.order], turns: shown, asked: "", trouble: "" };
}
