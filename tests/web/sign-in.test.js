import assert from "node:assert/strict";
import { test } from "node:test";

import { claims, uuid } from "../../web/protocol.js";
import { Page } from "./page.js";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("an id is one that the server takes, and another each time", () => {
  const ids = Array.from({ length: 100 }, uuid);

  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(ids).size, 100);
});

test("a token says whose it is, whatever its bytes look like", () => {
  for (const sub of ["ana", "a?>", "a~~", "ana.maria:7@home-x"]) {
    assert.equal(claims(`${part({ alg: "RS256" })}.${part({ sub, exp: 7 })}.c2ln`)?.sub, sub);
  }
});

test("what is no token says nothing", () => {
  for (const text of ["", "a.b", "a.b.c", "a b.c.d", "..", `x.${part({ sub: "ana" })}.y z`]) assert.equal(claims(text), undefined);
});

test("that the server lets nobody in is known until it does", () => {
  const page = new Page().event("lost", { retryAt: 1 }).event("handshake", { refused: true });
  assert.equal(page.event("connecting").event("lost", { retryAt: 2 }).state.connection.refused, true);

  assert.ok(!page.event("connecting").event("opened").state.connection.refused);
});
