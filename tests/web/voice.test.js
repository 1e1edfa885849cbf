import assert from "node:assert/strict";
import { test } from "node:test";

import { OTHER, Page, TURN } from "./page.js";

const spoken = (page = new Page()) => page.say(TURN, "Hello", { voice: true, ended: 700 });

test("what was spoken asks for a voice, each time it is sent", () => {
  const page = spoken();
  assert.deepEqual(page.took(), [{ action: "send", turn: TURN, text: "Hello", voice: true }]);

  page.event("lost", { retryAt: 4_000 }).took();

  assert.equal(page.event("opened").took()[0].voice, true);
});

test("an interruption says how much was heard, and says it again to a new connection", () => {
  const page = spoken().text(0, "One").event("stop", { turn: TURN, heard: { heard_ms: 300 } });
  assert.deepEqual(page.took()[1], { action: "interrupt", turn: TURN, heard_ms: 300 });

  page.event("lost", { retryAt: 1 }).took();

  assert.deepEqual(page.event("opened").took()[1], { action: "interrupt", turn: TURN, heard_ms: 300 });
});

test("an answer that is done is cut to what was heard of it", () => {
  const page = spoken().text(0, "One 🌊 ").text(1, "two.").done(2).event("stop", { turn: TURN, heard: { heard_ms: 300 } });
  assert.deepEqual(page.took().at(-1), { action: "interrupt", turn: TURN, heard_ms: 300 });

  page.frame({ type: "trimmed", turn: TURN, chars: 5 });

  assert.deepEqual([page.reply(), page.turn().phase, page.turn().trimmed], ["One 🌊", "done", true]);
});

test("what was cut is looked up among the memories", () => {
  const page = spoken().text(0, "One").done(1);
  page.at(page.state.now + 60_000).frame({ type: "memories", records: [] }).took();

  page.frame({ type: "trimmed", turn: TURN, chars: 1 }).at(page.state.now + 60_000);

  assert.ok(page.took().some(({ action }) => action === "memories"));
});

test("what is said in another's place takes it", () => {
  const page = spoken().say(OTHER, "Hello there", { voice: true, ended: 800, instead: TURN });

  assert.deepEqual(page.state.talk.order, [OTHER]);
});

test("the moments from ear to mouth are kept, each the first time", () => {
  const page = new Page().event("tick", { now: 1_000 });
  spoken(page).event("tick", { now: 1_500 }).text(0, "One").event("note", { turn: TURN, moment: "audio", now: 1_600 });

  page.event("note", { turn: TURN, moment: "played", now: 1_700 }).event("note", { turn: TURN, moment: "played", now: 9_000 });

  assert.deepEqual(page.turn().ear, { ended: 700, sent: 1_000, text: 1_500, audio: 1_600, played: 1_700 });
});

test("no address to listen at is no trouble of the page", () => {
  const page = new Page().frame({ type: "error", action: "listen", code: "unavailable", message: "not here" });

  assert.equal(page.state.trouble, "");
});
