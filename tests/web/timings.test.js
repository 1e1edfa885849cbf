import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../../web/protocol.js";
import { criticalPath, marks, spans } from "../../web/state/timings.js";
import { because, standing } from "../../web/views/words.js";

const TIMINGS = {
  total: [0, 1300], first_text: [0, 412], moderate_output: [352, 1290], model: [28, 1240], model_first: [28, 301],
  recall_long: [3, 27.5], recall_recent: [3, 9], moderate_input: [3, 61], queue: [0, 3],
};
const path = (timings) => criticalPath(timings).map(({ stage, start, end }) => [stage, start, end]);

test("stages are told in the order in which they can run, moments are none", () => {
  const names = spans(TIMINGS).map(({ stage }) => stage);

  assert.deepEqual(names, ["queue", "moderate_input", "recall_recent", "recall_long", "model_first", "model", "moderate_output"]);
});

test("the first word waits for queue, recall, model and its verdict, one after the other", () => {
  const expected = [["queue", 0, 3], ["recall_long", 3, 27.5], ["model_first", 28, 301], ["model", 301, 352], ["moderate_output", 352, 412]];

  assert.deepEqual(path(TIMINGS), expected);
});

test("the slower of the two recalls is on the path", () => {
  assert.equal(path({ ...TIMINGS, recall_recent: [3, 40] })[1][0], "recall_recent");
});

test("an answer that was there before its question was judged waited for that verdict", () => {
  assert.deepEqual(path({ ...TIMINGS, moderate_input: [3, 411.5] }), [["queue", 0, 3], ["moderate_input", 3, 411.5]]);
});

test("a turn without a word has no path to it", () => {
  assert.deepEqual(path({ queue: [0, 3], total: [0, 10] }), []);
});

test("an axis has round marks, five at most", () => {
  assert.deepEqual(marks(1300), [0, 500, 1000]);
  assert.deepEqual(marks(4), [0, 1, 2, 3, 4]);
});

test("the wait before a new connection doubles, is never without chance, and ends at half a minute", () => {
  assert.deepEqual([backoff(0, 0), backoff(0, 1), backoff(2, 0.5), backoff(20, 1)], [500, 1000, 3000, 30_000]);
});

test("a turn behind others says how many", () => {
  const turn = { phase: "queued", accepted: true, others: 0, at: 0, parts: [] };

  assert.equal(standing(turn, 2, 0, true), "In the queue, after 2 answers");
});

test("a kept message says when it is sent again", () => {
  const turn = { phase: "waiting", retryAt: 4_000, trouble: { code: "busy" } };

  assert.equal(standing(turn, 0, 2_100, true), "Busy: your message is kept, sending again in 2 s");
});

test("a leg that is new to the page is shown by its own name", () => {
  assert.equal(because(["words", "scent"]), "its words, scent");
});
