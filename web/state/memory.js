// @ts-check
/**
 * What the companion remembers, as far as the page has asked, what is being corrected, and what is about to be forgotten.
 *
 * An answer does not name its question, so one is asked at a time; of several that wait, the newest of a purpose counts.
 * A correction is such a question too: its answer is the record as it stands now.
 */

/**
 * @typedef {{memory: string, text: string, kind: "said" | "fact", speaker: string, at: string, from?: string,
 *   until?: string, replaces?: string, expires?: string, source?: string}} Record_
 * @typedef {{purpose: "list" | "fresh" | "more" | "lookup", query: string, cursor?: string}} Look
 * @typedef {{purpose: "correct", query: string, memory: string}} Correction
 * @typedef {Look | Correction} Question
 * @typedef {{sent: boolean, trouble: string}} Correcting
 * @typedef {{due: number, sent: boolean}} Forgetting
 * @typedef {object} Memory
 * @property {Record<string, Record_>} records
 * @property {string[]} listed
 * @property {string} query
 * @property {string | null} cursor
 * @property {boolean} loaded
 * @property {Question | null} asked
 * @property {number} askedAt
 * @property {Question[]} waiting
 * @property {number} notBefore
 * @property {number[]} refresh
 * @property {Record<string, Forgetting>} forgetting
 * @property {Record<string, Correcting>} correcting
 * @property {string} trouble
 */

const PAGE = 50;
const QUERY = 1_000;
const PATIENCE = 10_000;
export const UNDO = 10_000;

/** @type {Memory} */
export const EMPTY = {
  records: {}, listed: [], query: "", cursor: null, loaded: false, asked: null, askedAt: 0, waiting: [], notBefore: 0,
  refresh: [], forgetting: {}, correcting: {}, trouble: "",
};

/** @param {Memory} memory @param {Question} question @param {number} now @returns {[Memory, object[]]} */
function wanted(memory, question, now) {
  const waiting = [...memory.waiting.filter((other) => !replaces(question, other)), question];
  return pumped({ ...memory, waiting }, now);
}

/** @param {Question} question @param {Question} other */
const replaces = (question, other) => question.purpose === other.purpose && subject(question) === subject(other);

/** @param {Question} question */
const subject = (question) => (question.purpose === "correct" ? question.memory : "");

/** @param {Memory} memory @param {number} now @returns {[Memory, object[]]} */
function pumped(memory, now) {
  if (memory.asked || !memory.waiting.length || memory.notBefore > now) return [memory, []];
  const [asked, ...waiting] = memory.waiting;
  return [{ ...memory, asked, askedAt: now, waiting, trouble: "" }, [frame(asked)]];
}

/** @param {Question} question */
function frame(question) {
  if (question.purpose === "correct") return { action: "correct", memory: question.memory, text: question.query };
  const { query, cursor } = question;
  const cut = [...query].slice(0, QUERY).join("");
  return { action: "memories", limit: PAGE, ...(cut && { query: cut }), ...(cursor && { cursor }) };
}

/** @param {Memory} memory @param {string} query @param {number} now @returns {[Memory, object[]]} */
export function searched(memory, query, now) {
  return wanted({ ...memory, query }, { purpose: "list", query }, now);
}

/** @param {Memory} memory @param {number} now @returns {[Memory, object[]]} */
export function more(memory, now) {
  if (!memory.cursor) return [memory, []];
  return wanted(memory, { purpose: "more", query: memory.query, cursor: memory.cursor }, now);
}

/** Ask for records by what recalled them: they have no other address. @param {Memory} memory @param {string} text @param {number} now @returns {[Memory, object[]]} */
export const lookedUp = (memory, text, now) => wanted(memory, { purpose: "lookup", query: text }, now);

/** Look again in a moment: what was said becomes a memory in the background. @param {Memory} memory @param {number} now @returns {Memory} */
export const stale = (memory, now) => ({ ...memory, refresh: [now + 800, now + 4_000] });

/** @param {Memory} memory @param {number} now @returns {[Memory, object[]]} */
export function reconnected(memory, now) {
  const lost = memory.asked ? [memory.asked] : [];
  const again = { ...memory, asked: null, waiting: [...lost, ...memory.waiting] };
  const due = Object.entries(memory.forgetting).filter(([, { sent }]) => sent).map(([id]) => ({ action: "forget", memory: id }));
  const [next, frames] = wanted(again, { purpose: "list", query: memory.query }, now);
  return [next, [...frames, ...due]];
}

/** @param {Memory} memory @param {{records: Record_[], cursor?: string}} answer @param {number} now @returns {[Memory, object[]]} */
export function remembered(memory, answer, now) {
  const records = { ...memory.records };
  for (const record of answer.records) records[record.memory] = record;
  const { asked } = memory;
  const known = { ...memory, records, asked: null };
  if (!asked) return pumped(known, now);
  return pumped(asked.purpose === "correct" ? corrected(known, asked.memory, answer.records[0], now) : { ...known, ...listed(memory, asked, answer) }, now);
}

/** Put the record as it is now where the one that was wrong stood: it may have got another id. @param {Memory} memory @param {string} id @param {Record_ | undefined} record @param {number} now @returns {Memory} */
function corrected(memory, id, record, now) {
  const list = memory.listed.map((other) => (other === id && record ? record.memory : other));
  return stale({ ...memory, listed: [...new Set(list)], correcting: without(memory.correcting, id) }, now);
}

/** @param {Memory} memory @param {Look} asked @param {{records: Record_[], cursor?: string}} answer @returns {Partial<Memory>} */
function listed(memory, asked, { records, cursor = undefined }) {
  if (asked.purpose === "lookup" || asked.query !== memory.query) return {};
  const ids = records.map((record) => record.memory);
  const page = { cursor: cursor ?? null, loaded: true };
  if (asked.purpose === "more") return { ...page, listed: [...new Set([...memory.listed, ...ids])] };
  if (asked.purpose === "fresh" && memory.listed.length > PAGE) return { listed: [...new Set([...ids, ...memory.listed])] };
  return { ...page, listed: ids };
}

/** Open the words of a record to be written anew. @param {Memory} memory @param {string} id @returns {Memory} */
export const opened = (memory, id) => ({ ...memory, correcting: { ...memory.correcting, [id]: { sent: false, trouble: "" } } });

/** Leave the words as they were; what was sent already is answered. @param {Memory} memory @param {string} id @returns {Memory} */
export const left = (memory, id) => (memory.correcting[id]?.sent ? memory : { ...memory, correcting: without(memory.correcting, id) });

/** @param {Memory} memory @param {string} id @param {string} text @param {number} now @returns {[Memory, object[]]} */
export function correct(memory, id, text, now) {
  const correcting = { ...memory.correcting, [id]: { sent: true, trouble: "" } };
  return wanted({ ...memory, correcting }, { purpose: "correct", memory: id, query: text }, now);
}

/** @param {Memory} memory @param {string} id @param {number} now @returns {Memory} */
export function forgetting(memory, id, now) {
  return { ...memory, trouble: "", forgetting: { ...memory.forgetting, [id]: { due: now + UNDO, sent: false } } };
}

/** Keep a record after all; what was sent already cannot be undone. @param {Memory} memory @param {string} id @returns {Memory} */
export function undone(memory, id) {
  return memory.forgetting[id]?.sent ? memory : { ...memory, forgetting: without(memory.forgetting, id) };
}

/** Send every forget that is due; the caller says when that is. @param {Memory} memory @param {number} now @returns {[Memory, object[]]} */
export function due(memory, now) {
  const ripe = Object.keys(memory.forgetting).filter((id) => !memory.forgetting[id].sent && memory.forgetting[id].due <= now);
  if (!ripe.length) return [memory, []];
  const sent = Object.fromEntries(ripe.map((id) => [id, { ...memory.forgetting[id], sent: true }]));
  const frames = ripe.map((id) => ({ action: "forget", memory: id }));
  return [{ ...memory, forgetting: { ...memory.forgetting, ...sent } }, frames];
}

/** @param {Memory} memory @param {string} id @param {number} now @returns {[Memory, object[]]} */
export function forgotten(memory, id, now) {
  const rest = {
    ...memory,
    records: without(memory.records, id),
    listed: memory.listed.filter((other) => other !== id),
    forgetting: without(memory.forgetting, id),
    correcting: without(memory.correcting, id),
  };
  return wanted(rest, { purpose: "fresh", query: memory.query }, now);
}

/** @param {Memory} memory @param {import("./turn.js").Frame} error @param {number} now @returns {Memory} */
export function failed(memory, error, now) {
  const { asked } = memory;
  if (asked && error.retry_after_ms && error.action !== "forget") {
    return { ...memory, asked: null, waiting: [asked, ...memory.waiting], notBefore: now + error.retry_after_ms };
  }
  if (error.action === "correct") return uncorrected(memory, error);
  if (error.memory) {
    const trouble = `Not forgotten: ${error.message}. It is still kept; try again.`;
    return { ...memory, trouble, forgetting: without(memory.forgetting, error.memory) };
  }
  return { ...memory, asked: null, trouble: `${error.message}.` };
}

/** @param {Memory} memory @param {import("./turn.js").Frame} error @returns {Memory} */
function uncorrected(memory, { memory: id, message }) {
  const { asked } = memory;
  const mine = asked?.purpose === "correct" && asked.memory === (id ?? asked.memory);
  if (!mine || !memory.correcting[asked.memory]) return mine ? { ...memory, asked: null } : memory;
  const trouble = { sent: false, trouble: `Not changed: ${message}.` };
  return { ...memory, asked: null, correcting: { ...memory.correcting, [asked.memory]: trouble } };
}

/** @param {Memory} memory @param {number} now @returns {[Memory, object[]]} */
export function ticked(memory, now) {
  const silent = memory.asked && now - memory.askedAt > PATIENCE;
  const awake = silent ? { ...memory, asked: null, waiting: [/** @type {Question} */ (memory.asked), ...memory.waiting] } : memory;
  const fresh = awake.refresh.some((at) => at <= now);
  const rest = fresh ? { ...awake, refresh: awake.refresh.filter((at) => at > now) } : awake;
  return fresh ? wanted(rest, { purpose: "fresh", query: rest.query }, now) : pumped(rest, now);
}

/** @template T @param {Record<string, T>} all @param {string} id @returns {Record<string, T>} */
function without(all, id) {
  const { [id]: _, ...rest } = all;
  return rest;
}
