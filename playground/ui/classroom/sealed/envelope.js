// The envelope (envelope.py): it obeys the views that come; a press asks the server to open it.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { find, write } from "../../common/dom.js";
import { keepOne } from "../../common/held.js";
import { Seldom } from "../../common/seldom.js";
import { Sentences } from "../../common/sentences.js";
import { percent } from "../../common/translate.js";
import { HEIGHT, lines, MARGIN, WIDTH } from "./slope.js";
import * as words from "./words.js";

/**
 * @typedef {{at: import("./words.js").At | null, presented?: object | null}} View
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {View} view as this run of the script has drawn it
 * @property {boolean} opens whether this visitor may open it
 * @property {Record<string, string>} sentences translations of what the server says in English
 * @property {boolean} large whether a whole room reads it
 * @typedef {(name: "open", value: number) => void} Send
 */

const SVG = "http://www.w3.org/2000/svg";
// Where the two axes stand.
const [LEFT, RIGHT] = [90, WIDTH - 90];

/** @param {string} name @param {Record<string, string | number>} attributes */
function draw(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** @param {string} text @param {Record<string, string | number>} attributes */
function label(text, attributes) {
  const element = draw("text", attributes);
  element.textContent = text;
  return element;
}

/**
 * A line for each run, from its validation to its test accuracy; the best on validation stands out.
 *
 * @param {import("./words.js").Opened} opened
 */
function slopes(opened) {
  const picture = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT + 24}`,
    role: "img",
    "aria-label": words.chartName(opened),
  });
  for (const x of [LEFT, RIGHT]) {
    picture.append(
      draw("line", { class: "ce-axis", x1: x, x2: x, y1: MARGIN, y2: HEIGHT - MARGIN }),
    );
  }
  const all = lines(opened.results);
  for (const [index, { from, to, result }] of [...all.entries()].reverse()) {
    const best = index === 0 ? "ce-line ce-best" : "ce-line";
    picture.append(draw("line", { class: best, x1: LEFT, x2: RIGHT, y1: from, y2: to }));
    if (index) continue;
    picture.append(
      label(percent(result.val), { x: LEFT - 8, y: from + 5, "text-anchor": "end" }),
      label(percent(result.test), { x: RIGHT + 8, y: to + 5 }),
    );
  }
  picture.append(
    label(words.validation(), { x: LEFT, y: HEIGHT + 16, "text-anchor": "middle" }),
    label(words.test(), { x: RIGHT, y: HEIGHT + 16, "text-anchor": "middle" }),
  );
  return picture;
}

class Envelope {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.says = new Seldom(this.part("says"));
    this.calls = 0;
    this.token = "";
    this.drawn = "";
    this.number = 0;
    this.opens = false;
    this.large = false;
    this.sentences = new Sentences({});
    /** @type {Send} */
    this.send = () => {};
    this.leave = () => {};
    this.button = find(root, "button", HTMLButtonElement);
    this.button.onclick = () => {
      this.button.disabled = true;
      this.send("open", this.number);
    };
  }

  /** @param {Data} data @param {Send} send */
  attach({ token, view, opens, large, sentences }, send) {
    this.send = send;
    this.large = large;
    this.sentences = new Sentences(sentences);
    this.opens = opens;
    this.root.classList.toggle("class-envelope-large", large);
    this.button.disabled = false;
    if (token !== this.token) {
      this.leave();
      this.says.leave();
      this.token = token;
      this.leave = subscriptions().attend(token, (seen) => this.show(/** @type {any} */ (seen)));
    }
    this.show(view);
  }

  /** @param {View | null} view null for one who is not in the class any more */
  show(view) {
    const at = view?.at;
    this.root.hidden = !at?.activity.sealed || (this.large && Boolean(view?.presented));
    if (!at) return;
    this.number = at.number;
    const { envelope, sealed, judging, yours } = at;
    this.says.tell(words.standing(at));
    this.button.hidden = !this.opens || !sealed || judging;
    for (const name of ["best", "chart", "luck"]) this.part(name).hidden = !envelope;
    const now = JSON.stringify([envelope, yours]);
    if (!envelope || now === this.drawn) return;
    this.drawn = now;
    const name = this.sentences.read(envelope.name);
    const said = [words.best({ ...envelope, name }), ...(yours ? [words.own(yours)] : [])];
    this.part("best").replaceChildren(
      ...said.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
    );
    this.part("chart").replaceChildren(slopes(envelope));
    write(this.part("luck"), words.luck(envelope));
  }

  /** @param {string} name */
  part(name) {
    return find(this.root, `.class-envelope-${name}`, HTMLElement);
  }

  destroy() {
    this.leave();
    this.says.leave();
    this.token = "";
    this.leave = () => {};
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".class-envelope", (root) => new Envelope(root));
export default show;
