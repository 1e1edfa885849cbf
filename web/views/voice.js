// @ts-check
/**
 * The button one talks with, and above the writing what is being understood. A tap is hands-free, then mute; held, it is
 * push-to-talk.
 */

import { byId, say } from "./dom.js";

/** @typedef {import("../voice/conversation.js").Shown} Shown */

const HOLD = 300;
const KEYS = [" ", "Enter"];
const NAMES = { off: "Talk", starting: "Talk", on: "Mute the microphone", muted: "Unmute the microphone" };

export class VoiceView {
  #button = byId("talk");
  #bar = byId("voice");
  #state = byId("voice-state");
  #caption = byId("caption");
  #composer = byId("composer");
  #hold = 0;
  #down = false;
  #held = false;
  #up = -Infinity;

  /** @param {{tap: () => void, press: () => void, release: () => void, end: () => void}} wishes */
  constructor(wishes) {
    this.wishes = wishes;
    const button = this.#button;
    button.addEventListener("pointerdown", (event) => event.button === 0 && this.#press(event.pointerType === "touch"));
    for (const type of ["pointerup", "pointercancel", "pointerleave", "blur"]) button.addEventListener(type, () => this.#release());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("keydown", (event) => this.#key(event, () => !event.repeat && this.#press()));
    button.addEventListener("keyup", (event) => this.#key(event, () => this.#release()));
    // A screen reader clicks without ever having pressed.
    button.addEventListener("click", () => performance.now() - this.#up > HOLD && wishes.tap());
    byId("voice-end").addEventListener("click", () => {
      wishes.end();
      button.focus();
    });
  }

  /** @param {Shown} shown */
  show(shown) {
    const { is, level, voice, held, before, words, trouble } = shown;
    this.#button.dataset.is = is;
    this.#button.classList.toggle("voiced", voice || held);
    this.#composer.style.setProperty("--level", level.toFixed(2));
    this.#button.setAttribute("aria-label", NAMES[is]);
    this.#button.title = `${NAMES[is]} (hold: push to talk)`;
    this.#bar.hidden = is === "off" && !trouble;
    // Who hears a screen reader would be heard by it through the microphone: only what they need to know is read.
    this.#state.ariaLive = is === "on" && !trouble ? "off" : "polite";
    say(this.#state, trouble || standing(shown));
    this.#state.classList.toggle("trouble-text", Boolean(trouble));
    caption(this.#caption, before, words);
  }

  /** Say that what talking needs did not come. */
  away() {
    this.#bar.hidden = false;
    say(this.#state, "Talking needs the server, which can’t be reached just now. Try again in a moment.");
  }

  /** @param {KeyboardEvent} event @param {() => void} act */
  #key(event, act) {
    if (!KEYS.includes(event.key)) return;
    event.preventDefault();
    act();
  }

  /** A finger that has not let go yet may not begin a sound: the first time, it only taps. */
  #press(touch = false) {
    this.#down = true;
    if (touch && this.#button.dataset.is === "off") return;
    this.#hold = setTimeout(() => {
      this.#held = true;
      this.wishes.press();
    }, HOLD);
  }

  #release() {
    if (!this.#down) return;
    clearTimeout(this.#hold);
    this.#up = performance.now();
    if (this.#held) this.wishes.release();
    else this.wishes.tap();
    this.#down = this.#held = false;
  }
}

/** What is certain in ink, what may still change in grey. @param {Element} element @param {string} before @param {Shown["words"]} words */
function caption(element, before, words) {
  const certain = words.findIndex(({ stable }) => !stable);
  const sure = words.slice(0, certain < 0 ? words.length : certain).map(({ text }) => text);
  const parts = [[before, ...sure], words.slice(sure.length).map(({ text }) => text)].map((texts) => texts.filter(Boolean).join(" "));
  [...element.children].forEach((child, index) => say(child, parts[index] + (index ? "" : " ")));
}

/** @param {Shown} shown */
function standing({ is, pushing, held, voice, answer, hushed }) {
  if (is === "starting") return "Asking for the microphone";
  if (is === "muted") return "Muted: answers are still spoken";
  if (answer === "speaking") return hushed ? "Listening to you" : "Speaking: just talk to interrupt";
  if (held || voice) return "Listening to you";
  if (answer === "thinking") return "Thinking";
  return pushing ? "Hold the button to talk" : "Listening";
}
