// The charts of the live board.

import { find, whenIdle } from "../common/dom.js";
import { loadPlotly, pageTheme, plotlyWords } from "../common/plotly_page.js";
import { Chart } from "./chart.js";

/**
 * @typedef {import("../common/plotly_page.js").Plotly} Plotly
 * @typedef {Partial<import("plotly.js-dist-min").Config>} Config
 * @typedef {import("./traces.js").Figure} Figure
 * @typedef {import("./traces.js").Binding} Binding
 */

/** @type {Config} */
const CONFIG = {
  displaylogo: false,
  // A drag zooms and a double click shows all again: there is no button for that on every chart.
  modeBarButtons: [["toImage"]],
};

// So long a chart that is not on the page yet waits for the page to have nothing else to do.
const PATIENCE_MS = 250;

// The first figures of a run that has just begun come so soon, as a rule, that axes which are drawn
// before them would only delay them.
export const FIGURES_MS = 50;

// The charts whose axis has room for what is planned.
const PLANNED = ["loss", "accuracy", "step-loss"];

/** All charts of a board. */
export class Charts {
  /**
   * @param {HTMLElement} root
   * @param {{figures: Record<string, Figure>, bindings: Binding[]}} data
   */
  constructor(root, { figures, bindings }) {
    this.root = root;
    this.bindings = bindings;
    this.begun = false;
    this.ended = false;
    this.theme = "";
    this.destroyed = false;
    /** @type {Plotly | undefined} */
    this.plotly = undefined;
    this.adding = false; // a chart comes to the page soon
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.axes = undefined;
    /** @type {(() => void) | undefined} */
    this.done = undefined;
    // A copy: the traces grow, and Streamlit may pass the same object again.
    this.all = Object.entries(structuredClone(figures)).map(([name, figure]) => {
      const element = find(root, `[data-testid="chart-${name}"]`, HTMLElement);
      return new Chart(name, figure, element);
    });
    // Where there is more room for a room to look at, text is larger, too (projector.css).
    for (const chart of this.all) chart.onResize = () => this.takeTheme();
    // A finger that starts on a chart scrolls the page; it does not zoom, and needs no buttons.
    const touch = matchMedia("(pointer: coarse)").matches;
    /** @type {Config} */
    this.config = { ...CONFIG, ...plotlyWords(), displayModeBar: touch ? false : "hover" };
    if (touch) for (const { figure } of this.all) figure.layout.dragmode = false;
  }

  /**
   * @param {boolean} starts whether the run has no history yet: then the first chart's axes come
   *   before its figures, if these take longer than usual
   * @param {() => void} onFailure plotly.js could not be loaded
   */
  load(starts, onFailure) {
    loadPlotly().then((plotly) => {
      if (this.destroyed) return;
      this.plotly = plotly;
      if (starts) this.axes = setTimeout(() => this.add(), FIGURES_MS);
      this.draw();
    }, onFailure);
  }

  destroy() {
    this.destroyed = true;
    clearTimeout(this.axes);
    for (const chart of this.all) chart.destroy(this.plotly);
  }

  /**
   * An event's values join the traces that the bindings name; draw() shows them.
   *
   * @param {string} kind of event
   * @param {Record<string, any>} data
   */
  apply(kind, data) {
    for (const binding of this.bindings) {
      if (binding.event !== kind) continue;
      this.all.find(({ name }) => name === binding.chart)?.apply(binding, data);
    }
  }

  /**
   * From now on they are drawn: what there is of the run has come, and is drawn with them, or it
   * is not to be waited for.
   */
  begin() {
    this.begun = true;
    clearTimeout(this.axes);
  }

  /**
   * Show what has changed.
   *
   * @param {() => void} [done] called as soon as every chart shows what has come until now
   */
  draw(done) {
    this.done = done ?? this.done;
    if (!this.begun || !this.plotly || this.destroyed) return;
    for (const chart of this.all) if (!chart.missing) chart.draw(this.plotly, this.config);
    if (!this.all.some(({ drawn }) => drawn)) this.add();
    if (this.all.some((chart) => chart.missing)) {
      this.addLater();
    } else {
      this.done?.();
      this.done = undefined;
    }
  }

  /** Bring the first chart that is not on the page yet to it: that takes a tenth of a second. */
  add() {
    if (this.plotly) this.all.find((chart) => chart.missing)?.draw(this.plotly, this.config);
  }

  /** One a task, the curves first, between events: what is there answers and grows meanwhile. */
  addLater() {
    if (this.adding) return;
    this.adding = true;
    whenIdle(() => {
      this.adding = false;
      if (this.destroyed) return;
      this.add();
      this.draw();
    }, PATIENCE_MS);
  }

  /** The run has ended: nothing more is planned. */
  end() {
    if (this.ended) return;
    this.ended = true;
    for (const chart of this.all) if (PLANNED.includes(chart.name)) chart.end();
  }

  /** Take the page's own colours whenever they have changed. */
  takeTheme() {
    const theme = pageTheme(this.root);
    const now = Object.values(theme).join();
    if (now === this.theme) return;
    this.theme = now;
    for (const chart of this.all) chart.takeTheme(theme);
    this.draw();
  }

  /** @param {Record<string, string>} captions by the charts' names */
  caption(captions) {
    for (const chart of this.all) chart.caption(captions[chart.name]);
  }
}
