// The line of a class at the top of a page: it obeys the views that come, and runs no script for
// them. What has to be drawn again waits for a press.

import { announce, prepare } from "../../common/announce.js";
import { subscriptions } from "../../board/stream/subscriptions.js";
import { find, write } from "../../common/dom.js";
import { keepOne } from "../../common/held.js";
import { t } from "../../common/translate.js";
import { lock } from "./locks.js";
import { Focus } from "./focus.js";
import { drawn, now, whose } from "./says.js";

/**
 * @typedef {import("./view.d.ts").View} View
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {View} view as this run of the script has drawn it
 * @property {string} page the path of the page
 * @property {string} home the path of the page Class
 * @property {Record<string, string>} names one's own colour and animal, by the English that views have
 * @typedef {(name: "show", value: number) => void} Send
 */

class Line {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.calls = 0;
    this.pressed = 0;
    this.drawn = "";
    /** @type {Record<string, string>} */
    this.names = {};
    /** @type {View | null} */
    this.view = null;
    this.token = "";
    /** @type {Send} */
    this.send = () => {};
    this.leave = () => {};
    prepare();
    this.focus = new Focus(root);
    this.button = find(root, ".class-show", HTMLButtonElement);
    this.curtain = find(root, ".class-curtain", HTMLDialogElement);
    this.button.onclick = () => this.send("show", ++this.pressed);
    // Nobody but the teacher lifts it.
    this.curtain.oncancel = (event) => event.preventDefault();
    this.curtain.onkeydown = (event) => {
      if (event.key === "Escape") event.preventDefault();
    };
  }

  /** @param {Data} data @param {Send} send */
  attach({ token, view, page, home, names }, send) {
    this.send = send;
    this.names = names;
    this.drawn = drawn(view);
    this.home = page === home;
    if (token !== this.token) {
      this.leave();
      this.token = token;
      this.leave = subscriptions().attend(token, (seen) => this.show(/** @type {View} */ (seen)));
    }
    this.show(view);
  }

  /** @param {View | null} view null for one who is not in the class any more */
  show(view) {
    this.view = view;
    write(find(this.root, ".class-name", HTMLElement), whose(view, this.names));
    write(find(this.root, ".class-now", HTMLElement), now(view));
    lock(view?.locks ?? {});
    this.drop(Boolean(view?.curtain));
    const news = drawn(view) !== this.drawn;
    this.button.hidden = !news;
    write(this.button, this.home ? t("Show it") : t("Refresh"));
    this.root.classList.toggle("class-news", news);
  }

  /** @param {boolean} down */
  drop(down) {
    write(find(this.curtain, ".class-curtain-says", HTMLElement), t("Eyes to the front"));
    write(
      find(this.curtain, ".class-curtain-why", HTMLElement),
      t("Your teacher has paused everyone. Nothing is lost; it goes on in a moment."),
    );
    // It takes the focus, and so its two sentences are said; what lies behind it cannot speak.
    if (down && !this.curtain.open) this.curtain.showModal();
    if (!down && this.curtain.open) {
      this.curtain.close();
      announce(t("Your teacher lets everyone go on."));
    }
  }

  destroy() {
    this.focus.leave();
    this.leave();
    this.token = "";
    this.leave = () => {};
    if (this.curtain.open) this.curtain.close();
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".class-live", (root) => new Line(root));
export default show;
