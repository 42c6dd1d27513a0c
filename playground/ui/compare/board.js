// The board that compares runs (board.py): it reads the runs' events and draws their curves.

import { leaving } from "../common/arrival.js";
import { find, write } from "../common/dom.js";
import { LineEnds } from "../common/ends.js";
import { keepOne } from "../common/held.js";
import { pinchable } from "../common/pinch.js";
import { loadPlotly, pageTheme } from "../common/plotly_page.js";
import { Walk } from "../common/walk.js";
import { subscriptions } from "../board/stream/subscriptions.js";
import { position, withEpoch } from "./points.js";
import {
  chart,
  chartsNotLoaded,
  compared,
  connectionLost,
  noSuchRun,
  setting,
  standing,
} from "./words.js";

/**
 * @typedef {import("./points.js").Point} Point
 * @typedef {object} Run
 * @property {string} runId
 * @property {string} given its name
 * @property {string} status as the script knows it
 * @property {{color: string, dash: string, symbol: string}} line
 * @property {number} steps of an epoch
 * @property {number} images of an epoch
 * @typedef {{data: any[], layout: Record<string, any>}} Figure as Plotly's JSON; of each run two
 *   curves, on the validation and on the training images
 * @typedef {object} Data what Python passes
 * @property {Run[]} runs
 * @property {import("./points.js").Axis} axis
 * @property {"validation" | "training" | "both"} curves
 * @property {{loss: Figure, accuracy: Figure}} figures
 * @property {{column: string, label: string, values: string[]}[]} differences
 * @property {string} sentence
 * @property {Record<string, string>} statuses in the visitor's language
 * @property {string[]} ended the statuses of a run that has ended
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{ended: string}, Data>} Component
 */

/**
 * @typedef {object} Now where a run stands
 * @property {string} status
 * @property {Point[]} points
 * @property {() => void} leave
 */

const SVG = "http://www.w3.org/2000/svg";
const QUANTITIES = /** @type {const} */ (["loss", "accuracy"]);
const ENDED_MS = 1500; // a run's files are there, too

class Board {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, Now>} */
    this.now = new Map();
    this.frame = 0;
    this.calls = 0;
    this.telling = 0;
    /** @type {import("../common/plotly_page.js").Plotly | undefined} */
    this.plotly = undefined;
    /** @type {Map<string, LineEnds>} */
    this.ends = new Map();
    /** @type {Map<string, Walk>} */
    this.walks = new Map();
    this.resizes = new ResizeObserver(() => this.schedule());
    loadPlotly().then(
      (plotly) => {
        this.plotly = plotly;
        this.schedule();
      },
      () => this.show("connection", chartsNotLoaded()),
    );
  }

  /**
   * Every run of the component's default export ends here.
   *
   * @param {Data} data
   * @param {Component["setTriggerValue"]} send
   */
  attach(data, send) {
    this.data = data;
    this.send = send;
    for (const [id, { leave }] of this.now) {
      if (data.runs.some(({ runId }) => runId === id)) continue;
      leave();
      this.now.delete(id);
    }
    for (const run of data.runs) if (!this.now.has(run.runId)) this.follow(run);
    this.show("sentence", data.sentence);
    this.table(data);
    for (const quantity of QUANTITIES) this.resizes.observe(this.chart(quantity));
    this.schedule();
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.telling);
    this.resizes.disconnect();
    for (const { leave } of this.now.values()) leave();
    this.now.clear();
    for (const quantity of QUANTITIES) this.plotly?.purge(this.chart(quantity));
  }

  /** @param {Run} run */
  follow(run) {
    const now = { status: run.status, points: /** @type {Point[]} */ ([]), leave: () => {} };
    const { ended } = /** @type {Data} */ (this.data);
    const trained = !ended.includes(run.status);
    this.now.set(run.runId, now);
    now.leave = subscriptions().subscribe(run.runId, 0, {
      onEvent: ({ kind, data }) => {
        if (kind === "epoch") now.points = withEpoch(now.points, data);
        if (kind === "status") {
          now.status = data.status;
          if (ended.includes(data.status)) {
            now.leave();
            if (trained) this.tellSoon(run.runId);
          }
        }
        if (kind === "epoch" || kind === "status") this.schedule();
      },
      onConnection: (connected) => this.show("connection", connected ? "" : connectionLost()),
      onGone: () => {
        now.leave();
        this.show("connection", noSuchRun());
      },
    });
  }

  /**
   * What stands below the board is about another epoch now.
   *
   * @param {string} run
   */
  tellSoon(run) {
    clearTimeout(this.telling);
    this.telling = window.setTimeout(() => {
      if (leaving()) return;
      this.send?.("ended", run);
    }, ENDED_MS);
  }

  /** @param {string} name */
  chart(name) {
    return find(this.root, `[data-testid="compare-${name}"]`, HTMLElement);
  }

  /**
   * @param {string} name
   * @param {string} message
   */
  show(name, message) {
    const part = find(this.root, `[data-part="${name}"]`, HTMLElement);
    write(part, message);
    part.hidden = !message;
  }

  /**
   * A column for each run, a row for each setting that differs.
   *
   * @param {Data} data
   */
  table({ runs, differences }) {
    const table = find(this.root, "table", HTMLTableElement);
    table.ariaLabel = compared();
    const head = document.createElement("thead");
    const body = document.createElement("tbody");
    const top = head.insertRow();
    const cell = (/** @type {Element} */ row, /** @type {string} */ text, scope = "") => {
      const made = document.createElement(scope ? "th" : "td");
      if (made instanceof HTMLTableCellElement && scope) made.scope = scope;
      made.textContent = text;
      row.append(made);
      return made;
    };
    cell(top, differences.length ? setting() : "", "col");
    for (const run of runs) {
      const one = cell(top, "", "col");
      const name = document.createElement("span");
      name.textContent = run.given;
      const small = document.createElement("small");
      small.dataset.standing = run.runId;
      one.append(sample(run.line), name, small);
    }
    for (const { column, label, values } of differences) {
      const row = body.insertRow();
      row.dataset.testid = `difference-${column}`;
      cell(row, label, "row");
      for (const value of values) cell(row, value);
    }
    table.replaceChildren(head, body);
  }

  /** One update per frame for all that has come. */
  schedule() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
    });
  }

  render() {
    const { data } = this;
    if (!data) return;
    for (const { runId } of data.runs) {
      const small = this.root.querySelector(`[data-standing="${runId}"]`);
      const now = this.now.get(runId);
      if (!small || !now) continue;
      write(small, standing(data.statuses[now.status] ?? now.status, now.points.at(-1)));
    }
    for (const quantity of QUANTITIES) this.draw(quantity, data);
  }

  /**
   * @param {"loss" | "accuracy"} quantity
   * @param {Data} data
   */
  draw(quantity, { runs, axis, curves, figures }) {
    const element = this.chart(quantity);
    const figure = figures[quantity];
    const names = runs.map(({ given }) => given);
    element.ariaLabel = chart(figure.layout.title.text, names);
    if (!this.plotly) return;
    const traces = runs.flatMap((run, i) => {
      const points = this.now.get(run.runId)?.points ?? [];
      const x = points.map((point) => position(point, axis, run));
      return [
        {
          ...figure.data[2 * i],
          x,
          y: points.map((point) => point[`val_${quantity}`]),
          visible: curves !== "training",
        },
        {
          ...figure.data[2 * i + 1],
          x,
          y: points.map((point) => point[quantity]),
          visible: curves !== "validation",
          // One name is enough where a run has both.
          meta: curves === "training" ? figure.data[2 * i + 1].meta : undefined,
        },
      ];
    });
    this.plotly.react(element, traces, themed(figure.layout, this.root), {
      displaylogo: false,
      displayModeBar: false,
      responsive: true,
    });
    pinchable(this.plotly, element);
    if (!this.ends.has(quantity)) this.ends.set(quantity, new LineEnds(element));
    if (!this.walks.has(quantity)) this.walks.set(quantity, new Walk(element));
  }
}

/**
 * A piece of a run's line, as in the charts.
 *
 * @param {{color: string, dash: string}} line
 */
function sample({ color, dash }) {
  /** @type {Record<string, string>} */
  const dashes = {
    solid: "",
    dash: "9,6",
    dot: "3,3",
    dashdot: "9,3,3,3",
    longdash: "15,6",
    longdashdot: "15,4,3,4",
  };
  const image = document.createElementNS(SVG, "svg");
  const stroke = document.createElementNS(SVG, "line");
  image.setAttribute("viewBox", "0 0 48 8");
  image.setAttribute("aria-hidden", "true");
  const given = {
    ...{ x1: "0", y1: "4", x2: "48", y2: "4", stroke: color, "stroke-width": "3" },
    "stroke-dasharray": dashes[dash] ?? dash.replaceAll("px", ""),
  };
  for (const [key, value] of Object.entries(given)) stroke.setAttribute(key, value);
  image.append(stroke);
  return image;
}

/**
 * @param {Record<string, any>} given
 * @param {Element} root
 */
function themed(given, root) {
  const { color, family, grid, line, background } = pageTheme(root);
  const axis = { gridcolor: grid, linecolor: line };
  const touch = matchMedia("(pointer: coarse)").matches;
  return {
    ...given,
    font: { ...given.font, color, family },
    xaxis: { ...given.xaxis, ...axis },
    yaxis: { ...given.yaxis, ...axis },
    hoverlabel: { bgcolor: background, bordercolor: line, font: { color, family } },
    dragmode: touch ? /** @type {const} */ (false) : given.dragmode,
  };
}

/** @type {(component: Component) => () => void} */
export default keepOne(".compare", (root) => new Board(root));
