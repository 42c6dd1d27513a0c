// Slow motion: one mini-batch by hand, in the network's picture. It asks for a step, shows its four
// parts one after the other, and updates the weights as often as somebody wants to see it.

import { decode } from "../data/portrait.js";
import { OneByOne } from "../data/client.js";
import { drawLinks } from "../draw/links.js";
import { askStep, askWeight } from "./ask.js";
import { backwardContent, lossContent, spotContent, updateContent } from "./contents.js";
import { digits, setting } from "./formulas.js";
import { nearest } from "./gradients.js";
import { Panel } from "./panel.js";
import { clearStep, isReached, linksOf, paintStep } from "./picture.js";
import { Walk } from "./walk.js";
import * as words from "./words.js";

/**
 * @typedef {import("./ask.js").Step} Step
 * @typedef {import("./walk.js").StepName} StepName
 * @typedef {import("../draw/links.js").Spot} Spot
 * @typedef {import("../draw/links.js").Link} Link
 * @typedef {import("../data/portrait.js").Portrait} Portrait
 * @typedef {import("../data/client.js").Source} Source
 * @typedef {object} Scene the network that is shown
 * @property {() => {source: Source, epoch: number | null, shown: number[][], item: string,
 *   only: number[] | null}} subject `only`: the test images that may be walked through, if not all
 * @property {() => {portrait: Portrait, labels: string[], activation: string,
 *   colours: [negative: string, positive: string], palette: Uint32Array, spot: Spot | null} | null} now
 * @property {() => import("../draw/stage.js").Stage | undefined} stage
 * @property {(answer: import("../data/client.js").Answer, portrait: Portrait) => void} show
 * @property {() => void} render the picture as it is, and what slow motion paints in it
 * @property {(open: boolean, focused: boolean) => void} onOpen `focused`: the keys were in its panel
 */

const COLUMN_MS = 600; // between two columns
const READ_MS = 6000; // a step that is played

export class SlowMotion {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.requests = new OneByOne();
    this.panel = new Panel({
      onStep: (step) => this.enter(step),
      onMove: (by) => this.move(by),
      onPlay: () => (this.playing ? this.hold() : this.play()),
      onClose: () => this.close(),
      onLook: (image) => this.change((walk) => (walk.look = image)),
      onCount: (count) => this.change((walk) => walk.resize(count)),
      onApply: (next) => this.apply(next),
      onReset: () => this.change((walk) => walk.reset()),
    });
    /** @type {Walk | null} null while it is closed */
    this.walk = null;
    /** @type {Step | null} */
    this.step = null;
    /** @type {number[] | undefined} of the weight whose update is shown */
    this.weight = undefined;
    /** @type {Link[]} */
    this.links = [];
    this.reached = 0;
    this.playing = false;
    this.timer = 0;
  }

  open() {
    const { item, only } = this.scene.subject();
    this.walk = new Walk(item.startsWith("test-") ? Number(item.slice(5)) : 0, only);
    [this.step, this.weight] = [null, undefined];
    this.panel.root.hidden = false;
    this.scene.onOpen(true, false);
    this.panel.mark("forward", false);
    this.load(true);
    this.panel.next.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const view = this.panel.root.parentElement;
    view?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  close() {
    if (!this.walk) return;
    this.hold();
    clearTimeout(this.timer);
    [this.walk, this.step] = [null, null];
    const focused = this.panel.root.contains(document.activeElement);
    this.panel.root.hidden = true;
    const stage = this.scene.stage();
    if (stage) clearStep(stage);
    this.scene.onOpen(false, focused);
  }

  /**
   * Ask for the step of the present mini-batch; what was asked for before counts no more.
   *
   * @param {boolean} [begin] whether its first part is shown from the beginning
   */
  load(begin = false) {
    const { walk } = this;
    this.requests.run(async () => {
      if (!walk || walk !== this.walk) return;
      const { source, epoch, shown } = this.scene.subject();
      const { look, weight } = { look: walk.look, weight: this.weight };
      try {
        const batches = walk.batches();
        const step = await askStep(source, { epoch, batches, look, shown, weight });
        if (walk !== this.walk) return;
        this.step = step;
        this.scene.show(step.answer, decode(step.answer.portrait));
        if (begin) this.enter(walk.step);
        else this.tell();
      } catch {
        if (walk === this.walk) this.panel.say(words.failed());
      }
    });
  }

  /** @param {(walk: Walk) => void} change */
  change(change) {
    if (!this.walk) return;
    this.hold();
    change(this.walk);
    this.weight = undefined;
    this.load();
  }

  /** @param {boolean} next */
  apply(next) {
    const { walk, step } = this;
    if (!walk || !step || walk.done.length >= step.most_updates) return;
    // The same weight is followed from update to update.
    const { layer, from, to } = step.weight;
    this.change((one) => one.apply(step.loss, next));
    if (!next) this.weight = [layer, from, to];
  }

  /** @param {number} by */
  move(by) {
    this.hold();
    if (this.walk?.go(by)) this.enter(this.walk.step);
  }

  /** @param {StepName} step */
  enter(step) {
    if (!this.walk) return;
    this.walk.step = step;
    const columns = this.scene.stage()?.columns.length ?? 0;
    const moves = step === "forward" || step === "backward";
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.reached = moves && !calm ? 1 : columns;
    this.tell();
    this.scene.render();
    this.goOn();
  }

  /** The next column, or where it is played, the next step. */
  goOn() {
    clearTimeout(this.timer);
    const columns = this.scene.stage()?.columns.length ?? 0;
    if (this.reached < columns) {
      this.timer = window.setTimeout(() => {
        this.reached++;
        this.scene.render();
        this.goOn();
      }, COLUMN_MS);
    } else if (this.playing) {
      this.timer = window.setTimeout(() => {
        if (this.walk?.go(1)) this.enter(this.walk.step);
        else this.hold();
      }, READ_MS);
    }
  }

  play() {
    if (!this.walk) return;
    this.playing = true;
    this.enter(this.walk.step === "update" ? "forward" : this.walk.step);
  }

  hold() {
    if (!this.playing) return;
    this.playing = false;
    if (this.walk) this.panel.mark(this.walk.step, false);
    this.goOn();
  }

  /** Sentence and numbers of the step. */
  tell() {
    const [{ walk, step, panel }, now] = [this, this.scene.now()];
    if (!walk || !step || !now) return;
    const { labels, portrait } = now;
    panel.mark(walk.step, this.playing);
    panel.showImages(step, walk.look, labels);
    panel.say(this.sentence(walk, step, now));
    const contents = {
      forward: () => [],
      loss: () => lossContent(step, labels),
      backward: () => backwardContent(step),
      update: () => updateContent(step, portrait, labels),
    };
    panel.numbers.replaceChildren(...contents[walk.step]());
    const updating = walk.step === "update";
    const over = walk.done.length >= step.most_updates;
    panel.apply.hidden = !updating;
    [panel.again.disabled, panel.onward.disabled] = [over, over];
    panel.reset.disabled = !walk.done.length;
    const trail = [...walk.losses, step.loss].map(digits).join(" → ");
    const said = [words.trail(trail), ...(over ? [words.enough(walk.done.length)] : [])];
    panel.trail.textContent = walk.done.length ? said.join(" ") : "";
    const { remembered } = step.optimizer;
    const run = this.scene.subject().source.kind === "run";
    panel.note.textContent = words.note({ remembered, dropout: step.dropout, run });
  }

  /**
   * @param {Walk} walk
   * @param {Step} step
   * @param {NonNullable<ReturnType<Scene["now"]>>} now
   */
  sentence(walk, step, { activation, portrait }) {
    const { done, losses } = walk;
    if (walk.step === "forward") return words.forward(activation, portrait.columns.length > 1);
    if (walk.step === "loss") return words.loss(step.loss_name);
    if (walk.step === "backward") return words.backward();
    if (!done.length) {
      const { rule, rate } = step.optimizer;
      return words.update(rule === "momentum" ? "sgd" : rule, setting(rate));
    }
    const same = done[done.length - 1].join() === walk.batch().join();
    const loss = digits(step.loss);
    return same
      ? words.applied(done.length, digits(losses[losses.length - 1]), loss)
      : words.appliedNext(done.length, loss);
  }

  /** After `Stage.update`: what the step changes in the picture. */
  paint() {
    const [{ walk, step }, now, stage] = [this, this.scene.now(), this.scene.stage()];
    if (!walk || !step || !now || !stage) return;
    paintStep(stage, now.portrait, step, walk.step, this.reached, now.labels);
  }

  /**
   * The connections of the step.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Link[]} usual those of the forward pass
   */
  draw(canvas, usual) {
    const [{ walk, step }, now, stage] = [this, this.scene.now(), this.scene.stage()];
    if (!walk || !step || !now || !stage) return;
    const columns = stage.columns.length;
    const all = linksOf(step, now.portrait, walk.step, now.spot) ?? usual;
    this.links = all.filter(({ layer }) => isReached(walk.step, layer, columns, this.reached));
    const ends = stage.ends.bind(stage);
    drawLinks(canvas, this.links, ends, now.colours);
  }

  /**
   * What is said of a neuron, on the way back in place of the sizes.
   *
   * @param {Spot | null} spot
   * @returns {Node[] | null} null where it is said as ever
   */
  details(spot) {
    const [{ walk, step, panel }, now] = [this, this.scene.now()];
    panel.numbers.hidden = Boolean(spot) && walk?.step === "backward";
    if (!walk || !step || !now || walk.step === "forward") return null;
    if (walk.step === "loss") return spot ? null : [];
    if (!spot || walk.step === "update") return [];
    return spotContent(step, now.portrait, spot, now.labels, now.palette);
  }

  /**
   * Somebody presses a neuron or a connection: its weight is the one whose update is shown.
   *
   * @param {Spot | null} spot
   * @param {MouseEvent | null} event null for a key
   */
  async press(spot, event) {
    const [{ walk, step }, now, stage] = [this, this.scene.now(), this.scene.stage()];
    if (walk?.step !== "update" || !step || !now || !stage) return;
    const { columns } = now.portrait;
    if (spot) this.weight = [spot.layer, columns[spot.layer].shown[spot.index]];
    else {
      const frame = stage.root.getBoundingClientRect();
      const [x, y] = [(event?.clientX ?? 0) - frame.left, (event?.clientY ?? 0) - frame.top];
      const link = nearest(this.links, stage.ends.bind(stage), [x, y]);
      if (!link) return;
      const { layer, from, to } = link;
      const start = layer ? columns[layer - 1].shown[from] : from;
      this.weight = [layer, start, columns[layer].shown[to]];
    }
    const { source, epoch, shown } = this.scene.subject();
    const wanted = { epoch, batches: walk.batches(), look: walk.look, shown, weight: this.weight };
    try {
      const weight = await askWeight(source, wanted);
      if (step !== this.step) return;
      step.weight = weight;
      this.tell();
      this.scene.render();
    } catch {
      if (step === this.step) this.panel.say(words.failed());
    }
  }

  destroy() {
    clearTimeout(this.timer);
    this.walk = null;
  }
}
