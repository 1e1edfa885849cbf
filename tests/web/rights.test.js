import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrder } from "../../web/state/rights.js";
import { unsettled } from "../../web/state/state.js";
import { Page, TURN } from "./page.js";

const OSLO = "44444444-4444-4444-8444-444444444444";
const record = (memory, text, more = {}) => ({ memory, text, kind: "said", speaker: "user", at: "2026-11-21T10:00:00Z", ...more });
const part = (number, data, last = false) => ({ type: "export", part: number, last, data });
const ERASED = { type: "erased", manifest: { memories: 3 }, verified: true };
const copy = (page) => page.state.rights.copy;
const erasure = (page) => page.state.rights.erasure;

test("a copy is whole with its last part, whatever overtakes it", () => {
  const page = new Page().event("export").frame(part(1, "b\n", true)).frame(part(0, "a\n"));

  assert.deepEqual([copy(page).phase, inOrder(copy(page))], ["whole", ["a\n", "b\n"]]);
});

test("a part that comes twice counts once", () => {
  const page = new Page().event("export").frame(part(0, "abc")).frame(part(0, "abc"));

  assert.equal(copy(page).size, 3);
});

test("while a copy is collected no other is asked for", () => {
  const page = new Page().event("export");
  page.took();

  assert.deepEqual(page.event("export").took(), []);
});

test("a copy whose connection was lost is not taken for a whole one", () => {
  const page = new Page().event("export").frame(part(0, "a")).event("lost", { retryAt: 1 }).event("opened").frame(part(1, "b", true));

  assert.deepEqual([copy(page).phase, copy(page).parts], ["failed", {}]);
});

test("a copy that stops coming is given up after half a minute", () => {
  const page = new Page().event("export").frame(part(0, "a")).at(30_001);

  assert.equal(copy(page).phase, "failed");
});

test("a copy refused for its rate says from when on there is another", () => {
  const page = new Page().at(1_000).event("export");

  page.frame({ type: "error", action: "export", code: "rate_limited", message: "later", retry_after_ms: 9_000 });

  assert.equal(copy(page).again, 10_000);
});

test("a half copied export holds the page back", () => {
  assert.equal(unsettled(new Page().event("export").state), true);
});

test("an erasure that runs is asked for again on a new connection", () => {
  const page = new Page().event("erase", { confirm: "local" }).event("lost", { retryAt: 1 });
  page.took();

  assert.deepEqual(page.event("opened").took()[0], { action: "erase", confirm: "local" });
});

test("what was erased leaves the page too, and the memories are looked at again", () => {
  const page = new Page({ records: [record(OSLO, "Oslo")] }).say(TURN).text(0, "Yes").event("export").frame(part(0, "a", true));
  page.event("erase", { confirm: "local" }).took();

  page.frame(ERASED);

  assert.deepEqual([page.state.talk.order, page.state.memory.records, copy(page).parts], [[], {}, {}]);
  assert.deepEqual(page.took(), [{ action: "memories", limit: 50 }]);
});

test("the manifest is kept until it has been read", () => {
  const page = new Page().event("erase", { confirm: "local" }).frame(ERASED);
  assert.deepEqual(erasure(page).manifest, { memories: 3 });

  assert.equal(erasure(page.event("read")).phase, "");
});

test("looking away from an erasure does not end it", () => {
  assert.equal(erasure(new Page().event("erase", { confirm: "local" }).event("read")).phase, "asked");
});

test("an erasure that is refused says why and leaves all in its place", () => {
  const page = new Page().say().event("erase", { confirm: "local" });

  page.frame({ type: "error", action: "erase", code: "unavailable", message: "not now" });

  assert.deepEqual([erasure(page).phase, erasure(page).trouble, page.state.talk.order], ["failed", "not now", [TURN]]);
});

test("a sign-in too old to erase signs out", () => {
  const page = new Page().event("erase", { confirm: "local" });

  page.frame({ type: "error", action: "erase", code: "expired", message: "sign in again" });

  assert.equal(page.state.connection.status, "expired");
});
