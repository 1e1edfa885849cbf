import assert from "node:assert/strict";
import { test } from "node:test";

import { unsettled } from "../../web/state/state.js";
import { Page, TURN } from "./page.js";

const OSLO = "44444444-4444-4444-8444-444444444444";
const GRAZ = "55555555-5555-4555-8555-555555555555";
const record = (memory, text, more = {}) => ({ memory, text, kind: "said", speaker: "user", at: "2026-11-21T10:00:00Z", ...more });
const known = () => new Page({ records: [record(OSLO, "Maya lives in Oslo", { source: TURN }), record(GRAZ, "Maya lived in Graz")] });
const forgets = (page) => page.took().filter(({ action }) => action === "forget");

test("a memory is forgotten only after ten seconds", () => {
  const page = known().event("forget", { memory: OSLO });

  assert.deepEqual(forgets(page.at(9_999)), []);
  assert.deepEqual(forgets(page.at(10_000)), [{ action: "forget", memory: OSLO }]);
});

test("a forget that was undone is never sent", () => {
  const page = known().event("forget", { memory: OSLO }).at(9_000).event("undo", { memory: OSLO });

  assert.deepEqual(forgets(page.at(60_000).event("leave")), []);
});

test("who leaves the page has not undone: it is sent at once", () => {
  const page = known().event("forget", { memory: OSLO });

  assert.deepEqual(forgets(page.event("leave")), [{ action: "forget", memory: OSLO }]);
});

test("without a connection a forget stays, and holds the page back", () => {
  const page = known().event("forget", { memory: OSLO }).event("lost", { retryAt: 1 });
  assert.equal(unsettled(page.state), true);
  assert.deepEqual(forgets(page.at(20_000).event("leave")), []);

  page.event("opened");
  assert.deepEqual(forgets(page.at(20_000)), [{ action: "forget", memory: OSLO }]);
});

test("a forget without an answer is sent again on a new connection", () => {
  const page = known().event("forget", { memory: OSLO }).at(10_000).event("lost", { retryAt: 1 });
  page.took();

  assert.deepEqual(forgets(page.event("opened")), [{ action: "forget", memory: OSLO }]);
});

test("what is forgotten leaves the list, and the talk it came from", () => {
  const page = known().say(TURN).done(0).event("forget", { memory: OSLO }).at(10_000);

  page.frame({ type: "forgotten", memory: OSLO });

  assert.deepEqual([page.state.memory.listed, page.state.talk.order], [[GRAZ], []]);
});

test("a memory that is gone already counts as forgotten", () => {
  const page = known().event("forget", { memory: OSLO }).at(10_000);

  page.frame({ type: "error", action: "forget", memory: OSLO, code: "not_found", message: "no such memory" });

  assert.deepEqual(page.state.memory.listed, [GRAZ]);
});

test("a forget that is refused is told and the memory shown as kept", () => {
  const page = known().event("forget", { memory: OSLO }).at(10_000);

  page.frame({ type: "error", action: "forget", memory: OSLO, code: "unavailable", message: "not now" });

  assert.match(page.state.memory.trouble, /^Not forgotten: not now/);
  assert.deepEqual(page.state.memory.forgetting, {});
});

test("of several searches while one is asked only the last is asked next", () => {
  const page = known().event("search", { query: "o" });
  page.took();

  page.event("search", { query: "os" }).event("search", { query: "osl" });
  assert.deepEqual(page.took(), []);
  page.frame({ type: "memories", records: [] });

  assert.deepEqual(page.took(), [{ action: "memories", limit: 50, query: "osl" }]);
});

test("the answer to an older search is not shown for a newer one", () => {
  const page = known().event("search", { query: "o" }).event("search", { query: "graz" });

  page.frame({ type: "memories", records: [] });

  assert.equal(page.state.memory.listed.length, 2);
});

test("more is asked for by the cursor and added", () => {
  const page = new Page({ records: [record(OSLO, "Oslo")], more: "c1" });

  assert.deepEqual(page.event("more").took(), [{ action: "memories", limit: 50, cursor: "c1" }]);
  page.frame({ type: "memories", records: [record(GRAZ, "Graz")] });
  assert.deepEqual(page.state.memory.listed, [OSLO, GRAZ]);
});

test("after an answer is done the memories are looked at again, twice", () => {
  const page = known().say().done(0);
  page.took();

  assert.equal(page.at(800).took().length, 1);
  page.frame({ type: "memories", records: [] });
  assert.equal(page.at(4_000).took().length, 1);
});

test("what was off the record changes no memory, so none is looked at", () => {
  const page = known().say(TURN, "Hello", { private: true }).done(0);
  page.took();

  assert.deepEqual(page.at(5_000).took(), []);
});

test("a recalled memory that is not known is looked up by what recalled it", () => {
  const page = known().say(TURN, "Where is Maya?");
  page.frame({ type: "done", turn: TURN, seq: 0, recalled: ["66666666-6666-4666-8666-666666666666"], why: {}, timings: {} });
  page.took();

  assert.deepEqual(page.event("inspect", { turn: TURN }).took(), [{ action: "memories", limit: 50, query: "Where is Maya?" }]);
});

test("what is looked up does not change what is listed", () => {
  const page = known().say().frame({ type: "done", turn: TURN, seq: 0, recalled: ["unknown"], why: {}, timings: {} });

  page.event("inspect", { turn: TURN }).frame({ type: "memories", records: [record("unknown", "Something")] });

  assert.deepEqual([page.state.memory.listed, page.state.memory.records.unknown.text], [[OSLO, GRAZ], "Something"]);
});

test("a search refused for its rate is asked again when its time has come", () => {
  const page = known().event("search", { query: "oslo" });
  page.frame({ type: "error", action: "memories", code: "rate_limited", message: "wait", retry_after_ms: 900 }).took();

  assert.deepEqual(page.at(899).took(), []);
  assert.equal(page.at(900).took()[0].query, "oslo");
});

test("a search without an answer is asked again", () => {
  const page = known().event("search", { query: "oslo" });
  page.took();

  assert.equal(page.at(10_001).took()[0].query, "oslo");
});
