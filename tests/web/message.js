/** One message of an event stream, as a server sends it. */

import { crc32 } from "../../web/voice/event-stream.js";

export function message(headers, body) {
  const fields = Object.entries(headers).map(([name, value]) => Buffer.from([name.length, ...Buffer.from(name), 7, 0, value.length, ...Buffer.from(value)]));
  return sealed(Buffer.concat(fields), Buffer.from(body));
}

/** Put lengths and checksums around *headers* and *body*. */
export function sealed(headers, body) {
  const whole = Buffer.alloc(16 + headers.length + body.length);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(headers.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  whole.set(headers, 12);
  whole.set(body, 12 + headers.length);
  whole.writeUInt32BE(crc32(whole.subarray(0, -4)), whole.length - 4);
  return Uint8Array.from(whole).buffer;
}
