// The living network in the browser (view.py): it asks for portraits and draws them in place.

import { keepOne } from "../common/held.js";
import { subscriptions } from "../board/stream/subscriptions.js";
import { onVisits } from "../common/visits.js";
import { Choice } from "./data/choice.js";
import { ask, nameOf, OneByOne, Unavailable } from "./data/client.js";
import { Excitement } from "./data/exciting.js";
import { bytes, columns, decode } from "./data/portrait.js";
import { Chooser, shownOf } from "./draw/chooser.js";
import { showDetails } from "./draw/details.js";
import { button, make } from "./draw/elements.js";
import { drawLinks, links } from "./draw/links.js";
import { greyPixels, signedPalette } from "./draw/paint.js";
import { Player } from "./draw/player.js";
import { Stage } from "./draw/stage.js";
import { layerButtons, sourceButtons } from "./buttons.js";
import { onFirstFigures, watchLive } from "./live.js";
import { SlowMotion } from "./slow/slow.js";
import { Spots } from "./spots.js";
import * as slowWords from "./slow/words.js";
import * as words from "./words.js";

/**
 * @typedef {import("./data/client.js").Source} Source
 * @typedef {import("./data/client.js").Answer} Answer
 * @typedef {import("./draw/links.js").Spot} Spot
 * @typedef {{query: string, step: {query: string}, hiddenLayers: number[], activation: string,
 *   editable: boolean, fixed: {layers: boolean, activation: boolean}, whyFixed: string}} Settings
 * @typedef {{id: string, active: boolean, training: boolean, own: boolean, sealed: boolean,
 *   activation: string, same: boolean}} Run
 * @typedef {object} Data what Python passes
 * @property {Settings} settings
 * @property {Run | null} run on the board; `same` if the settings make the same layers
 * @property {string | null} drawn the last drawing on Draw, in URL-safe base64
 * @property {string | null} pinned the pinned one, where it is another
 * @property {string[]} labels
 * @property {[negative: string, positive: string]} colours
 * @property {Record<string, number[]>} curves
 * @property {string[]} activations that the settings offer, in their order
 * @property {number} mostLayers
 * @property {number} mostUnits
 * @typedef {(name: "layers" | "activation" | "look", value: unknown) => void} Send
 */

const RETRY_MS = 1500;
const HINT_MS = 8000;
const PATIENCE_MS = 5000; // until a worker shows what it was asked for
const MOST_RETRIES = 8;
const PIXELS = 784;

class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.calls = 0;
    /** @type {Data | undefined} */
    this.data = undefined;
    /** @type {Data | undefined} */
    this.next = undefined; // what attach() was given, until accept() takes it
    /** @type {(() => void) | undefined} */
    this.waits = undefined; // the way to end waiting for the board
    /** @type {Send} */
    this.send = () => {};
    this.requests = new OneByOne();
    /** @type {"auto" | "run" | "settings"} */
    this.choice = "auto";
    this.subject = "";
    this.picked = new Choice();
    /** @type {number | null} */
    this.epoch = null;
    /** @type {Answer | undefined} */
    this.answer = undefined;
    /** @type {import("./data/portrait.js").Portrait | undefined} */
    this.portrait = undefined;
    this.pixels = new Uint8Array(PIXELS);
    /** @type {Uint32Array[]} */
    this.typical = [];
    /** @type {Spots | undefined} */
    this.spots = undefined;
    this.retry = 0;
    this.hinting = 0;
    this.retries = 0;
    this.followed = "";
    this.patience = 0;
    /** @type {Answer | undefined} */
    this.awaited = undefined; // an answer whose portrait is to come from the worker
    /** @type {import("./data/portrait.js").Portrait | undefined} */
    this.newest = undefined; // of the run that is followed, from its worker
    this.leave = () => {};
    /** @type {Element | undefined} */
    this.page = undefined; // what is laid out around it
    this.excitement = new Excitement(() => this.renderSpot());
    this.leaveVisits = onVisits((run, epoch) => {
      const source = this.source();
      if (source.kind === "run" && source.id === run) this.player?.visit(epoch);
    });
  }

  /**
   * A run that begins shows its curve first: its network looks as that of the settings does.
   *
   * @param {Data} data @param {Send} send
   */
  attach(data, send) {
    [this.next, this.send] = [data, send];
    if (this.data && data.run?.active && data.run.id !== this.data.run?.id) {
      this.waits ??= onFirstFigures(() => this.accept());
    } else this.accept();
  }

  /** Show what attach() was given. */
  accept() {
    this.waits?.();
    this.waits = undefined;
    const [before, data] = [this.data, /** @type {Data} */ (this.next)];
    this.data = data;
    if (!before) this.build(data);
    if (before?.run?.id !== data.run?.id || before?.settings.query !== data.settings.query) {
      this.choice = "auto";
    }
    this.chooser?.offer(data.drawn, data.pinned);
    this.chooser?.seal(Boolean(data.run?.sealed));
    const faces = this.chooser?.indices() ?? [];
    this.picked.item = shownOf(this.picked.item, Boolean(data.run?.sealed), faces);
    this.renderSources();
    this.renderSlow(before);
    const name = nameOf(this.source());
    if (name !== this.subject) {
      this.subject = name;
      this.slow?.close();
      this.player?.stop();
      this.epoch = null;
      const ofRun = this.source().kind === "run";
      this.picked.begin({ active: ofRun && this.active(), own: Boolean(data.run?.own) });
      this.load();
    } else if (before?.run?.active && !data.run?.active) this.end();
    else if (before?.run?.active !== data.run?.active) this.load();
    else if (this.portrait) this.render();
    this.follow();
  }

  /** @param {Data} data */
  build(data) {
    const [bar, sources, layers] = ["nv-items", "nv-sources", "nv-layers"].map((name) =>
      make("div", { class: name }),
    );
    const grid = make("div", { class: "nv-stage" }, make("canvas", { class: "nv-links" }));
    const player = make("div", { class: "nv-player" });
    const faces = make("div", { class: "nv-faces" });
    this.notice = make("p", { class: "nv-notice", role: "status", hidden: true });
    this.details = make("div", { class: "nv-details" }, words.hint());
    this.sources = sources;
    this.layers = layers;
    this.palette = signedPalette(data.colours);
    this.canvas = /** @type {HTMLCanvasElement} */ (grid.firstChild);
    this.canvas.ariaHidden = "true";
    this.stage = new Stage(grid, this.palette, {
      onPage: (layer, by) => this.leaf(layer, by),
      onUnits: (layer, units) => this.changeUnits(layer, units),
      onActivation: (activation) => this.send("activation", activation),
      onFixed: (why) => this.hint(why),
    });
    this.chooser = new Chooser(bar, faces, {
      choose: (item) => this.choose(item),
      follow: () => {
        this.picked.follow();
        this.load();
      },
    });
    this.player = new Player(player, (epoch) => {
      this.slow?.close();
      this.epoch = epoch;
      this.load();
    });
    this.slow = this.makeSlow();
    this.slowButton = button(slowWords.open(), slowWords.open(), () => {
      // It stays within reach, to say why it does nothing now.
      if (this.slowButton?.ariaDisabled === "true") this.hint(slowWords.whileTraining());
      else if (this.slow?.walk) this.slow.close();
      else this.slow?.open();
    });
    this.root.replaceChildren(
      make("div", { class: "nv-top" }, layers, player, sources, this.slowButton),
      this.notice,
      bar,
      make("div", { class: "nv-scroll" }, grid),
      this.slow.panel.root,
      faces,
      this.details,
    );
    this.spots = new Spots(grid, {
      onLook: () => this.renderSpot(),
      onPress: (spot, event) => this.slow?.press(spot, event),
    });
    this.resized = new ResizeObserver(() => this.drawLinks());
    this.resized.observe(grid);
  }

  makeSlow() {
    return new SlowMotion({
      subject: () => {
        const [source, shown, item] = [this.source(), this.picked.shown(), this.picked.item];
        if (source.kind === "run") {
          const epoch = this.epoch ?? this.answer?.epochs.at(-1) ?? null;
          // Of a sealed run the ten faces: the losses of all test images would say how good it is.
          const only = (this.data?.run?.sealed && this.chooser?.indices()) || null;
          return { source, epoch, shown, item, only };
        }
        const query = this.data?.settings.step.query ?? "";
        return { source: { kind: "settings", query }, epoch: null, shown, item, only: null };
      },
      now: () => {
        const { data, portrait, palette } = this;
        if (!data || !portrait || !palette) return null;
        const { labels, colours } = data;
        const activation = this.activation();
        return { portrait, palette, labels, colours, activation, spot: this.spot() };
      },
      stage: () => this.stage,
      show: (answer, portrait) => this.show(answer, portrait),
      render: () => this.render(),
      onOpen: (open, focused) => {
        this.makeRoom(open);
        (open ? this.slow?.panel.details : this.root)?.append(this.details ?? "");
        if (this.slowButton) this.slowButton.ariaPressed = String(open);
        if (open) return;
        if (focused) this.slowButton?.focus({ preventScroll: true });
        this.load();
      },
    });
  }

  /** @param {boolean} open whether slow motion is: what it says needs room on the page, too */
  makeRoom(open) {
    this.page = this.root.closest(".st-key-train") ?? this.page;
    for (const place of [this.root, this.page]) place?.toggleAttribute("data-slow", open);
  }

  /**
   * Slow motion is for a network that does not train; another network closes it.
   *
   * @param {Data | undefined} before
   */
  renderSlow(before) {
    const { run, settings } = /** @type {Data} */ (this.data);
    const training = this.source().kind === "run" && Boolean(run?.training);
    if (training || before?.settings.step.query !== settings.step.query) this.slow?.close();
    if (!this.slowButton) return;
    if (this.slowButton.ariaDisabled === "true" && !training) this.hint("");
    this.slowButton.ariaDisabled = String(training);
    this.slowButton.title = training ? slowWords.whileTraining() : slowWords.openHint();
  }

  activation() {
    const { run, settings } = /** @type {Data} */ (this.data);
    return (this.source().kind === "run" && run ? run : settings).activation;
  }

  /** @returns {Source} */
  source() {
    const { run, settings } = /** @type {Data} */ (this.data);
    const ofRun = this.choice === "auto" ? run?.same : this.choice === "run";
    return run && ofRun ? { kind: "run", id: run.id } : { kind: "settings", query: settings.query };
  }

  renderSources() {
    const { run, settings, mostLayers } = /** @type {Data} */ (this.data);
    // Where both have the same layers, the settings' network is the run's before training.
    const differ = Boolean(run && !run.same);
    const sources = sourceButtons(this.source().kind, (kind) => {
      this.choice = kind;
      this.accept();
    });
    this.sources?.replaceChildren(...(differ ? sources : []));
    const change = (/** @type {number[]} */ layers) => this.send("layers", layers);
    if (!this.layers) return;
    const focused = [...this.layers.children].findIndex((one) => one === document.activeElement);
    const say = (/** @type {string} */ why) => this.hint(why);
    this.layers.replaceChildren(...layerButtons(settings, mostLayers, { change, say }));
    const again = this.layers.children[focused];
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {number} layer @param {number} units */
  changeUnits(layer, units) {
    const { hiddenLayers } = /** @type {Data} */ (this.data).settings;
    this.send("layers", hiddenLayers.with(layer, units));
  }

  /** Whether the run has not ended. */
  active() {
    return Boolean(this.data?.run?.active);
  }

  /** @param {string} item */
  choose(item) {
    const ofRun = this.source().kind === "run";
    // While it trains, no neuron moves; before training, no share means anything.
    this.picked.choose(item, ofRun && !this.data?.run?.training && !this.holds());
    this.sayApart();
    this.load();
  }

  /** @param {number} layer @param {number} by */
  leaf(layer, by) {
    this.picked.leaf(layer, by);
    this.spots?.clear();
    this.sayApart();
    this.load();
  }

  /** Whether somebody holds a hidden neuron. */
  holds() {
    const held = this.spots?.held;
    return Boolean(held && held.layer < (this.portrait?.columns.length ?? 0) - 1);
  }

  /** The run has ended: now the neurons go by what they have come to mean. */
  end() {
    const ofRun = this.source().kind === "run";
    if (ofRun && this.epoch === null && !this.holds()) this.picked.sort();
    this.load();
  }

  /** In the run of others, what one chooses oneself does not change live. */
  sayApart() {
    if (this.live() && this.picked.apart()) this.hint(words.apart());
  }

  /** Whether portraits come from the run's worker. */
  live() {
    return this.source().kind === "run" && this.active() && this.epoch === null;
  }

  load() {
    clearTimeout(this.retry);
    if (this.slow?.walk) return this.slow.load();
    this.requests.run(async () => {
      const source = this.source();
      const { subject, epoch } = this;
      const { version } = this.picked;
      try {
        const answer = await ask(source, { epoch, ...this.picked.wanted() });
        const current = subject === this.subject && version === this.picked.version;
        if (current && !this.slow?.walk) this.take(answer);
      } catch (error) {
        if (subject === this.subject) this.fail(error);
      }
    });
  }

  /** @param {unknown} error */
  fail(error) {
    this.player?.stop();
    // A server that starts again answers soon; weights that are gone do not come back.
    if (!(error instanceof Unavailable) && this.retries++ < MOST_RETRIES) {
      this.retry = window.setTimeout(() => this.load(), RETRY_MS);
      return;
    }
    this.say(words.notShown());
  }

  /** @param {string} text */
  say(text) {
    clearTimeout(this.hinting);
    this.hinting = 0;
    if (!this.notice) return;
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  /**
   * Say something for a while: for as long as it stands, the network has less room.
   *
   * @param {string} text
   */
  hint(text) {
    this.say(text);
    if (text) this.hinting = window.setTimeout(() => this.say(""), HINT_MS);
  }

  /** @param {Answer} answer */
  take(answer) {
    this.retries = 0;
    if (!this.hinting) this.say("");
    this.picked.take(answer);
    if (answer.pictures && answer.faces) {
      const all = bytes(answer.pictures);
      const images = Array.from({ length: 20 }, (_, i) =>
        all.subarray(i * PIXELS, (i + 1) * PIXELS),
      );
      this.chooser?.setFaces(answer.faces, images.slice(0, 10));
      this.typical = images.slice(10).map(greyPixels);
    }
    const portrait = decode(answer.portrait);
    const { choice, position } = portrait;
    const ahead = this.epoch === null ? this.newest : undefined;
    // A run that trains is ahead of the epochs that are kept of it, and nothing goes back to them.
    if (!ahead || ahead.position <= position) this.show(answer, portrait);
    else if (ahead.choice === choice) this.show(answer, ahead);
    else if (this.picked.apart() || this.awaited?.portrait.choice === choice) {
      this.show(answer, portrait);
    } else {
      this.awaited = answer;
      if (this.picked.ask(choice)) this.lookAt();
      this.retry = window.setTimeout(() => this.show(answer, portrait), RETRY_MS);
    }
  }

  /**
   * @param {Answer} answer
   * @param {import("./data/portrait.js").Portrait} portrait of the same item and neurons
   */
  show(answer, portrait) {
    this.awaited = undefined;
    this.answer = answer;
    this.pixels = bytes(answer.item.pixels);
    this.portrait = portrait;
    this.render();
  }

  render() {
    const { data, portrait, answer } = this;
    if (!data || !portrait || !answer) return;
    const { labels, curves, activations, mostUnits, settings } = data;
    const { fixed, whyFixed } = settings;
    const activation = this.activation();
    const layers = portrait.columns
      .slice(0, -1)
      .map(({ units, shown }, i) => ({ units, shown, first: this.picked.first[i] ?? 0 }));
    const widths = layers.map(({ units }) => units).join();
    const same = widths === settings.hiddenLayers.join();
    const editable = settings.editable && same;
    const curved = same && activation === settings.activation;
    const controls = { editable, curved, fixed, whyFixed, activations, mostUnits };
    this.stage?.build({ layers, activation, labels, curves, ...controls }, this.typical);
    const { label } = answer.item;
    this.stage?.update({ portrait, pixels: this.pixels, label, activation });
    this.slow?.paint();
    this.chooser?.setApart(this.live() && this.picked.apart());
    this.chooser?.update(portrait.columns[portrait.columns.length - 1].values, answer.item, labels);
    this.player?.update(answer.epochs, portrait.position);
    this.root.dataset.epoch = String(Math.round(100 * portrait.position) / 100);
    this.renderSpot();
  }

  /** What somebody looks at now, if it is there. */
  spot() {
    const spot = this.spots?.now() ?? null;
    const there = spot && spot.index < (this.portrait?.columns[spot.layer]?.shown.length ?? 0);
    return there ? spot : null;
  }

  renderSpot() {
    const { data, portrait, answer, details, palette } = this;
    if (!data || !portrait || !answer || !details || !palette) return;
    const spot = this.spot();
    const { labels } = data;
    const activation = this.activation();
    const byHand = this.slow?.details(spot);
    if (byHand) details.replaceChildren(...byHand);
    else if (spot) {
      const { pixels } = this;
      const excited = this.excitedBy(spot);
      showDetails(
        details,
        { portrait, pixels, scaling: answer, activation, labels, spot, excited },
        palette,
      );
    } else {
      this.excitement.leave();
      details.replaceChildren(words.hint());
    }
    this.stage?.mark(spot, this.spots?.held ?? null);
    this.drawLinks();
  }

  /**
   * The test images that excite a hidden neuron most, if they have come.
   *
   * @param {Spot} spot
   */
  excitedBy({ layer, index }) {
    const { portrait, answer, epoch } = this;
    if (!portrait || !answer || layer === portrait.columns.length - 1) return undefined;
    // They are looked for with the weights of before.
    if (this.slow?.walk?.done.length) return undefined;
    const neuron = portrait.columns[layer].shown[index];
    const newest = answer.epochs[answer.epochs.length - 1];
    return this.excitement.of({ source: this.source(), epoch, newest, layer, neuron });
  }

  drawLinks() {
    const { data, portrait, answer, stage, canvas } = this;
    if (!data || !portrait || !answer || !stage || !canvas) return;
    const all = links(portrait, this.pixels, answer, this.spot());
    if (this.slow?.walk) return this.slow.draw(canvas, all);
    drawLinks(canvas, all, (layer, from, to) => stage.ends(layer, from, to), data.colours);
  }

  /** While the run trains, its newest weights are shown, unless somebody looks at an epoch. */
  follow() {
    const { run } = /** @type {Data} */ (this.data);
    const wanted = run?.active && this.source().kind === "run" ? run.id : "";
    if (wanted === this.followed) return;
    this.leave();
    this.leave = () => {};
    clearTimeout(this.patience);
    [this.followed, this.awaited, this.newest] = [wanted, undefined, undefined];
    if (!wanted) return;
    const leaveEvents = subscriptions().subscribe(wanted, 0, {
      onEvent: ({ kind }) => {
        if (kind === "epoch" || kind === "status") this.expectNewest();
      },
      onConnection: () => {},
      onGone: () => this.leave(),
    });
    const leavePortraits = watchLive(wanted, {
      onPortrait: (portrait) => this.meet(columns(portrait)),
      onEnd: () => {
        this.newest = undefined;
        this.end();
      },
    });
    this.leave = () => {
      leaveEvents();
      leavePortraits();
    };
  }

  /** @param {import("./data/portrait.js").Portrait} portrait of the run while it trains */
  meet(portrait) {
    const wanted = this.awaited ?? this.answer;
    if (!wanted || this.epoch !== null || this.slow?.walk) return;
    const verdict = this.picked.meet(portrait.choice, wanted.portrait.choice);
    if (verdict === "show") {
      if (this.awaited) clearTimeout(this.retry);
      clearTimeout(this.patience);
      this.newest = portrait;
      this.show(wanted, portrait);
    } else if (verdict === "ask") this.lookAt();
    else if (verdict === "join") this.load();
  }

  /** Its owner says what a run's worker shows; in all tabs and to all others, who follow. */
  lookAt() {
    const { item } = this.picked;
    this.send("look", { item, shown: this.picked.shown() });
    clearTimeout(this.patience);
    this.patience = window.setTimeout(() => this.picked.giveUp(), PATIENCE_MS);
  }

  /** The epoch joins those that can be shown; its weights come a moment after its numbers. */
  expectNewest() {
    if (this.epoch !== null) return;
    clearTimeout(this.retry);
    this.retry = window.setTimeout(() => this.load(), RETRY_MS);
    if (!this.portrait || Number.isInteger(this.portrait.position)) this.load();
  }

  destroy() {
    this.waits?.();
    clearTimeout(this.retry);
    clearTimeout(this.hinting);
    clearTimeout(this.patience);
    this.slow?.destroy();
    this.makeRoom(false);
    this.leave();
    this.leaveVisits();
    this.excitement.leave();
    this.player?.stop();
    this.resized?.disconnect();
  }
}

/** @type {(component: any) => () => void} */
const show = keepOne(".network-view", (root) => new View(root));
export default show;
