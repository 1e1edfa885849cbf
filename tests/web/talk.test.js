import assert from "node:assert/strict";
import { test } from "node:test";

import { ticking, unsettled } from "../../web/state/state.js";
import { OTHER, Page, THIRD, TURN } from "./page.js";

const kept = (turn, text) => ({ turn, at: "2026-11-20T10:00:00Z", text, reply: "ok" });

test("the turns kept by the server come oldest first", () => {
  const page = new Page({ turns: [kept(OTHER, "newer"), kept(TURN, "older")] });

  assert.deepEqual(page.state.talk.order, [TURN, OTHER]);
});

test("earlier turns are asked for by the cursor and go before the ones shown, each once", () => {
  const page = new Page({ turns: [kept(OTHER, "newer"), kept(TURN, "older")], cursor: "c1" });

  assert.deepEqual(page.event("earlier").took(), [{ action: "history", limit: 20, before: "c1" }]);
  page.frame({ type: "history", turns: [kept(TURN, "older"), kept(THIRD, "oldest")] });
  assert.deepEqual(page.state.talk.order, [THIRD, TURN, OTHER]);
});

test("where there is nothing earlier, nothing is asked", () => {
  assert.deepEqual(new Page().event("earlier").took(), []);
});

test("earlier turns that do not come can be asked for again", () => {
  const page = new Page({ cursor: "c1" }).event("earlier").frame({ type: "error", action: "history", code: "unavailable", message: "later" });
  page.took();

  assert.equal(page.event("earlier").took().length, 1);
});

test("a turn that outlived a reload is resumed, and its words are fetched when it is done", () => {
  const page = new Page().event("reopened", { turns: [TURN] }).event("opened");
  assert.deepEqual(page.took()[0], { action: "resume", turn: TURN, after: -1 });

  page.text(0, "Hi").done(1);
  assert.deepEqual(page.took(), [{ action: "history", limit: 5 }]);

  page.frame({ type: "history", turns: [{ turn: TURN, at: "2026-11-21T10:00:00Z", text: "Hello", reply: "Hi" }] });
  assert.equal(page.turn().text, "Hello");
});

test("a turn that outlived a reload and is unknown is dropped", () => {
  const page = new Page().event("reopened", { turns: [TURN] });
  page.frame({ type: "error", action: "resume", turn: TURN, code: "not_found", message: "no such turn" });

  assert.deepEqual(page.state.talk.order, []);
});

test("time is only watched while something runs or waits", () => {
  const page = new Page();
  assert.equal(ticking(page.state), false);

  assert.equal(ticking(page.say().state), true);
});

test("leaving is unsettled while a message is not accepted", () => {
  const page = new Page().say();
  assert.equal(unsettled(page.state), true);

  assert.equal(unsettled(page.frame({ type: "accepted", turn: TURN, position: 0 }).state), false);
});

test("turns of another window count among those before", () => {
  const page = new Page().say(TURN).say(OTHER).frame({ type: "accepted", turn: OTHER, position: 3 });

  assert.equal(page.turn(OTHER).others, 2);
});
