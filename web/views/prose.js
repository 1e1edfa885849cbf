// @ts-check
/**
 * Text as paragraphs that grow: what is there is never rebuilt, what is new is appended, addresses become links.
 *
 * A link shows the whole address it leads to, so that it can't pretend to be another.
 */

import { h } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}*_]/g;
const HELP = /\b(?:[a-z][a-z0-9-]+\.(?:com|org|net)|\d{3}(?:[ -]\d{3,4})*)\b/g;

/** @param {string} text @param {RegExp} [pattern] @returns {Node[]} */
export function linked(text, pattern = ADDRESS) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    nodes.push(document.createTextNode(text.slice(end, match.index)), link(match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, document.createTextNode(text.slice(end))];
}

/** Numbers to call and sites to open, from a notice of the policy. @param {string} text */
export const helpful = (text) => linked(text, HELP);

/** @param {string} address */
function link(address) {
  if (/^\d/.test(address)) return h("a", { href: `tel:${address.replace(/\D/g, "")}` }, address);
  const href = address.includes("://") ? address : `https://${address}`;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, address);
}

/** @param {string} text */
const paragraphs = (text) => text.trim().split(/\n\s*\n/);

export class Prose {
  node = h("div", { class: "prose" });
  #shown = "";
  /** @type {string[]} */ #paragraphs = [];

  /** @param {string} text */
  show(text) {
    if (text === this.#shown) return;
    const wanted = paragraphs(text);
    wanted.forEach((paragraph, index) => this.#grow(index, paragraph));
    while (this.node.children.length > wanted.length) this.node.lastElementChild?.remove();
    this.#shown = text;
    this.#paragraphs = wanted;
  }

  /** @param {number} index @param {string} text */
  #grow(index, text) {
    const shown = this.#paragraphs[index] ?? "";
    if (shown === text) return;
    const element = this.node.children[index] ?? this.node.appendChild(h("p"));
    const grown = text.startsWith(shown);
    if (!grown) element.replaceChildren();
    element.append(h("span", {}, ...linked(grown ? text.slice(shown.length) : text)));
  }
}
