// @ts-check
/**
 * Who speaks when: `take(state, event)` gives the next state and what is wished, and touches nothing else.
 *
 * Time is the microphone's own: milliseconds of what it captured. A turn is over when nobody has spoken for as long as its
 * words ask for, and what was understood reaches to its end; the last final result is not waited for. Who speaks into an
 * answer hushes it at once, but only words end it.
 */

import { completeness, echoes, encourages, same, words as split } from "./completeness.js";
import { NOTHING, final, heard, lost, pending, reread, settled, taken, text } from "./transcript.js";

/** How long nobody speaks at the end of a turn, by what was said. */
export const HOLD = { whole: 300, unclear: 600, open: 1_200 };
const SOON = 750; // A recogniser whose last final came so soon after the speech is waited for where words tell nothing.
const LONGEST_HOLD = 2_000;
const LONGEST_RELEASE = 1_200;
const NOISY = 1_500; // Final words that long ago are a turn, whatever the room goes on with.
const REACHES = 250;
const LATE = 300;
const A_WORD = 700; // Who spoke longer than that after the last word has said more.
const LATEST = 6_000;
const SETTLED = 200;
const TALKED_OVER = 600;
const RESUME = 700;
const AMENDABLE = 3_000;
const CONTINUED = 4_000;
const A_SENTENCE = 3; // Words: fewer may be an answer that repeats what was asked.

/**
 * @typedef {{type: string, at: number, [field: string]: any}} Event_
 * @typedef {{do: "send" | "again" | "stop" | "duck" | "pause" | "resume", text: string}} Wish
 * @typedef {{text: string, at: number, voice: boolean, amended: boolean}} Sent *voice*: whether somebody has spoken since
 * @typedef {object} Taking
 * @property {boolean} pushing whether turns end with a button's release
 * @property {boolean} held
 * @property {boolean} voice
 * @property {number} since when the voice began
 * @property {number} last when it was last heard
 * @property {import("./transcript.js").Transcript} transcript
 * @property {number} finals how long after the speech its last final came
 * @property {string} carried what was said before a pause that was no end
 * @property {Sent | null} sent
 * @property {"none" | "thinking" | "speaking"} answer
 * @property {boolean} audible whether a sample of the answer was played
 * @property {number} ended when the last answer was over
 * @property {string} spoken what the loudspeaker said lately
 * @property {"" | "ducked" | "paused"} hushed
 * @typedef {[Taking, Wish[]]} Step
 */

/** @type {Taking} */
export const QUIET = {
  pushing: false, held: false, voice: false, since: 0, last: 0, transcript: NOTHING, finals: Infinity, carried: "", sent: null,
  answer: "none", audible: false, ended: -Infinity, spoken: "", hushed: "",
};

/** @param {Taking} state @param {Event_} event @returns {Step} */
export const take = (state, event) => HANDLERS[event.type](state, event);

/** @type {Record<string, (state: Taking, event: Event_) => Step>} */
const HANDLERS = {
  voice: (state, { on, at, last }) => (on ? began(state, at) : [{ ...state, voice: false, last }, []]),
  tick: (state, { at }) => (state.answer === "none" ? ending(state, at) : hushing(state, at)),
  result: understood,
  answer: answered,
  lost: (state) => [{ ...state, transcript: lost(state.transcript) }, []],
  press: pressed,
  release: (state, { last }) => [{ ...state, held: false, last }, []],
  free: (state) => [{ ...state, pushing: false, held: false }, []],
  deaf: (state) => resumed({ ...state, voice: false, held: false, carried: "", transcript: NOTHING }),
};

/** What would be sent: the words that no turn has taken, after those before a pause. @param {Taking} state */
export const words = ({ carried, transcript }) => joined(carried, text(pending(transcript)));

/** @param {...string} parts */
const joined = (...parts) => parts.filter(Boolean).join(" ");

/** @param {Wish["do"]} wish @param {string} [said] @returns {Wish[]} */
const wished = (wish, said = "") => [{ do: wish, text: said }];

/** @param {Taking} state @param {number} at @returns {Step} */
function began(state, at) {
  return ducked({ ...state, voice: true, since: at, sent: state.sent && { ...state.sent, voice: true } });
}

/** @param {Taking} state @returns {Step} */
function ducked(state) {
  if (!state.voice || state.answer !== "speaking" || state.hushed) return [state, []];
  return [{ ...state, hushed: "ducked" }, wished("duck")];
}

/** @param {Taking} state @param {Event_} event @returns {Step} */
function answered(state, { is, audible, spoken, at }) {
  const over = state.answer !== "none" && is === "none";
  return ducked({ ...state, answer: is, audible, spoken, ended: over ? at : state.ended, hushed: is === "speaking" ? state.hushed : "" });
}

/** Who presses the button wants to speak: there is no doubt to wait for. @param {Taking} state @param {Event_} event @returns {Step} */
function pressed(state, { at }) {
  const pushed = { ...state, pushing: true, held: true, sent: state.sent && { ...state.sent, voice: true } };
  return pushed.answer === "none" ? [pushed, []] : interrupted(pushed, at);
}

/** @param {Taking} state @param {Event_} event @returns {Step} */
function understood(state, { id, words: found, final: last, at, spoken }) {
  const finals = last && !state.voice ? at - state.last : state.finals;
  const next = { ...state, spoken, finals, transcript: heard(state.transcript, { id, words: found, final: last }, at) };
  if (state.sent && !state.sent.voice) return last ? amended(next, id, at) : [next, []];
  const news = text(pending(next.transcript));
  if (next.answer === "none" || !news || encourages(news) || (next.audible && echoes(news, spoken))) return [next, []];
  return interrupted(next, at);
}

/** The final words of a turn that was sent without them: other ones go instead, while nothing of its answer was heard. @param {Taking} state @param {string} id @param {number} at @returns {Step} */
function amended(state, id, at) {
  const sent = /** @type {Sent} */ (state.sent);
  const [before, now] = reread(state.transcript, id);
  const done = { ...state, transcript: taken(state.transcript) };
  const late = state.audible || sent.amended || at - sent.at > AMENDABLE || state.answer === "none";
  if (late || same(before, now) || !sent.text.endsWith(before)) return [done, []];
  const right = joined(sent.text.slice(0, sent.text.length - before.length).trim(), now);
  return [{ ...done, sent: { ...sent, text: right, amended: true } }, wished("again", right)];
}

/** Words into an answer end it; words before it was heard go on with what was said. @param {Taking} state @param {number} at @returns {Step} */
function interrupted(state, at) {
  const { sent, audible } = state;
  const carried = sent && !audible && at - sent.at <= CONTINUED ? sent.text : state.carried;
  return [{ ...state, answer: "none", audible: false, hushed: "", carried, sent: null }, wished("stop", carried)];
}

/** @param {Taking} state @param {number} at @returns {Step} */
function ending(state, at) {
  const said = words(state);
  if (!said || !over(state, said, at)) return [state, []];
  const next = { ...state, transcript: taken(state.transcript), carried: "" };
  if (meantForNobody(state)) return [next, []];
  return [{ ...next, sent: { text: said, at, voice: false, amended: false }, answer: "thinking", audible: false }, wished("send", said)];
}

/** Whether what was heard fell into the answer and only encouraged it, or was it. @param {Taking} state */
function meantForNobody({ transcript, carried, ended, spoken }) {
  const said = pending(transcript);
  if (carried || said.some(({ end }) => end > ended + REACHES)) return false;
  return encourages(text(said)) || (split(text(said)).length >= A_SENTENCE && echoes(text(said), spoken));
}

/** @param {Taking} state @param {number} at @returns {Step} */
function hushing(state, at) {
  if (!state.hushed) return [state, []];
  if (!state.voice) return at - state.last >= RESUME ? resumed({ ...state, transcript: taken(state.transcript) }) : [state, []];
  return state.hushed === "ducked" && at - state.since >= TALKED_OVER ? [{ ...state, hushed: "paused" }, wished("pause")] : [state, []];
}

/** @param {Taking} state @returns {Step} */
const resumed = (state) => [{ ...state, hushed: "" }, state.hushed ? wished("resume") : []];

/** @param {Taking} state @param {import("./completeness.js").Completeness} said */
function hold({ transcript, finals }, said) {
  const waits = said === "unclear" && finals <= SOON && !final(transcript);
  return waits ? Math.max(HOLD.unclear, finals + SETTLED) : HOLD[said];
}

/** Whether the turn that *said* would be has ended. @param {Taking} state @param {string} said @param {number} at */
function over(state, said, at) {
  if (state.held) return false;
  const unchanged = at - state.transcript.changed;
  if (state.voice && !state.pushing) return final(state.transcript) && unchanged >= NOISY;
  const quiet = at - state.last;
  if (quiet >= LATEST) return true;
  const missing = final(state.transcript) ? 0 : state.last - (pending(state.transcript).at(-1)?.end ?? 0);
  if (missing > A_WORD) return false;
  if (quiet >= (state.pushing ? LONGEST_RELEASE : LONGEST_HOLD)) return true;
  if (!state.pushing && quiet < hold(state, completeness(said))) return false;
  // A word that was said would be there by now, as late as the recogniser has just been.
  const reaches = missing <= REACHES || quiet >= state.transcript.lag + LATE;
  return reaches && (settled(state.transcript) || unchanged >= SETTLED);
}
