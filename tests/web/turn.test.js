import assert from "node:assert/strict";
import { test } from "node:test";

import { OTHER, Page, TURN } from "./page.js";

test("what is said is sent at once", () => {
  assert.deepEqual(new Page().say().took(), [{ action: "send", turn: TURN, text: "Hello" }]);
});

test("off the record is said in the frame", () => {
  assert.equal(new Page().say(TURN, "Hello", { private: true }).took()[0].private, true);
});

test("frames are applied in the order of their numbers", () => {
  const page = new Page().say().text(1, "world").text(0, "Hello, ");

  assert.equal(page.reply(), "Hello, world");
});

test("a frame that comes twice counts once", () => {
  const page = new Page().say().text(0, "Hello").text(0, "Hello");

  assert.equal(page.reply(), "Hello");
});

test("an early frame is not shown before what is missing", () => {
  const page = new Page().say().text(0, "one ").text(2, "three");

  assert.equal(page.reply(), "one ");
});

test("what is missing is asked for after the last contiguous number, once", () => {
  const page = new Page().say().text(0, "one ");
  page.took();

  page.text(2, "three").text(3, "four");

  assert.deepEqual(page.took(), [{ action: "resume", turn: TURN, after: 0 }]);
});

test("a gap that stays is asked for again", () => {
  const page = new Page().say().text(1, "two");
  page.took();

  assert.deepEqual(page.at(1_900).took(), []);
  assert.deepEqual(page.at(2_000).took(), [{ action: "resume", turn: TURN, after: -1 }]);
});

test("a done that comes early waits for the words before it", () => {
  const page = new Page().say().done(1);
  assert.notEqual(page.turn().phase, "done");

  page.text(0, "Hello");

  assert.equal(page.turn().phase, "done");
});

test("accepted after the first text takes nothing back", () => {
  const page = new Page().say().text(0, "Hello").frame({ type: "accepted", turn: TURN, position: 0 });

  assert.equal(page.turn().phase, "speaking");
});

test("nothing follows a turn's end", () => {
  const page = new Page().say().done(0);
  const ended = page.turn();

  page.frame({ type: "busy", turn: TURN, retry_after_ms: 1 }).frame({ type: "error", turn: TURN, code: "internal", message: "x" }).text(1, "late");

  assert.equal(page.turn(), ended);
});

test("a new connection resumes an accepted turn after the last number seen", () => {
  const page = new Page().say().frame({ type: "accepted", turn: TURN, position: 0 }).text(0, "one ");
  page.event("lost", { retryAt: 4_000 }).took();

  assert.deepEqual(page.event("opened").took()[0], { action: "resume", turn: TURN, after: 0 });
});

test("a new connection sends again what was never accepted, with the same id and text", () => {
  const page = new Page().say();
  page.event("lost", { retryAt: 4_000 }).took();

  assert.deepEqual(page.event("opened").took()[0], { action: "send", turn: TURN, text: "Hello" });
});

test("what is said without a connection waits for one", () => {
  const page = new Page().event("lost", { retryAt: 4_000 }).say();
  assert.deepEqual(page.took(), []);

  assert.deepEqual(page.event("opened").took()[0], { action: "send", turn: TURN, text: "Hello" });
});

test("a long silence is broken by asking", () => {
  const page = new Page().say().frame({ type: "accepted", turn: TURN, position: 0 });
  page.took();

  assert.deepEqual(page.at(15_000).took(), [{ action: "resume", turn: TURN, after: -1 }]);
});

test("busy keeps the message and sends it again after the time named", () => {
  const page = new Page().say().frame({ type: "busy", turn: TURN, retry_after_ms: 3_000 });
  page.took();

  assert.deepEqual(page.at(2_999).took(), []);
  assert.deepEqual(page.at(3_000).took(), [{ action: "send", turn: TURN, text: "Hello" }]);
});

test("busy after accepted is a new attempt too", () => {
  const page = new Page().say().frame({ type: "accepted", turn: TURN, position: 0 }).frame({ type: "busy", turn: TURN, retry_after_ms: 100 });
  page.took();

  assert.equal(page.at(100).took()[0].action, "send");
});

test("a user's rate keeps the message as busy does", () => {
  const page = new Page().say();
  page.frame({ type: "error", action: "send", turn: TURN, code: "rate_limited", message: "wait", retry_after_ms: 500 }).took();

  assert.deepEqual(page.at(500).took(), [{ action: "send", turn: TURN, text: "Hello" }]);
});

test("a message that waits is not sent when the person stops it", () => {
  const page = new Page().say().frame({ type: "busy", turn: TURN, retry_after_ms: 100 }).event("stop");
  page.took();

  assert.deepEqual(page.at(10_000).took(), []);
});

test("an error ends its turn and keeps what was said", () => {
  const page = new Page().say().frame({ type: "error", turn: TURN, code: "unavailable", message: "try later" });

  assert.deepEqual([page.turn().phase, page.turn().text], ["failed", "Hello"]);
});

test("an error without a turn that answers a send is the sent turn's", () => {
  const page = new Page().say().frame({ type: "error", action: "send", code: "too_large", message: "too large" });

  assert.equal(page.turn().phase, "failed");
});

test("sending again is a new turn in place of the failed one", () => {
  const page = new Page().say().frame({ type: "error", turn: TURN, code: "unavailable", message: "try later" });
  page.took();

  page.event("again", { turn: TURN, id: OTHER });

  assert.deepEqual(page.took(), [{ action: "send", turn: OTHER, text: "Hello" }]);
  assert.deepEqual(page.state.talk.order, [OTHER]);
});

test("stop interrupts the turn that is answered, not the ones behind it", () => {
  const page = new Page().say().say(OTHER, "And then").text(0, "Hm");
  page.took();

  assert.deepEqual(page.event("stop").took(), [{ action: "interrupt", turn: TURN }]);
});

test("a stop that a lost connection may have swallowed is said again", () => {
  const page = new Page().say().text(0, "Hm").event("stop").event("lost", { retryAt: 1 });
  page.took();

  assert.deepEqual(page.event("opened").took().slice(0, 2), [{ action: "resume", turn: TURN, after: 0 }, { action: "interrupt", turn: TURN }]);
});

test("a refused interrupt does not end the turn", () => {
  const page = new Page().say().frame({ type: "error", action: "interrupt", turn: TURN, code: "not_found", message: "no such turn" });

  assert.equal(page.turn().phase, "sending");
});

test("a resume refused for its rate is asked again later", () => {
  const page = new Page().say().text(0, "one ");
  page.frame({ type: "error", action: "resume", turn: TURN, code: "rate_limited", message: "wait", retry_after_ms: 700 }).took();

  assert.deepEqual(page.at(700).took(), [{ action: "resume", turn: TURN, after: 0 }]);
});

test("an expired sign-in stays so whatever the socket does", () => {
  const page = new Page().frame({ type: "error", code: "expired", message: "sign in" }).event("lost", { retryAt: 1 });

  assert.equal(page.state.connection.status, "expired");
});
