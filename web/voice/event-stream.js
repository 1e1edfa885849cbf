// @ts-check
/** Amazon's event streams as Transcribe speaks them: a message is a prelude, headers and a body, under two checksums. */

/** @typedef {{kind: string, type: string, body: any}} Message */

const TEXT = 7;
const FRAME = 16; // Two lengths, and two checksums.
const PRELUDE = 12;
/** Bytes of a header's value by its type; what is not here says its own length. @type {Record<number, number>} */
const SIZES = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const AUDIO = headers({
  ":content-type": "application/octet-stream", ":event-type": "AudioEvent", ":message-type": "event",
});

/** @param {Record<string, string>} fields @returns {Uint8Array} */
function headers(fields) {
  const encoder = new TextEncoder();
  const bytes = Object.entries(fields).flatMap(([name, value]) => {
    const [key, text] = [encoder.encode(name), encoder.encode(value)];
    return [key.length, ...key, TEXT, text.length >> 8, text.length & 0xff, ...text];
  });
  return Uint8Array.from(bytes);
}

/** One AudioEvent; without a sample it ends the stream. @param {Int16Array} samples */
export function audioEvent(samples) {
  const message = new Uint8Array(FRAME + AUDIO.length + samples.byteLength);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length);
  view.setUint32(4, AUDIO.length);
  view.setUint32(8, crc32(message.subarray(0, 8)));
  message.set(AUDIO, PRELUDE);
  samples.forEach((sample, index) => view.setInt16(PRELUDE + AUDIO.length + 2 * index, sample, true));
  view.setUint32(message.length - 4, crc32(message.subarray(0, -4)));
  return message;
}

/** Read one whole message; throws where it is damaged. @param {ArrayBuffer} buffer @returns {Message} */
export function read(buffer) {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const whole = bytes.length >= FRAME && view.getUint32(0) === bytes.length;
  if (!whole || view.getUint32(8) !== crc32(bytes.subarray(0, 8)) || view.getUint32(bytes.length - 4) !== crc32(bytes.subarray(0, -4))) {
    throw new Error("a damaged message");
  }
  const end = PRELUDE + view.getUint32(4);
  const found = texts(view, end);
  const body = JSON.parse(new TextDecoder().decode(bytes.subarray(end, -4)) || "{}");
  return { kind: found[":message-type"], type: found[":event-type"] ?? found[":exception-type"] ?? found[":error-code"], body };
}

/** @param {DataView} view @param {number} end @returns {Record<string, string>} */
function texts(view, end) {
  /** @type {Record<string, string>} */
  const found = {};
  const text = (/** @type {number} */ at, /** @type {number} */ length) => new TextDecoder().decode(new Uint8Array(view.buffer, at, length));
  for (let at = PRELUDE; at < end; ) {
    const name = text(at + 1, view.getUint8(at));
    at += 1 + view.getUint8(at);
    const type = view.getUint8(at);
    const size = SIZES[type] ?? view.getUint16(at + 1);
    at += type in SIZES ? 1 : 3;
    if (type === TEXT) found[name] = text(at, size);
    at += size;
  }
  return found;
}
