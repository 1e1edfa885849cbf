/**
 * The page's own turn-taking over recorded conversations: JSON of cases on stdin, when each turn is sent on stdout.
 *
 * A case is what a recogniser says and when, in milliseconds from the end of speech; the page hears the microphone in
 * frames, notices the end of speech after a pause, and decides at each frame.
 */

import { readFileSync } from "node:fs";

import { FRAME_MS } from "../../web/voice/activity.js";
import { QUIET, take } from "../../web/voice/turn-taking.js";

const END = 60_000; // The end of speech in the page's time: whatever came before is positive.
const PAUSE = 10 * FRAME_MS;
const NEVER = 5_000;

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map(sent)));

function sent(results) {
  const rest = results.map(({ at, ...result }) => ({ ...result, at: at + END, words: result.words.map((word) => ({ ...word, end: word.end + END })) }));
  let [state] = take(QUIET, { type: "voice", on: true, at: END - 3_000 });
  for (let at = END - 3_000; at < END + NEVER; at += FRAME_MS) {
    while (rest.length && rest[0].at <= at) [state] = take(state, { type: "result", id: "0", spoken: "", ...rest.shift(), at });
    if (state.voice && at - END >= PAUSE) [state] = take(state, { type: "voice", on: false, at, last: END });
    const [next, wishes] = take(state, { type: "tick", at });
    if (wishes.some((wish) => wish.do === "send")) return at - END;
    state = next;
  }
  return NEVER;
}
