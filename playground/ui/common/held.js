// One object for each place on the page where Streamlit shows a component, kept from call to call.

import { find } from "./dom.js";

/**
 * @template Data, Send
 * @typedef {object} Held what is kept
 * @property {HTMLElement} root
 * @property {number} calls how often it was attached
 * @property {(data: Data, send: Send) => void} attach takes what Python passes with this call
 * @property {() => void} destroy
 */

/**
 * The default export of a component whose object lives as long as its element.
 *
 * @template Data, Send
 * @param {string} selector of its element
 * @param {(root: HTMLElement) => Held<Data, Send>} make
 * @returns {(component: {data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: Send}) => () => void}
 */
export function keepOne(selector, make) {
  /** @type {WeakMap<Node, Held<Data, Send>>} */
  const all = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    const root = find(parentElement, selector, HTMLElement);
    let held = all.get(parentElement);
    if (!held || held.root !== root) {
      held?.destroy();
      held = make(root);
      all.set(parentElement, held);
    }
    const attached = held;
    const call = ++attached.calls;
    attached.attach(data, setTriggerValue);
    // Streamlit may clean up after an outdated call before the newer one comes, or after it. Only
    // an element that has left the page is done with.
    return () => {
      if (call === attached.calls && !root.isConnected) attached.destroy();
    };
  };
}
