// @ts-check
/**
 * Shows on the page which word is being said: as a highlight of the browser's own, so that no element changes for it.
 *
 * Places are counted in what is no space, because the page trims and parts an answer where the voice does not.
 */

const NAME = "said";

/** @typedef {{turn: string, before: string, word: string}} Place *before*: what the answer says before *word* */

/** @param {Place | undefined} place */
export function highlight(place) {
  if (typeof Highlight === "undefined") return;
  const prose = place && document.querySelector(`[data-turn="${place.turn}"] .prose`);
  const range = prose && within(prose, solid(place.before), solid(place.word));
  if (range) CSS.highlights.set(NAME, new Highlight(range));
  else CSS.highlights.delete(NAME);
}

/** How much of *text* is no space. @param {string} text */
const solid = (text) => text.replace(/\s/g, "").length;

/** @param {Element} prose @param {number} before @param {number} length @returns {Range | undefined} */
function within(prose, before, length) {
  const range = new Range();
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
  let count = 0;
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    for (let index = 0; index < node.data.length; index += 1) {
      if (!node.data[index].trim()) continue;
      if (count === before) range.setStart(node, index);
      count += 1;
      if (count !== before + length) continue;
      range.setEnd(node, index + 1);
      return range;
    }
  }
  return undefined;
}
