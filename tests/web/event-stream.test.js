import assert from "node:assert/strict";
import { test } from "node:test";

import { audioEvent, crc32, read } from "../../web/voice/event-stream.js";

test("the checksum is the one of zlib", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("an audio event is little-endian samples under the headers that Transcribe asks for", () => {
  const message = audioEvent(Int16Array.of(1, -2));

  const text = Buffer.from(message).toString("latin1");
  assert.match(text, /:content-type\x07\x00\x18application\/octet-stream.*:event-type\x07\x00\nAudioEvent.*:message-type\x07\x00\x05event/s);
  assert.deepEqual([...message.subarray(-8, -4)], [1, 0, 0xfe, 0xff]);
});

test("the lengths and both checksums of an audio event are right", () => {
  const message = audioEvent(new Int16Array(1_024));
  const view = new DataView(message.buffer);

  assert.equal(view.getUint32(0), message.length);
  assert.equal(view.getUint32(4), message.length - 16 - 2_048);
  assert.equal(view.getUint32(8), crc32(message.subarray(0, 8)));
  assert.equal(view.getUint32(message.length - 4), crc32(message.subarray(0, -4)));
});

test("without a sample an audio event has headers only", () => {
  const message = audioEvent(new Int16Array());

  assert.equal(new DataView(message.buffer).getUint32(4), message.length - 16);
});

export function message(headers, body) {
  const name = Object.entries(headers).map(([key, value]) => Buffer.concat([Buffer.from([key.length]), Buffer.from(key), Buffer.from([7, 0, value.length]), Buffer.from(value)]));
  const head = Buffer.concat(name);
  const payload = Buffer.from(body);
  const whole = Buffer.alloc(16 + head.length + payload.length);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(head.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  head.copy(whole, 12);
  payload.copy(whole, 12 + head.length);
  whole.writeUInt32BE(crc32(whole.subarray(0, -4)), whole.length - 4);
  return Uint8Array.from(whole).buffer;
}

test("an event is read with its kind, its type and its body", () => {
  const sent = message({ ":message-type": "event", ":event-type": "TranscriptEvent" }, '{"Transcript":{"Results":[]}}');

  assert.deepEqual(read(sent), { kind: "event", type: "TranscriptEvent", body: { Transcript: { Results: [] } } });
});

test("an exception says which one", () => {
  const sent = message({ ":message-type": "exception", ":exception-type": "BadRequestException" }, '{"Message":"15 seconds"}');

  assert.deepEqual(read(sent), { kind: "exception", type: "BadRequestException", body: { Message: "15 seconds" } });
});

test("headers that are no text are passed over", () => {
  const sent = message({ ":message-type": "event", ":event-type": "E" }, "{}");
  const plain = Buffer.from(sent);
  const extra = Buffer.from([1, 0x78, 4, 0, 0, 0, 9, 1, 0x79, 0, 1, 0x7a, 6, 0, 2, 5, 5]);
  const whole = Buffer.concat([plain.subarray(0, 12), extra, plain.subarray(12)]);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(plain.readUInt32BE(4) + extra.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  whole.writeUInt32BE(crc32(whole.subarray(0, -4)), whole.length - 4);

  assert.deepEqual(read(Uint8Array.from(whole).buffer), { kind: "event", type: "E", body: {} });
});

for (const [what, at] of [["length", 3], ["prelude", 9], ["body", 30], ["end", -1]]) {
  test(`a message whose ${what} is damaged is none`, () => {
    const sent = new Uint8Array(message({ ":message-type": "event", ":event-type": "TranscriptEvent" }, "{}"));
    sent[(at + sent.length) % sent.length] ^= 1;

    assert.throws(() => read(sent.buffer), /damaged/);
  });
}
