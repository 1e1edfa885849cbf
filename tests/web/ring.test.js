import assert from "node:assert/strict";
import { test } from "node:test";

import { Playout } from "../../web/voice/playout.js";
import { Ring } from "../../web/voice/ring.js";

const BLOCK = 128;
const ones = (length) => new Float32Array(length).fill(1);

function played(ring, blocks) {
  const out = [];
  for (let count = 0; count < blocks; count += 1) {
    const block = new Float32Array(BLOCK);
    ring.fill(block);
    out.push(...block);
  }
  return out;
}

test("nothing is played before there are 40 ms of it", () => {
  const ring = new Ring();

  ring.push(ones(639));
  assert.equal(Math.max(...played(ring, 2)), 0);
  ring.push(ones(1));

  assert.equal(Math.min(...played(ring, 5)), 1);
});

test("what is shorter than the buffer is played after a wait", () => {
  const ring = new Ring();
  ring.push(ones(100));

  assert.equal(played(ring, 20).filter(Boolean).length, 100);
  assert.equal(ring.played, 100);
});

test("a gap is silence that nobody counts, and fills the buffer anew", () => {
  const ring = new Ring();
  ring.push(ones(640));
  played(ring, 8);
  assert.deepEqual([ring.played, ring.buffered], [640, 0]);

  ring.push(ones(200));
  assert.equal(Math.max(...played(ring, 1)), 0);
  ring.push(ones(440));

  assert.equal(Math.min(...played(ring, 5)), 1);
  assert.equal(ring.played, 1_280);
});

test("a ring grows instead of losing what does not fit, in order", () => {
  const ring = new Ring();
  ring.push(ones(60_000));
  played(ring, 400);
  ring.push(Float32Array.from({ length: 100_000 }, (_, index) => index));

  const out = played(ring, 860);

  assert.deepEqual(out.slice(60_000 - 51_200, 60_000 - 51_200 + 4), [0, 1, 2, 3]);
  assert.equal(ring.played, 160_000);
});

test("a duck is a tenth within 8 ms, and what is so heard counts", () => {
  const ring = new Ring();
  ring.push(ones(6_400));
  played(ring, 1);
  ring.want("duck");

  const out = played(ring, 4);

  assert.ok(Math.abs(out[128] - 0.1) < 1e-6);
  assert.ok(out.every((sample, index) => !index || Math.abs(sample - out[index - 1]) < 0.01), "no click");
  assert.equal(ring.played, 5 * BLOCK);
});

test("a pause holds at the sample where it fell silent, and goes on from there", () => {
  const ring = new Ring();
  ring.push(Float32Array.from({ length: 6_400 }, (_, index) => 1 + index));
  played(ring, 1);
  ring.want("pause");
  played(ring, 10);
  const held = ring.played;
  assert.ok(held < BLOCK + 330);

  assert.equal(played(ring, 50).filter(Boolean).length, 0);
  ring.want("play");
  played(ring, 1);

  assert.equal(ring.played, held + BLOCK);
});

test("a stop is silence within two blocks of 8 ms, and drops what waits", () => {
  const ring = new Ring();
  ring.push(ones(64_000));
  played(ring, 10);
  ring.want("stop");

  const stops = [1, 2, 3].map(() => ring.fill(new Float32Array(BLOCK)));

  assert.deepEqual(stops.filter(Boolean).length, 1);
  assert.equal(stops[2], false);
  assert.equal(ring.buffered, 0);
  assert.ok(ring.played <= 12 * BLOCK);
});

test("a stop of what was paused, or is silent, is at once", () => {
  const ring = new Ring();
  ring.want("stop");

  assert.equal(ring.fill(new Float32Array(BLOCK)), true);
});

test("after a stop the next answer is as loud as any", () => {
  const ring = new Ring();
  ring.push(ones(6_400));
  played(ring, 2);
  ring.want("stop");
  played(ring, 2);

  ring.push(ones(640));

  assert.equal(Math.min(...played(ring, 5)), 1);
});

const frame = (chunk, part, more = {}) => ({ turn: "a", chunk, part, format: "pcm_16000", data: `${chunk}.${part}`, last: false, ...more });
const order = (playout, frames, now = 0) => frames.flatMap((one) => playout.take(one, now)).map(({ data }) => data);

test("frames are played in the order of chunk and part, each once", () => {
  const frames = [frame(0, 0), frame(0, 2, { last: true }), frame(0, 1), frame(0, 1), frame(1, 0), frame(0, 0)];

  assert.deepEqual(order(new Playout(), frames), ["0.0", "0.1", "0.2", "1.0"]);
});

test("a frame that never comes is passed over after a while", () => {
  const playout = new Playout();
  order(playout, [frame(0, 0), frame(1, 0)], 1_000);
  assert.equal(playout.lacks("a"), true);

  assert.deepEqual(playout.due("a", 1_299), []);
  assert.deepEqual(playout.due("a", 1_300).map(({ data }) => data), ["1.0"]);
});

test("what was heard is counted for each turn alone", () => {
  const playout = new Playout();
  playout.pushed("a", 0, 1_600);
  playout.pushed("b", 0, 3_200);
  playout.pushed("a", 1, 1_600);

  assert.deepEqual([playout.heard("a", 2_400), playout.heard("b", 2_400)], [100, 50]);
  assert.deepEqual([playout.heard("a", 5_600), playout.heard("b", 5_600)], [150, 200]);
});

test("the ear is in a chunk of a turn, and nowhere when all was played", () => {
  const playout = new Playout();
  playout.pushed("a", 0, 1_600);
  playout.pushed("a", 1, 1_600);
  playout.pushed("a", 1, 1_600);

  assert.deepEqual(playout.at(3_360), { turn: "a", chunk: 1, ms: 110 });
  assert.equal(playout.at(4_800), undefined);
  assert.deepEqual([playout.waits("a", 4_799), playout.waits("a", 4_800)], [true, false]);
});
