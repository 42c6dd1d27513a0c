// The projector of a class (screen.py): the way in while people join, then the activity, at the
// reveal the class's answers, and what the teacher presents. It obeys the views that come.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { find, write } from "../../common/dom.js";
import { keepOne } from "../../common/held.js";
import { said } from "../../common/translate.js";
import { Charts } from "./charts.js";
import { drawCurve, elements } from "./shown.js";
import * as words from "./words.js";

/**
 * @typedef {import("./tiles.js").At} At
 * @typedef {object} View of the projector, see playground/classroom/views/
 * @property {{id: string, name: string, ended: boolean}} class
 * @property {string} code
 * @property {boolean} curtain
 * @property {number} count
 * @property {string[]} names
 * @property {At | null} at
 * @property {any} presented
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {View} view
 * @property {string} charts their address
 * @property {string} query the address at which one joins, to be read
 * @property {Record<string, string>} names colours and animals, by the English that views have
 */

// Of a window, what a chart may take: title and question stand above it.
const CHART_SHARE = 0.62;

class Screen {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.calls = 0;
    this.token = this.drawn = "";
    this.leave = () => {};
    /** @type {View | null} */
    this.view = null;
    this.charts = new Charts(
      find(root, ".class-charts", HTMLElement),
      ({ name }) => Boolean(this.view?.at?.revealed) && name === this.chosen,
      () => {},
      () => this.show("alert", words.chartsNotLoaded()),
      () => CHART_SHARE * innerHeight,
    );
    this.resizes = new ResizeObserver(() => {
      this.drawn = "";
      this.presented();
    });
    this.resizes.observe(root);
  }

  /** @param {Data} data */
  attach(data) {
    this.data = data;
    this.charts.url = data.charts;
    if (data.token !== this.token) {
      this.leave();
      this.token = data.token;
      this.leave = subscriptions().attend(
        data.token,
        (view) => this.take(/** @type {View | null} */ (view)),
        (connected) => this.show("alert", connected ? "" : words.connectionLost()),
      );
    }
    this.take(data.view);
  }

  destroy() {
    this.leave();
    this.resizes.disconnect();
    this.charts.destroy();
  }

  /** At the reveal the room sees what the class predicted, or else what it has trained. */
  get chosen() {
    return this.view?.at?.activity.prediction ? "predictions" : "curves";
  }

  /** @param {string} name */
  part(name) {
    return find(this.root, `[data-part="${name}"]`, HTMLElement);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  show(name, text) {
    write(this.part(name), text);
    this.part(name).hidden = !text;
  }

  /** @param {View | null} view */
  take(view) {
    if (!view) {
      this.show("alert", words.classGone());
      return;
    }
    this.view = view;
    const { at, presented, code } = view;
    const joining = !at && !presented && !view.class.ended;
    this.show("name", view.class.name);
    this.show("count", words.joined(view.count));
    this.show("way", joining || view.class.ended ? "" : `${this.data?.query} · ${code}`);
    this.part("join").hidden = !joining;
    this.part("activity").hidden = joining || Boolean(presented);
    this.part("shown").hidden = !presented;
    this.join(view); // also unseen: no name stays that the room may not know any more
    this.activity(view);
    this.presented();
    if (at?.revealed) this.charts.ask();
    else this.charts.draw();
  }

  /** @param {View} view */
  join({ code, names }) {
    this.show("invite", `${words.joinHere()}. ${words.orScan()}`);
    write(find(this.root, ".screen-code", HTMLElement), code);
    this.show("names", names.map((name) => this.name(name)).join(" · "));
  }

  /** @param {View} view */
  activity({ at, count, class: { ended } }) {
    const asked = at?.activity.prediction;
    this.show("title", ended ? words.over() : at ? said(at.activity.title) : words.waiting());
    const question = !at || ended ? "" : said(asked ? asked.question : at.activity.text);
    this.show("question", question);
    const because = at?.revealed ? said(asked?.because) : "";
    this.show("because", because);
    const counts = at && !ended && asked && !at.revealed && !at.envelope;
    this.show("progress", counts ? words.answers(at.answered, count) : "");
    const bar = find(this.root, "progress", HTMLProgressElement);
    bar.hidden = !counts;
    bar.value = counts && count ? at.answered / count : 0;
    bar.ariaLabel = counts ? words.answers(at.answered, count) : "";
  }

  presented() {
    const snapshot = this.view?.presented;
    const now = snapshot ? JSON.stringify(snapshot) : "";
    if (now === this.drawn) return;
    this.drawn = now;
    const part = this.part("shown");
    if (!snapshot) {
      part.replaceChildren();
      return;
    }
    const name = this.name(snapshot.name);
    part.replaceChildren(...elements(snapshot, name));
    drawCurve(part, snapshot, name);
  }

  /** @param {string} name */
  name(name) {
    return this.data?.names[name] ?? name;
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".class-screen", (root) => new Screen(root));
export default show;
