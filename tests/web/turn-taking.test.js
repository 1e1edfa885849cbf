import assert from "node:assert/strict";
import { test } from "node:test";

import { completeness, echoes, encourages } from "../../web/voice/completeness.js";
import { words } from "../../web/voice/turn-taking.js";
import { Ear } from "./ear.js";

/** How long after the last voice a turn is sent whose words were all understood in time. */
function heldFor(text, more) {
  const ear = new Ear().speaks().understands(text, more);
  const last = ear.state.last;
  ear.wait(3_000);
  return ear.wishes[0].at - last;
}

test("a whole thought is sent 300 ms after the last voice, without waiting for its final", () => {
  assert.equal(heldFor("My sister moved to Oslo."), 300);
});

test("words that tell nothing of their end wait 600 ms", () => {
  assert.equal(heldFor("my sister moved to oslo"), 600);
});

test("a recogniser whose finals come soon is waited for where words tell nothing of their end", () => {
  const ear = new Ear().speaks().understands("hello there").wait(500).understands("hello there", { final: true }).wait(1_000);
  const before = ear.took().length;

  ear.answers("none").speaks().understands("where does my brother lived", { id: "r2" }).wait(540);
  assert.deepEqual([before, ear.took()], [1, []]);
  ear.understands("where does my brother live now", { id: "r2", final: true }).wait(20);

  assert.deepEqual(ear.took(), [["send", "where does my brother live now"]]);
});

test("words that can't be the end wait 1,200 ms", () => {
  assert.equal(heldFor("my sister moved to the"), 1_200);
});

test("words that may still change are sent when they have not changed for 200 ms", () => {
  assert.equal(heldFor("Where does she live?", { stable: false }), 360);
});

test("a turn waits for words that reach to the end of the speech", () => {
  const ear = new Ear().speaks().understands("My sister moved.", { end: 1_600 });

  ear.wait(200);
  assert.deepEqual(ear.took(), []);
  ear.understands("My sister moved to Oslo.").wait(20);

  assert.deepEqual(ear.took(), [["send", "My sister moved to Oslo."]]);
});

test("a word that never comes is waited for as long as the recogniser was late before", () => {
  const ear = new Ear().event("voice", { on: true }).wait(400).understands("My sister moved.", { end: 1_300 });
  const last = ear.wait(600).at;
  ear.wait(160).event("voice", { on: false, last }).wait(2_000);

  assert.equal(ear.wishes[0].at - last, 400);
});

test("who spoke on without words is waited for until a final says that there were none", () => {
  const ear = new Ear().speaks(2_000).understands("please tell me", { end: 2_000 }).wait(4_000);
  assert.deepEqual(ear.took(), []);

  ear.understands("please tell me", { end: 2_000, final: true }).wait(20);

  assert.deepEqual(ear.took(), [["send", "please tell me"]]);
});

test("no recogniser is waited for longer than six seconds", () => {
  const ear = new Ear().speaks(3_000).understands("please tell me", { end: 2_000 }).wait(7_000);

  assert.equal(ear.wishes[0].at - ear.state.last, 6_000);
});

test("a recogniser that lags behind is waited for", () => {
  const ear = new Ear().speaks(2_000).understands("please tell me", { end: 1_500 }).wait(1_400);
  assert.deepEqual(ear.took(), []);

  ear.understands("please tell me a story.", { end: 2_900 }).wait(200);

  assert.deepEqual(ear.took(), [["send", "please tell me a story."]]);
});

test("no turn waits longer than two seconds for words that keep changing", () => {
  const ear = new Ear().speaks().understands("tell me the");
  for (let count = 0; count < 20; count += 1) ear.understands(`tell me the ${count}`, { stable: false, end: ear.state.last }).wait(160);

  assert.ok(ear.wishes[0].at - ear.state.last <= 2_020);
});

test("a voice without words sends nothing", () => {
  assert.deepEqual(new Ear().speaks().wait(5_000).took(), []);
});

test("who breathes in the middle of a sentence is not cut off", () => {
  const ear = new Ear().speaks().understands("my sister and").wait(800).speaks().understands("my sister and my brother.").wait(400);

  assert.deepEqual(ear.took(), [["send", "my sister and my brother."]]);
});

test("in a room that never falls silent final words are a turn", () => {
  const ear = new Ear().event("voice", { on: true }).wait(1_000).understands("It is loud here.", { final: true }).wait(1_500);

  assert.deepEqual(ear.took(), [["send", "It is loud here."]]);
});

test("a later final with the same words changes nothing", () => {
  const ear = new Ear().speaks().understands("my sister moved to oslo").wait(700);
  ear.took();

  ear.understands("My sister moved to Oslo.", { final: true }).wait(3_000);

  assert.deepEqual(ear.took(), []);
});

test("a later final with other words is sent instead, while nothing was heard", () => {
  const ear = new Ear().speaks().understands("my sister moved to hustle").wait(700);
  ear.took();

  ear.understands("My sister moved to Oslo.", { final: true }).wait(3_000);

  assert.deepEqual(ear.took(), [["again", "My sister moved to Oslo."]]);
});

test("a final amends only its own part of a turn", () => {
  const ear = new Ear().speaks().understands("Well.", { id: "r1", final: true }).understands("I like bees", { id: "r2" }).wait(700);

  ear.understands("I like peas.", { id: "r2", final: true });

  assert.deepEqual(ear.took(), [["send", "Well. I like bees"], ["again", "Well. I like peas."]]);
});

test("once the answer is heard, what was sent stands", () => {
  const ear = new Ear().talks("my sister moved to hustle.");

  ear.understands("My sister moved to Oslo.", { final: true }).wait(5_000);

  assert.deepEqual([ear.took(), words(ear.state)], [[], ""]);
});

test("words that the final adds are not sent a second time as a turn", () => {
  const ear = new Ear().talks("My sister moved.");

  ear.understands("My sister moved to Oslo.", { final: true, end: ear.state.last + 400 }).answers("none").wait(5_000);

  assert.deepEqual(ear.took(), []);
});

test("who goes on speaking before the answer is heard has said it in one", () => {
  const ear = new Ear().speaks().understands("I saw a bird.").wait(400);
  assert.deepEqual(ear.took(), [["send", "I saw a bird."]]);

  ear.speaks().understands("It was blue.", { id: "r2" }).answers("none").wait(400);

  assert.deepEqual(ear.took(), [["stop", "I saw a bird."], ["send", "I saw a bird. It was blue."]]);
});

test("a voice hushes the answer at once", () => {
  const ear = new Ear().talks().event("voice", { on: true });

  assert.deepEqual(ear.took(), [["duck"]]);
});

test("an answer that begins while somebody speaks begins hushed", () => {
  const ear = new Ear().speaks().understands("Tell me a story.").wait(400).event("voice", { on: true });
  ear.took();

  assert.deepEqual(ear.answers("speaking").took(), [["duck"]]);
});

test("words end the answer, and are the next turn", () => {
  const ear = new Ear().talks().speaks(400).understands("Stop, something else.", { id: "r2" }).answers("none").wait(300);

  assert.deepEqual(ear.took(), [["duck"], ["stop"], ["send", "Stop, something else."]]);
});

test("a cough does not: the answer goes on", () => {
  const ear = new Ear().talks().speaks(200).wait(1_000);

  assert.deepEqual(ear.took(), [["duck"], ["resume"]]);
});

test("mm-hm does not end it either, and is no turn afterwards", () => {
  const ear = new Ear().talks().speaks(300).understands("Mm-hm, yeah.", { id: "r2" }).wait(1_000).answers("none").wait(3_000);

  assert.deepEqual(ear.took(), [["duck"], ["resume"]]);
});

test("yes at the end of a question is an answer", () => {
  const ear = new Ear().talks().answers("none").speaks(300).understands("Yes.", { id: "r2" }).wait(1_000);

  assert.deepEqual(ear.took(), [["send", "Yes."]]);
});

test("a long voice without words holds the answer until it is over", () => {
  const ear = new Ear().talks().speaks(900).wait(1_000);

  assert.deepEqual(ear.took(), [["duck"], ["pause"], ["resume"]]);
});

test("it does not answer itself", () => {
  const spoken = "Once upon a time there was a small boat called Elsa.";
  const ear = new Ear().talks().answers("speaking", { spoken }).speaks(900).understands("was a small boat", { id: "r2", spoken });

  ear.answers("none", { spoken }).wait(3_000);

  assert.deepEqual(ear.took().filter(([wish]) => wish === "stop" || wish === "send"), []);
});

test("a choice that the answer names can be chosen", () => {
  const spoken = "Would you like tea or coffee?";
  const ear = new Ear().talks().answers("speaking", { spoken }).answers("none", { spoken });

  ear.speaks(300).understands("Coffee.", { id: "r2", spoken }).wait(1_000);

  assert.deepEqual(ear.took(), [["send", "Coffee."]]);
});

test("a pushed button ends the answer at once, and its release the turn", () => {
  const ear = new Ear().talks().event("press").answers("none").wait(900).understands("Something else now", { id: "r2", end: 5_000 });

  ear.event("release", { last: ear.at }).wait(400);

  assert.deepEqual(ear.took(), [["stop"], ["send", "Something else now"]]);
});

test("while the button is held, no silence ends the turn", () => {
  const ear = new Ear().event("press").understands("One.").wait(5_000);

  assert.deepEqual(ear.took(), []);
});

test("who is muted has said nothing", () => {
  const ear = new Ear().speaks().understands("Delete this").event("deaf").wait(5_000);

  assert.deepEqual([ear.took(), words(ear.state)], [[], ""]);
});

test("a lost stream leaves what was final, and hears the rest again", () => {
  const ear = new Ear().speaks().understands("First.", { final: true }).understands("and the se", { id: "r2" }).event("lost");

  assert.equal(words(ear.state), "First.");
});

for (const [text, expected] of [
  ["yes", "whole"], ["Thank you", "whole"], ["How are you?", "whole"], ["I went home.", "whole"], ["how are you", "unclear"],
  ["I went to the", "open"], ["well,", "open"], ["because", "open"], ["My sister moved to.", "open"], ["What is it for?", "whole"],
]) {
  test(`“${text}” is ${expected}`, () => assert.equal(completeness(text), expected));
}

test("what only encourages is told from what says something", () => {
  assert.deepEqual(["Mm-hm.", "Yeah, okay", "uh-huh right", "no", "Okay, stop"].map(encourages), [true, true, true, false, false]);
});

test("an echo may be misheard a little", () => {
  const spoken = "once upon a time there was a boat";

  assert.deepEqual(["time there was a goat", "there was another thing entirely"].map((text) => echoes(text, spoken)), [true, false]);
});
