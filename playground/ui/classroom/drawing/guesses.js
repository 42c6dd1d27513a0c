// The drawings of a class (guesses.py): they obey the views that come.

import { subscriptions } from "../../board/stream/subscriptions.js";
import { find, write } from "../../common/dom.js";
import { keepOne } from "../../common/held.js";
import { Seldom } from "../../common/seldom.js";
import { Sentences } from "../../common/sentences.js";
import { alt, guessed, ranked, standing } from "./words.js";

/**
 * @typedef {import("./words.js").Drawing} Drawing
 * @typedef {{at: {drawings: import("./words.js").Drawings | null} | null, presented?: object | null}} View
 * @typedef {object} Data what Python passes
 * @property {string} token
 * @property {View} view as this run of the script has drawn it
 * @property {string[]} labels
 * @property {boolean} large whether a whole room reads it
 * @property {Record<string, string>} sentences translations of what the server says in English
 */

const SIDE = 28;

/**
 * Ink on paper: what is bright for the network is dark.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} item
 */
function paint(canvas, item) {
  const grey = Uint8Array.from(atob(item), (sign) => sign.charCodeAt(0));
  const pixels = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const value = 255 - (grey[i] ?? 0);
    pixels.data.set([value, value, value, 255], 4 * i);
  }
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}

class Guesses {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.says = new Seldom(find(root, ".cg-says", HTMLElement));
    this.calls = 0;
    this.token = "";
    this.drawn = "";
    this.large = false;
    /** @type {string[]} */
    this.labels = [];
    this.sentences = new Sentences({});
    this.leave = () => {};
  }

  /** @param {Data} data */
  attach({ token, view, labels, large, sentences }) {
    this.labels = labels;
    this.large = large;
    this.sentences = new Sentences(sentences);
    this.root.classList.toggle("class-guesses-large", large);
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
    const drawings = view?.at?.drawings;
    this.root.hidden = !drawings || (this.large && Boolean(view?.presented));
    if (!drawings) return;
    const now = JSON.stringify(drawings);
    if (now === this.drawn) return;
    this.drawn = now;
    const newest = drawings.newest && this.named(drawings.newest);
    this.says.tell(standing({ ...drawings, newest }, this.labels));
    const part = find(this.root, ".cg-newest", HTMLElement);
    part.hidden = !newest;
    if (newest) this.showNewest(part, newest);
    this.rank(drawings.ranking.filter(({ of }) => of).map((one) => this.named(one)));
  }

  /**
   * @template {{name: string}} One
   * @param {One} one
   * @returns {One} with an animal's name in the visitor's language
   */
  named(one) {
    return { ...one, name: this.sentences.read(one.name) };
  }

  /** @param {HTMLElement} part @param {Drawing & {guesses: import("./words.js").Guess[]}} newest */
  showNewest(part, newest) {
    const canvas = find(part, "canvas", HTMLCanvasElement);
    paint(canvas, newest.item);
    canvas.ariaLabel = alt(newest, this.labels);
    write(find(part, "figcaption", HTMLElement), this.labels[newest.label]);
    find(part, "ul", HTMLElement).replaceChildren(
      ...newest.guesses.map((guess) => {
        const line = document.createElement("li");
        line.textContent = guessed(this.named(guess), newest.label, this.labels);
        line.toggleAttribute("data-right", guess.label === newest.label);
        line.style.setProperty("--share", String(guess.probability));
        return line;
      }),
    );
  }

  /** @param {Drawing[]} ranking */
  rank(ranking) {
    const list = find(this.root, "ol", HTMLElement);
    find(this.root, "h2", HTMLElement).hidden = list.hidden = !ranking.length;
    list.replaceChildren(
      ...ranking.map((drawing) => {
        const [line, canvas] = [document.createElement("li"), document.createElement("canvas")];
        canvas.width = canvas.height = SIDE;
        canvas.ariaHidden = "true";
        paint(canvas, drawing.item);
        line.append(canvas, ranked(drawing, this.labels));
        return line;
      }),
    );
  }

  destroy() {
    this.leave();
    this.says.leave();
    this.token = "";
    this.leave = () => {};
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".class-guesses", (root) => new Guesses(root));
export default show;
