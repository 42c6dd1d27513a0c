// How many have answered the quiz, as it changes.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { keepOne } from "../../common/held.js";
import { Seldom } from "../../common/seldom.js";
import { says } from "./says.js";

/**
 * @typedef {import("./says.js").Counted} Counted
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {Counted} view
 */

class Count {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.says = new Seldom(root);
    this.calls = 0;
    this.token = "";
    this.leave = () => {};
  }

  /** @param {Data} data */
  attach({ token, view }) {
    if (token !== this.token) {
      this.leave();
      this.says.leave();
      this.token = token;
      this.leave = subscriptions().attend(token, (seen) =>
        this.show(/** @type {Counted | null} */ (seen)),
      );
    }
    this.show(view);
  }

  /** @param {Counted | null} view null when the class is gone */
  show(view) {
    if (view) this.says.tell(says(view));
  }

  destroy() {
    this.leave();
    this.says.leave();
    this.token = "";
    this.leave = () => {};
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".quiz-count", (root) => new Count(root));
export default show;
