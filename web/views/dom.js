// @ts-check
/** Makes elements out of text and properties: text becomes text nodes, so that no word is ever read as markup. */

/** @typedef {Node | string | false | null | undefined} Child */

/**
 * Make an element; keys that begin with `on` are listeners, `true` sets an attribute without a value.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [properties] @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) assign(element, name, value);
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}

/** @param {Element} element @param {string} name @param {any} value */
function assign(element, name, value) {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
}

/** Set a text only where it differs, so that nothing is announced or selected anew. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Make *parent* hold exactly *children*, touching only what differs. @param {Element} parent @param {Element[]} children */
export function place(parent, children) {
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}

/** @template {Element} [E=HTMLElement] @param {string} id @returns {E} */
export const byId = (id) => /** @type {E} */ (/** @type {unknown} */ (document.getElementById(id)));

/** @template T @typedef {{node: Element, show: (value: T, context: any) => void}} View */

/**
 * Views by key: made once, shown again with each new value, dropped with their key.
 * @template T
 */
export class Keyed {
  /** @type {Map<string, View<T>>} */
  #views = new Map();

  /** @param {(value: T) => View<T>} make */
  constructor(make) {
    this.make = make;
  }

  /** @param {[string, T][]} entries @param {any} [context] @returns {Element[]} */
  show(entries, context) {
    const keys = new Set(entries.map(([key]) => key));
    for (const key of this.#views.keys()) if (!keys.has(key)) this.#views.delete(key);
    return entries.map(([key, value]) => {
      const view = this.#views.get(key) ?? this.make(value);
      this.#views.set(key, view);
      view.show(value, context);
      return view.node;
    });
  }
}
