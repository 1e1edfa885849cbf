import assert from "node:assert/strict";
import { test } from "node:test";

import { SILENT, decibels, listened } from "../../web/voice/activity.js";
import { steps } from "../../web/voice/ear-to-mouth.js";
import { audioEvent } from "../../web/voice/event-stream.js";
import { Hearing } from "../../web/voice/hearing.js";
import { Resampler } from "../../web/voice/resampler.js";
import { message } from "./message.js";

const FRAME = 16;
const HEADERS = audioEvent(new Int16Array()).length;
const FIRST = "ws://here/one";

class Socket {
  readyState = 0;
  sent = [];

  send(bytes) {
    this.sent.push((bytes.length - HEADERS) / 512);
  }

  close() {
    this.readyState = 3;
  }

  opens() {
    this.readyState = 1;
    this.onopen();
    return this;
  }

  says(result) {
    const body = JSON.stringify({ Transcript: { Results: [result] } });
    this.onmessage({ data: message({ ":message-type": "event", ":event-type": "TranscriptEvent" }, body) });
  }

  fails() {
    this.onmessage({ data: message({ ":message-type": "exception", ":exception-type": "BadRequestException" }, '{"Message":"no new audio for 15 seconds"}') });
  }

  get frames() {
    return this.sent.reduce((sum, count) => sum + count, 0);
  }
}

class Room {
  at = 0;
  sockets = [];
  invited = 0;
  heard = [];
  well = [];
  lost = 0;
  hearing = new Hearing({
    invite: () => (this.invited += 1),
    connect: (url) => (this.sockets.push(Object.assign(new Socket(), { url })), this.sockets.at(-1)),
    understood: (result) => this.heard.push(result),
    lost: () => (this.lost += 1),
    hears: (well) => this.well.push(well),
    now: () => this.at,
  });

  passes(ms, voice = false) {
    for (let left = ms; left > 0; left -= FRAME) this.hearing.take({ samples: new Int16Array(256), at: (this.at += FRAME) }, voice);
    return this;
  }

  /** A stream that is open, and has heard nothing. */
  opens(expires = 300_000) {
    this.passes(FRAME);
    this.hearing.invited(FIRST, expires);
    this.socket.opens();
    return this;
  }

  /** A result about all that was sent on the newest stream. */
  understands(text, { final = false } = {}) {
    const end = (this.socket.frames * FRAME) / 1_000;
    const items = text.split(" ").map((Content) => ({ Type: "pronunciation", Content, Stable: true, EndTime: end }));
    this.socket.says({ ResultId: "r", IsPartial: !final, StartTime: 0, EndTime: end, Alternatives: [{ Transcript: text, Items: items }] });
    return this;
  }

  get socket() {
    return this.sockets.at(-1);
  }
}

test("an address is asked for once, and the first stream is open before anybody speaks", () => {
  const room = new Room().passes(500);
  assert.deepEqual([room.invited, room.sockets.length], [1, 0]);

  room.hearing.invited(FIRST, 300_000);

  assert.deepEqual(room.sockets.map(({ url }) => url), [FIRST]);
});

test("what comes before a voice is heard with it, and what comes after", () => {
  const room = new Room().opens().passes(5_000);
  const before = room.socket.frames;

  room.passes(1_600, true).passes(5_000);

  const frames = room.socket.frames - before;
  assert.ok(frames >= (480 + 1_600 + 1_600) / FRAME - 4 && frames <= (480 + 1_600 + 1_600) / FRAME + 12, String(frames));
});

test("in silence there is a sign of life, rarely and well within 15 seconds", () => {
  const room = new Room().opens();

  room.passes(60_000);

  assert.ok(room.socket.frames * FRAME >= 60_000 / 15 / FRAME && room.socket.frames <= 12 * 8, String(room.socket.frames));
  assert.equal(room.sockets.length, 1);
});

test("after two minutes of silence the stream is ended, and the next voice opens another with the same address", () => {
  const room = new Room().opens().passes(130_000);
  assert.equal(room.socket.sent.at(-1), 0);
  assert.equal(room.socket.readyState, 3);

  room.passes(160, true);

  assert.deepEqual(room.sockets.map(({ url }) => url), [FIRST, FIRST]);
  assert.equal(room.invited, 1);
});

test("an address that runs out soon is not used again", () => {
  const room = new Room().opens(150_000).passes(130_000);

  room.passes(160, true);
  assert.deepEqual([room.invited, room.sockets.length], [2, 1]);
  room.hearing.invited("ws://here/two", 900_000);

  assert.equal(room.socket.url, "ws://here/two");
});

test("what was said while no stream was open is heard by the next one", () => {
  const room = new Room().passes(FRAME).passes(1_600, true);
  room.hearing.invited(FIRST, 300_000);
  room.passes(64);

  room.socket.opens();

  assert.ok(room.socket.frames >= 100);
});

test("a stream that is lost is said again to the next one, from the last final on", () => {
  const room = new Room().opens().passes(1_600, true).understands("One.", { final: true }).passes(640, true);

  room.socket.onclose();
  room.passes(FRAME, true);
  room.socket.opens();

  assert.equal(room.lost, 1);
  assert.ok(room.socket.frames >= 36 && room.socket.frames <= 44, String(room.socket.frames));
});

test("what a turn has taken is not said again", () => {
  const room = new Room().opens().passes(1_600, true);
  room.hearing.said(room.at);

  room.socket.fails();
  room.passes(160, true);
  room.socket.opens();

  assert.ok(room.socket.frames <= 12, String(room.socket.frames));
});

test("a stream that the recogniser ends in a silence is opened again with the next voice only", () => {
  const room = new Room().opens().passes(3_000);

  room.socket.fails();
  room.passes(3_000);
  assert.equal(room.sockets.length, 1);
  room.passes(160, true);

  assert.equal(room.sockets.length, 2);
});

test("results of two streams are told apart, and their words have the time of capture", () => {
  const room = new Room().opens().passes(8_000).passes(1_600, true).understands("One.");
  const [{ words }] = room.heard;
  assert.ok(Math.abs(words[0].end - room.at) < 200, String(words[0].end - room.at));

  room.socket.onclose();
  room.passes(160, true);
  room.socket.opens();
  room.understands("One.");

  assert.deepEqual(room.heard.map(({ id }) => id), ["1.r", "2.r"]);
});

test("what fails again and again waits longer each time, asks for a new address, and says so once", () => {
  const room = new Room().opens().passes(160, true);

  for (let count = 0; count < 12; count += 1) {
    if (room.socket.readyState < 2) room.socket.onclose();
    room.passes(800, true);
    room.hearing.invited(FIRST, 900_000);
  }

  assert.deepEqual(room.well, [false]);
  assert.ok(room.sockets.length < 9, String(room.sockets.length));
});

test("a socket that never opens is given up after a while", () => {
  const room = new Room().passes(FRAME);
  room.hearing.invited(FIRST, 300_000);

  room.passes(6_000, true);

  assert.equal(room.sockets.length, 2);
});

test("once it is closed nothing is sent, and nothing of before is said again", () => {
  const room = new Room().opens().passes(1_600, true);

  room.hearing.close();

  assert.deepEqual([room.socket.sent.at(-1), room.socket.readyState], [0, 3]);
});

/** When a voice of *level* dB in a room of *floor* dB is noticed and let go, in frames. */
function noticed(levels, playing = false) {
  let activity = SILENT;
  return levels.map((level) => (activity = listened(activity, level, playing)).voice);
}

const room = (floor, frames) => Array(frames).fill(floor);

test("a voice is noticed with its second frame, and let go 160 ms after its end", () => {
  const voices = noticed([...room(-60, 200), ...room(-25, 50), ...room(-60, 50)]);

  assert.deepEqual([voices.indexOf(true) - 200, voices.lastIndexOf(true) - 249], [1, 9]);
});

test("a click is no voice, and neither is steady noise", () => {
  assert.equal(noticed([...room(-60, 100), -20, ...room(-60, 50)]).includes(true), false);
  assert.equal(noticed([...room(-38, 1_500), ...room(-36, 100)]).slice(1_000).includes(true), false);
});

test("a voice is noticed in a loud room, too", () => {
  assert.equal(noticed([...room(-38, 1_500), ...room(-20, 20)]).at(-1), true);
});

test("what a loudspeaker leaves in the microphone is no voice while it speaks", () => {
  const left = [...room(-60, 100), ...room(-46, 50)];

  assert.deepEqual([noticed(left).at(-1), noticed(left, true).at(-1)], [true, false]);
});

test("silence has a level, too", () => {
  assert.equal(decibels(0), -90);
});

/** The power of a tone of *hertz* after it came from *rate* to 16 kHz, in dB below what went in. */
function attenuated(rate, hertz) {
  const resampler = new Resampler(rate);
  const out = [];
  for (let at = 0; at < rate; at += 128) {
    out.push(...resampler.take(Float32Array.from({ length: 128 }, (_, index) => Math.sin((2 * Math.PI * hertz * (at + index)) / rate))));
  }
  const settled = out.slice(1_000, 15_000);
  return [out.length, 10 * Math.log10((2 * settled.reduce((sum, sample) => sum + sample * sample, 0)) / settled.length + 1e-9)];
}

for (const rate of [8_000, 16_000, 44_100, 48_000, 96_000]) {
  test(`from ${rate} Hz a voice comes through as it is, as many samples as a second has`, () => {
    const [samples, loss] = attenuated(rate, 1_000);

    assert.ok(Math.abs(samples - 16_000) < 150, String(samples));
    assert.ok(Math.abs(loss) < 0.5, String(loss));
  });
}

for (const rate of [44_100, 48_000]) {
  test(`from ${rate} Hz what 16 kHz can't hold doesn't come back as noise`, () => {
    assert.ok(attenuated(rate, 10_000)[1] < -40, String(attenuated(rate, 10_000)[1]));
  });
}

test("from ear to mouth each step begins where the one before it ended", () => {
  const ear = { ended: 1_000, sent: 1_300, text: 1_700, audio: 1_720, played: 1_770 };

  assert.deepEqual(steps(ear, 350).map(({ start, end }) => [start, end]), [[0, 300], [300, 650], [650, 700], [700, 720], [720, 770]]);
});

test("a moment that is not known is no step", () => {
  assert.deepEqual(steps({ ended: 0, sent: 300, text: 500, played: 600 }, undefined).map(({ end }) => end), [300, 500, 600]);
});
