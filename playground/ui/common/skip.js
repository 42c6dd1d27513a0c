// The first stop of the tab key on Train: past navigation and network, to the first control of the
// settings, which is the button that starts a run.

import { keepOne } from "./held.js";

const TARGET = "first-setting";

/** @typedef {{words: string}} Data what Python passes */

class Skip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.calls = 0;
    this.link = document.createElement("a");
    this.link.className = "skip-link";
    this.link.href = `#${TARGET}`;
    // Followed by the browser, it would change the address, which is that of the settings.
    this.link.onclick = (event) => {
      event.preventDefault();
      const first = document.querySelector(".st-key-train_button button");
      if (first instanceof HTMLElement) first.focus();
    };
  }

  /** @param {Data} data */
  attach({ words }) {
    this.link.textContent = words;
    document.querySelector(".st-key-train_settings")?.setAttribute("id", TARGET);
    if (!this.link.isConnected) document.body.prepend(this.link);
  }

  destroy() {
    this.link.remove();
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".skip", (root) => new Skip(root));
export default show;
