// The charts of a class: asked for whenever the view has changed, and drawn in place, each when it
// has changed and is in view or soon may be.

import { LineEnds } from "../../common/ends.js";
import { Walk } from "../../common/walk.js";
import { enlarge, inkCells, loadPlotly, pageTheme, plotlyWords } from "../../common/plotly_page.js";

/**
 * @typedef {object} Box
 * @property {HTMLElement} box
 * @property {HTMLElement} element
 * @property {boolean} near the view
 * @property {string} drawn all that its figure was made of
 * @property {LineEnds} [ends]
 * @property {Walk} [walk]
 * @typedef {object} Chart
 * @property {string} name
 * @property {string} title
 * @property {string} caption
 * @property {{data: any[], layout: any} | null} figure none of one that is only offered
 * @typedef {import("../../common/plotly_page.js").Plotly} Plotly
 */

const REST_MS = 1500; // between two questions: the server makes the figures for each
const NEAR = "100% 0px"; // a screen above and below, for who scrolls or walks on with the keyboard

/** @type {Partial<import("plotly.js-dist-min").Config>} */
const CONFIG = { displaylogo: false, displayModeBar: false, responsive: true };

export class Charts {
  /**
   * @param {HTMLElement} root where they are put
   * @param {(chart: Chart) => boolean} wanted
   * @param {(charts: Chart[]) => void} onShown
   * @param {() => void} onProblem
   * @param {() => number} most how high one may be, in pixels
   */
  constructor(root, wanted, onShown, onProblem, most = () => Infinity) {
    this.most = most;
    this.root = root;
    this.wanted = wanted;
    this.onShown = onShown;
    this.onProblem = onProblem;
    this.url = "";
    /** @type {Chart[]} */
    this.all = [];
    /** @type {Map<string, Box>} */
    this.boxes = new Map();
    /** @type {Plotly | undefined} */
    this.plotly = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.asking = this.again = this.hurry = this.destroyed = false;
    // What scrolls is a part of the page: its margin is the one that counts.
    const around = { rootMargin: NEAR, scrollMargin: NEAR };
    this.sight = new IntersectionObserver((seen) => this.see(seen), around);
    // Another chart that comes takes half of the width.
    this.widths = new ResizeObserver((seen) => seen.forEach(({ target }) => this.fit(target)));
    loadPlotly().then(
      (plotly) => {
        this.plotly = plotly;
        this.draw();
      },
      () => this.onProblem(),
    );
  }

  /** Something has changed: ask, unless that is under way or nobody would see it. */
  ask() {
    const unseen = this.boxes.size > 0 && ![...this.boxes.values()].some(({ near }) => near);
    if (this.asking || this.timer !== undefined || unseen) {
      this.again = true;
      return;
    }
    this.timer = setTimeout(() => this.fetch(), REST_MS / 8);
  }

  /** Something else is to be shown: ask at once. */
  askNow() {
    this.hurry = this.asking;
    if (this.asking) return;
    clearTimeout(this.timer);
    void this.fetch();
  }

  async fetch() {
    this.timer = undefined;
    this.asking = true;
    this.again = this.hurry = false;
    try {
      const answer = await fetch(this.url);
      if (answer.ok && !this.destroyed) {
        this.all = await answer.json();
        this.draw();
      } else if (answer.status === 503) this.again = true; // the store is busy
    } catch {
      // The stream says when the server is there again, and the next view asks again.
    }
    this.asking = false;
    if (this.destroyed) return;
    if (this.hurry) {
      void this.fetch();
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.again) this.ask();
    }, REST_MS);
  }

  /** @param {IntersectionObserverEntry[]} seen */
  see(seen) {
    for (const { target, isIntersecting } of seen) {
      const [name, box] = [...this.boxes].find(([, one]) => one.box === target) ?? [];
      if (!box) continue;
      box.near = isIntersecting;
      const chart = this.all.find((one) => one.name === name);
      if (isIntersecting && this.plotly && chart) this.drawOne(this.plotly, chart);
    }
    if (this.again) this.ask();
  }

  /** @param {Element} element of a chart, which has another size */
  fit(element) {
    const { width, height } = /** @type {any} */ (element)._fullLayout ?? {};
    const { clientWidth, clientHeight } = element;
    if (!width || !clientWidth || (width === clientWidth && height === clientHeight)) return;
    this.plotly?.relayout(/** @type {HTMLElement} */ (element), {
      width: clientWidth,
      height: clientHeight,
    });
  }

  draw() {
    const { plotly } = this;
    if (!plotly || this.destroyed) return;
    const shown = this.all.filter((chart) => chart.figure && this.wanted(chart));
    for (const [name, { box, element }] of this.boxes) {
      if (shown.some((chart) => chart.name === name)) continue;
      plotly.purge(element);
      this.sight.unobserve(box);
      this.widths.unobserve(element);
      box.remove();
      this.boxes.delete(name);
    }
    shown.forEach((chart, i) => {
      this.drawOne(plotly, chart);
      // One that takes another's place stands there.
      const { box } = this.boxes.get(chart.name) ?? {};
      if (box && this.root.children[i] !== box) this.root.insertBefore(box, this.root.children[i]);
    });
    this.onShown(this.all);
  }

  /**
   * @param {Plotly} plotly
   * @param {Chart} chart
   */
  drawOne(plotly, { name, title, caption, figure }) {
    if (!figure) return;
    const box = this.boxes.get(name) ?? this.make(name);
    const heading = box.box.querySelector("h2");
    if (heading && heading.textContent !== title) heading.textContent = title;
    const { element } = box;
    element.ariaLabel = caption;
    const theme = pageTheme(element);
    // A figure of bars has as many pixels as it needs.
    const bars = figure.data.some(({ type }) => type === "bar");
    const height = Math.min(figure.layout.height * theme.times, bars ? Infinity : this.most());
    element.style.height = `${height}px`;
    if (!box.near) return;
    const made = JSON.stringify([figure, theme, height]);
    if (made === box.drawn) return;
    box.drawn = made;
    const { data, layout } = structuredClone(figure);
    enlarge(layout, figure.layout, theme.times);
    // Of a trace lines and markers only: a bar's width is in units of its axis.
    data.forEach(({ line, marker }, i) => {
      if (line) enlarge(line, figure.data[i].line, theme.times);
      if (marker) enlarge(marker, figure.data[i].marker, theme.times);
    });
    for (const trace of data) {
      if (trace.textfont?.size) trace.textfont.size *= theme.times;
    }
    inkCells(data, theme.color);
    plotly.react(element, data, themed({ ...layout, height }, theme), {
      ...CONFIG,
      ...plotlyWords(),
    });
    const named = figure.data.some(({ meta }) => meta?.end);
    if (named && !box.ends) box.ends = new LineEnds(element);
    box.walk ??= new Walk(element);
  }

  /**
   * @param {string} name
   * @returns {Box}
   */
  make(name) {
    const box = document.createElement("figure");
    const heading = document.createElement("h2");
    const holder = document.createElement("div");
    const element = document.createElement("div");
    holder.className = "class-chart";
    box.dataset.testid = `class-chart-${name}`;
    element.role = "group";
    holder.append(element);
    box.append(heading, holder);
    this.root.append(box);
    /** @type {Box} */
    const made = { box, element, near: false, drawn: "" };
    this.boxes.set(name, made);
    this.sight.observe(box);
    this.widths.observe(element);
    return made;
  }

  destroy() {
    this.destroyed = true;
    clearTimeout(this.timer);
    this.sight.disconnect();
    this.widths.disconnect();
    for (const { element } of this.boxes.values()) this.plotly?.purge(element);
  }
}

/**
 * The figure's layout in the page's colours.
 *
 * @param {any} given
 * @param {ReturnType<typeof pageTheme>} theme
 */
function themed(given, { color, family, grid, line, background }) {
  const layout = { ...given, font: { ...given.font, color, family } };
  const axis = { gridcolor: grid, linecolor: line, zerolinecolor: line };
  for (const name of Object.keys(layout)) {
    if (/^[xy]axis/.test(name)) layout[name] = { ...axis, ...layout[name] };
  }
  layout.hoverlabel = { bgcolor: background, bordercolor: line, font: { color, family } };
  layout.dragmode = false;
  return layout;
}
