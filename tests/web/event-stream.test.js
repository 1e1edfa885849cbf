import assert from "node:assert/strict";
import { test } from "node:test";

import { audioEvent, crc32, read } from "../../web/voice/event-stream.js";
import { message, sealed } from "./message.js";

const EVENT = { ":message-type": "event", ":event-type": "TranscriptEvent" };

test("the checksum is the one of zlib", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("an audio event is little-endian samples under the headers that Transcribe asks for", () => {
  const sent = audioEvent(Int16Array.of(1, -2));

  const text = Buffer.from(sent).toString("latin1");
  assert.match(text, /:content-type\x07\x00\x18application\/octet-stream.*:event-type\x07\x00\nAudioEvent.*:message-type\x07\x00\x05event/s);
  assert.deepEqual([...sent.subarray(-8, -4)], [1, 0, 0xfe, 0xff]);
});

test("the lengths and both checksums of an audio event are right", () => {
  const sent = audioEvent(new Int16Array(1_024));
  const view = new DataView(sent.buffer);

  assert.deepEqual([view.getUint32(0), view.getUint32(4)], [sent.length, sent.length - 16 - 2_048]);
  assert.equal(view.getUint32(8), crc32(sent.subarray(0, 8)));
  assert.equal(view.getUint32(sent.length - 4), crc32(sent.subarray(0, -4)));
});

test("without a sample an audio event has headers only", () => {
  const sent = audioEvent(new Int16Array());

  assert.equal(new DataView(sent.buffer).getUint32(4), sent.length - 16);
});

test("an event is read with its kind, its type and its body", () => {
  const sent = message(EVENT, '{"Transcript":{"Results":[]}}');

  assert.deepEqual(read(sent), { kind: "event", type: "TranscriptEvent", body: { Transcript: { Results: [] } } });
});

test("an exception says which one", () => {
  const sent = message({ ":message-type": "exception", ":exception-type": "BadRequestException" }, '{"Message":"15 seconds"}');

  assert.deepEqual(read(sent), { kind: "exception", type: "BadRequestException", body: { Message: "15 seconds" } });
});

test("headers that are no text are passed over", () => {
  const number = [1, 0x78, 4, 0, 0, 0, 9];
  const truth = [1, 0x79, 0];
  const bytes = [1, 0x7a, 6, 0, 2, 5, 5];
  const kind = [13, ...Buffer.from(":message-type"), 7, 0, 5, ...Buffer.from("event")];

  assert.deepEqual(read(sealed([...number, ...truth, ...bytes, ...kind], [])), { kind: "event", type: undefined, body: {} });
});

for (const [what, at] of [["length", 3], ["prelude", 9], ["body", 30], ["end", -1]]) {
  test(`a message whose ${what} is damaged is none`, () => {
    const sent = new Uint8Array(message(EVENT, "{}"));
    sent[(at + sent.length) % sent.length] ^= 1;

    assert.throws(() => read(sent.buffer), /damaged/);
  });
}
