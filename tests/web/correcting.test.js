import assert from "node:assert/strict";
import { test } from "node:test";

import { unsettled } from "../../web/state/state.js";
import { arranged, lastRecalled } from "../../web/views/memory.js";
import { otherwise } from "../../web/views/words.js";
import { Page, TURN } from "./page.js";

const OSLO = "44444444-4444-4444-8444-444444444444";
const GRAZ = "55555555-5555-4555-8555-555555555555";
const WIEN = "66666666-6666-4666-8666-666666666666";
const AT = "2026-11-21T10:00:00Z";
const fact = (memory, text, more = {}) => ({ memory, text, kind: "fact", speaker: "user", at: AT, ...more });
const oslo = fact(OSLO, "Maya lives in Oslo.", { replaces: GRAZ });
const graz = fact(GRAZ, "Maya lives in Graz.", { replaces: WIEN, until: AT });
const wien = fact(WIEN, "Maya lives in Vienna.", { until: AT });
const edited = (text = "Maya lives in Bergen.") => new Page({ records: [oslo, graz] }).event("edit", { memory: OSLO }).event("correct", { memory: OSLO, text });
const correct = { action: "correct", memory: OSLO, text: "Maya lives in Bergen." };
const facts = (page) => arranged(page.state.memory).facts.map(([, { record, before }]) => [record.memory, before.map((older) => older.record.memory)]);

test("a correction waits for the question before it, and is then the next", () => {
  const page = new Page({ records: [oslo] }).event("search", { query: "maya" });
  page.took();

  assert.deepEqual(page.event("correct", { memory: OSLO, text: correct.text }).took(), []);
  assert.deepEqual(page.frame({ type: "memories", records: [oslo] }).took(), [correct]);
});

test("the record of the answer takes the place of the wrong one, and the list stays", () => {
  const page = edited().frame({ type: "memories", records: [{ ...oslo, text: correct.text }] });

  assert.deepEqual(page.state.memory.listed, [OSLO, GRAZ]);
  assert.deepEqual([page.state.memory.records[OSLO].text, page.state.memory.correcting], [correct.text, {}]);
});

test("what was said and put right is put right in the talk too", () => {
  const said = { ...fact(OSLO, "Hello"), kind: "said", source: TURN };
  const page = new Page({ records: [said] }).say(TURN, "Hello").done(0).event("correct", { memory: OSLO, text: "Good day" });

  page.frame({ type: "memories", records: [{ ...said, text: "Good day" }] });

  assert.equal(page.turn().text, "Good day");
});

test("after a correction the memories are looked at again: others may follow from it", () => {
  const page = edited().frame({ type: "memories", records: [oslo] });
  page.took();

  assert.deepEqual(page.at(800).took(), [{ action: "memories", limit: 50 }]);
});

test("a refused correction stays open and says why", () => {
  const page = edited().frame({ type: "error", action: "correct", memory: OSLO, code: "conflict", message: "not that" });

  assert.deepEqual(page.state.memory.correcting[OSLO], { sent: false, trouble: "Not changed: not that." });
});

test("correcting what is gone already keeps the words that were written", () => {
  const page = edited().frame({ type: "error", action: "correct", memory: OSLO, code: "not_found", message: "no such memory" });

  assert.equal(page.state.memory.correcting[OSLO].sent, false);
});

test("a correction without an answer is sent again on a new connection", () => {
  const page = edited().event("lost", { retryAt: 1 });
  page.took();

  assert.ok(page.event("opened").took().some(({ action }) => action === "correct"));
});

test("a correction that was sent cannot be left", () => {
  assert.equal(edited().event("keep", { memory: OSLO }).state.memory.correcting[OSLO].sent, true);
});

test("an open correction holds the page back", () => {
  assert.equal(unsettled(new Page({ records: [oslo] }).event("edit", { memory: OSLO }).state), true);
});

test("what is being corrected stays, whatever is searched for", () => {
  const page = new Page({ records: [oslo] }).event("edit", { memory: OSLO }).event("search", { query: "cello" });

  page.frame({ type: "memories", records: [] });

  assert.deepEqual(facts(page), [[OSLO, []]]);
});

test("a fact holds all that it replaced, the newest first", () => {
  assert.deepEqual(facts(new Page({ records: [wien, graz, oslo] })), [[OSLO, [GRAZ, WIEN]]]);
});

test("facts that replace each other in a ring are shown once", () => {
  const page = new Page({ records: [oslo, { ...graz, replaces: OSLO }] });

  assert.deepEqual(facts(page), [[OSLO, [GRAZ]]]);
});

test("facts that hold no more stand behind those that do", () => {
  const page = new Page({ records: [{ ...graz, replaces: undefined }, fact(WIEN, "I work at the zoo.")] });

  assert.deepEqual(facts(page).map(([memory]) => memory), [WIEN, GRAZ]);
});

test("of an older fact only what differs is told", () => {
  assert.equal(otherwise("Maya lives in Graz.", "Maya lives in Oslo."), "Graz");
  assert.equal(otherwise("My favourite tea is mint now.", "My favourite tea is black now."), "mint");
  assert.equal(otherwise("I work at the zoo.", "Maya lives in Oslo."), "“I work at the zoo.”");
  assert.equal(otherwise("I live in Graz.", "I live in Graz."), "“I live in Graz.”");
});

test("what the last answer recalled is known with its reasons", () => {
  const page = new Page({ records: [oslo] }).say(TURN);
  page.frame({ type: "done", turn: TURN, seq: 0, recalled: [OSLO, GRAZ], why: { [OSLO]: ["words"] }, timings: {} });

  assert.deepEqual(lastRecalled(page.state.talk), { [OSLO]: ["words"], [GRAZ]: [] });
});
