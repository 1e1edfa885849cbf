// @ts-check
/**
 * The whole page as one value: `update(state, event)` gives the next one and the frames to send, and touches nothing else.
 *
 * Time comes with the events. Frames are only handed out while the connection is open; whatever a lost one would have
 * said is said again by `opened`, because each wish stands in the state.
 */

import * as memory from "./memory.js";
import * as rights from "./rights.js";
import * as talk from "./talk.js";
import * as turns from "./turn.js";

/**
 * @typedef {{status: "connecting" | "open" | "lost" | "expired", retryAt: number, refused?: boolean, why?: "" | "expired" | "refused"}} Connection
 * @typedef {{connection: Connection, talk: talk.Talk, memory: memory.Memory, rights: rights.Rights, now: number, trouble: string}} State
 * @typedef {{type: string, now: number, [field: string]: any}} Event_
 * @typedef {[State, object[]]} Step
 */

/** @type {State} */
export const INITIAL = {
  connection: { status: "connecting", retryAt: 0 }, talk: talk.EMPTY, memory: memory.EMPTY, rights: rights.EMPTY, now: 0, trouble: "",
};

/** @param {State} state @param {Event_} event @returns {Step} */
export function update(state, event) {
  const handle = HANDLERS[event.type];
  const [next, frames] = handle({ ...state, now: event.now }, event);
  return [next, next.connection.status === "open" ? frames : []];
}

/** Whether time alone will change something. @param {State} state */
export function ticking({ connection, talk: { turns: all }, memory: { asked, waiting, refresh, forgetting }, rights: wishes }) {
  const counting = connection.status === "lost" || rights.collecting(wishes) || Object.values(all).some(turns.open);
  return counting || Boolean(asked || waiting.length || refresh.length || Object.keys(forgetting).length);
}

/** What would be lost with the page: words not yet accepted, a copy half come, or a forget that cannot be sent now. @param {State} state */
export function unsettled({ connection, talk: { turns: all }, memory: { forgetting, correcting }, rights: wishes }) {
  const words = Object.values(all).some((turn) => turns.open(turn) && !turn.accepted) || Object.keys(correcting).length > 0;
  const unsent = words || rights.collecting(wishes);
  return unsent || (connection.status !== "open" && Object.keys(forgetting).length > 0);
}

/** @type {Record<string, (state: State, event: Event_) => Step>} */
const HANDLERS = {
  connecting: (state) => [{ ...state, connection: { status: "connecting", retryAt: 0, refused: state.connection.refused } }, []],
  lost: (state, { retryAt }) => {
    const { refused } = state.connection;
    return [unlessExpired({ ...state, rights: rights.lost(state.rights) }, { status: "lost", retryAt, refused }), []];
  },
  handshake: (state, { refused }) => [{ ...state, connection: { ...state.connection, refused } }, []],
  signedOut: (state, { why }) => [{ ...state, connection: { status: "expired", retryAt: 0, why } }, []],
  opened,
  frame: received,
  tick,
  say: (state, { turn, text, private: off, voice, ended, instead, now }) => {
    const left = instead ? { ...state, talk: talk.without(state.talk, instead) } : state;
    const ear = ended ? { ended, sent: now } : null;
    return said(left, { ...turns.said(turn, text, off, now), voice: Boolean(voice), ear });
  },
  again: (state, { turn, id, now }) => {
    const { text, private: off, voice } = state.talk.turns[turn];
    const left = { ...state, talk: talk.without(state.talk, turn) };
    return said(left, { ...turns.said(id, text ?? "", off, now), voice });
  },
  reopened: (state, { turns: ids, now }) => {
    const reopened = ids.map((/** @type {string} */ id) => turns.reopened(id, now));
    return [{ ...state, talk: reopened.reduce(talk.added, state.talk) }, []];
  },
  stop,
  note: (state, { turn, moment, now }) => inTalk(state, talk.each(state.talk, (one) => (one.id === turn ? turns.noted(one, moment, now) : [one, []]))),
  earlier: (state) => inTalk(state, talk.earlier(state.talk)),
  search: (state, { query, now }) => inMemory(state, memory.searched(state.memory, query, now)),
  more: (state, { now }) => inMemory(state, memory.more(state.memory, now)),
  inspect,
  forget: (state, { memory: id, now }) => [{ ...state, memory: memory.forgetting(state.memory, id, now) }, []],
  undo: (state, { memory: id }) => [{ ...state, memory: memory.undone(state.memory, id) }, []],
  edit: (state, { memory: id }) => [{ ...state, memory: memory.opened(state.memory, id) }, []],
  keep: (state, { memory: id }) => [{ ...state, memory: memory.left(state.memory, id) }, []],
  correct: (state, { memory: id, text, now }) => inMemory(state, memory.correct(state.memory, id, text, now)),
  export: (state, { now }) => inRights(state, rights.exported(state.rights, now)),
  erase: (state, { confirm }) => inRights(state, rights.erased(state.rights, confirm)),
  read: (state) => [{ ...state, rights: rights.read(state.rights) }, []],
  leave: (state) => (connected(state) ? inMemory(state, memory.due(state.memory, Infinity)) : [state, []]),
  understood: (state) => [{ ...state, trouble: "" }, []],
};

/** @param {State} state */
const connected = (state) => state.connection.status === "open";

/** @param {State} state @param {[talk.Talk, object[]]} step @returns {Step} */
const inTalk = (state, [next, frames]) => [{ ...state, talk: next }, frames];

/** @param {State} state @param {[memory.Memory, object[]]} step @returns {Step} */
const inMemory = (state, [next, frames]) => [{ ...state, memory: next }, frames];

/** @param {State} state @param {[rights.Rights, object[]]} step @returns {Step} */
const inRights = (state, [next, frames]) => [{ ...state, rights: next }, frames];

/** @param {State} state @param {Connection} connection @returns {State} */
const unlessExpired = (state, connection) => (state.connection.status === "expired" ? state : { ...state, connection });

/** @param {State} state @param {turns.Turn} turn @returns {Step} */
const said = (state, turn) => [{ ...state, talk: talk.added(state.talk, turn) }, [turns.ask(turn)]];

/** @param {State} state @param {Event_} event @returns {Step} */
function opened(state, { now }) {
  const open = { ...state, connection: /** @type {Connection} */ ({ status: "open", retryAt: 0 }) };
  const [brought, frames] = talk.each(open.talk, (turn) => turns.reconnected(turn, now));
  const page = brought.asked === "page" || !brought.loaded;
  const [asked, history] = page ? talk.earlier({ ...brought, asked: "" }) : [{ ...brought, asked: /** @type {const} */ ("") }, []];
  const [next, questions] = memory.reconnected(open.memory, now);
  return [{ ...open, talk: asked, memory: next }, [...rights.reconnected(state.rights), ...frames, ...history, ...questions]];
}

/** @param {State} state @param {Event_} event @returns {Step} */
function tick(state, { now }) {
  if (!connected(state)) return [state, []];
  const [talked, frames] = talk.each(state.talk, (turn) => turns.ticked(turn, now));
  const [dropped, forgets] = memory.due(state.memory, now);
  const [next, questions] = memory.ticked(dropped, now);
  return [{ ...state, talk: talked, memory: next, rights: rights.ticked(state.rights, now) }, [...frames, ...forgets, ...questions]];
}

/** @param {State} state @param {Event_} event @returns {Step} */
function stop(state, { turn, heard }) {
  const target = turn ? state.talk.turns[turn] : talk.openTurns(state.talk)[0];
  if (!target) return [state, []];
  return inTalk(state, talk.each(state.talk, (one) => (one === target ? turns.stopped(one, connected(state), heard) : [one, []])));
}

/** See to it that what an answer recalled can be shown. @param {State} state @param {Event_} event @returns {Step} */
function inspect(state, { turn, now }) {
  const { text, done } = state.talk.turns[turn];
  const missing = (done?.recalled ?? []).some((/** @type {string} */ id) => !state.memory.records[id]);
  return text && missing ? inMemory(state, memory.lookedUp(state.memory, text, now)) : [state, []];
}

/** @param {State} state @param {Event_} event @returns {Step} */
function received(state, { frame, now }) {
  switch (frame.type) {
    case "history":
      return [{ ...state, talk: talk.kept(state.talk, frame) }, []];
    case "memories":
      return inMemory({ ...state, talk: putRight(state, frame) }, memory.remembered(state.memory, frame, now));
    case "forgotten":
      return forgotten(state, frame.memory, now);
    case "export":
      return [{ ...state, rights: rights.part(state.rights, frame, now) }, []];
    case "erased":
      return erased(state, frame, now);
    case "error":
      return refused(state, frame, now);
    default:
      return spoken(state, frame, now);
  }
}

/** What was said and is corrected is amended where it was said, as the server does. @param {State} state @param {turns.Frame} frame @returns {talk.Talk} */
function putRight({ talk: said, memory: { asked, records } }, { records: [right] }) {
  const wrong = asked?.purpose === "correct" ? records[asked.memory] : undefined;
  return wrong?.source && wrong.kind === "said" && right ? talk.amended(said, wrong.source, wrong.text, right.text) : said;
}

/** @param {State} state @param {turns.Frame} frame @param {number} now @returns {Step} */
function spoken(state, frame, now) {
  const before = state.talk.turns[frame.turn]?.phase;
  const [next, frames] = talk.received(state.talk, frame, now);
  const turn = next.turns[frame.turn];
  const kept = turn?.phase === "done" && (before !== "done" || frame.type === "trimmed") && !turn.private;
  return [{ ...state, talk: next, memory: kept ? memory.stale(state.memory, now) : state.memory }, frames];
}

/** @param {State} state @param {string} id @param {number} now @returns {Step} */
function forgotten(state, id, now) {
  const source = state.memory.records[id]?.source;
  const left = source ? talk.without(state.talk, source) : state.talk;
  return inMemory({ ...state, talk: left }, memory.forgotten(state.memory, id, now));
}

/** Begin anew, and look whether there is really nothing. @param {State} state @param {turns.Frame} frame @param {number} now @returns {Step} */
function erased(state, frame, now) {
  const fresh = { ...state, talk: { ...talk.EMPTY, loaded: true }, rights: rights.over(frame), trouble: "" };
  return inMemory(fresh, memory.searched(memory.EMPTY, "", now));
}

/** @param {State} state @param {turns.Frame} error @param {number} now @returns {Step} */
function refused(state, error, now) {
  const theirs = error.action === "export" || error.action === "erase";
  const told = theirs ? { ...state, rights: rights.failed(state.rights, error, now) } : state;
  if (error.code === "expired") return [{ ...told, connection: { status: "expired", retryAt: 0 } }, []];
  if (theirs) return [told, []];
  const turn = error.turn ?? (error.action === "send" ? firstSending(state) : undefined);
  if (turn) return spoken(state, { ...error, turn }, now);
  if (error.action !== "correct" && error.memory && error.code === "not_found") return forgotten(state, error.memory, now);
  if (error.memory || error.action === "memories" || error.action === "correct") return [{ ...state, memory: memory.failed(state.memory, error, now) }, []];
  if (error.action === "listen") return [state, []]; // Who asked for it says so.
  if (error.action === "history") return [{ ...state, talk: { ...state.talk, asked: "", trouble: error.message } }, []];
  return [{ ...state, trouble: error.message }, []];
}

/** A refused frame may have been too broken to say which turn it was. @param {State} state */
const firstSending = (state) => talk.openTurns(state.talk).find(({ phase }) => phase === "sending")?.id;
