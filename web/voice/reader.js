// @ts-check
/** The browser's own voice, for answers that come without one: chunk by chunk, and how many characters were really read. */

const BEGINS = 4_000; // Some voices take what they are given, and never say it.

export class Reader {
  /** @type {Map<string, number>} */ #heard = new Map();
  /** @type {Map<string, number>} */ #given = new Map();
  /** Kept, because browsers lose an utterance that nothing holds, and its events with it. @type {Map<SpeechSynthesisUtterance, string>} */ #waiting = new Map();
  /** @type {Set<string>} */ #unwanted = new Set();

  /** @param {() => void} moved the ear is somewhere else */
  constructor(moved) {
    this.moved = moved;
  }

  get speaking() {
    return this.#waiting.size > 0;
  }

  /** Whether some of *turn* is still to be heard. @param {string} turn */
  waits(turn) {
    return [...this.#waiting.values()].includes(turn);
  }

  /** Whether anything of *turn* was given to be read. @param {string} turn */
  reads(turn) {
    return this.#given.has(turn);
  }

  /** Code points of *turn* that were read in full. @param {string} turn */
  heard(turn) {
    return this.#heard.get(turn) ?? 0;
  }

  /** Read what is new of an answer that reads *text* by now. @param {string} turn @param {string} text @param {string} language */
  take(turn, text, language) {
    const from = this.#given.get(turn) ?? 0;
    const news = [...text].slice(from).join("");
    if (!news || this.#unwanted.has(turn) || !speechSynthesis.getVoices().length) return;
    this.#given.set(turn, [...text].length);
    const utterance = Object.assign(new SpeechSynthesisUtterance(news), { lang: language });
    const waits = setTimeout(() => this.#over(utterance, this.heard(turn)), BEGINS);
    utterance.onstart = utterance.onboundary = ({ charIndex: index }) => {
      clearTimeout(waits);
      this.#at(turn, from + [...news.slice(0, index)].length);
    };
    utterance.onend = () => this.#over(utterance, from + [...news].length);
    utterance.onerror = () => this.#over(utterance, this.heard(turn));
    this.#waiting.set(utterance, turn);
    speechSynthesis.speak(utterance);
  }

  /** A voice that has begun can't be hushed here, only held. @param {"play" | "duck" | "pause"} wish */
  want(wish) {
    if (wish === "play") speechSynthesis.resume();
    else speechSynthesis.pause();
  }

  /** Fall silent and read nothing more of *turns*. @param {string[]} turns @returns {number[]} */
  stop(turns) {
    turns.forEach((turn) => this.#unwanted.add(turn));
    this.#waiting.clear();
    speechSynthesis.cancel();
    speechSynthesis.resume(); // A voice that was held would hold the next one, too.
    return turns.map((turn) => this.heard(turn));
  }

  /** @param {SpeechSynthesisUtterance} utterance @param {number} heard */
  #over(utterance, heard) {
    const turn = this.#waiting.get(utterance);
    this.#waiting.delete(utterance);
    if (turn) this.#at(turn, heard);
  }

  /** @param {string} turn @param {number} heard */
  #at(turn, heard) {
    this.#heard.set(turn, heard);
    this.moved();
  }
}
