// A chart for the keyboard and for screen readers: one stop of the tab key, from which the arrow keys
// go from point to point.
//
// The chart is a group, whose name says its trend; in it this is a slider. That is the one role for
// which every screen reader passes the arrow keys on, says a text as the value whenever it changes,
// and which a finger can move on a phone as well; "application" would leave both to us. A chart with
// the role of an image could hold neither it nor Plotly's button.

import { write } from "./dom.js";
import { points, said, target } from "./points.js";
import { t } from "./translate.js";

/**
 * @typedef {import("./points.js").Points} Points
 * @typedef {import("./points.js").Stop} Stop
 * @typedef {{_offset: number, d2p: (value: unknown) => number, range?: [number, number]}} Axis
 * @typedef {HTMLElement & {data?: any[], layout?: any, _fullLayout?: Record<string, any>,
 *   on?: (event: string, go: () => void) => void}} Drawn in which Plotly has drawn
 * @typedef {object} Options
 * @property {(stop: Stop, all: Stop[]) => string} [say] in place of what is said of any chart
 * @property {(stop: Stop) => void} [onEnter] what a press on that point does
 */

export class Walk {
  /**
   * @param {Drawn} chart
   * @param {Options} [options]
   */
  constructor(chart, { say, onEnter } = {}) {
    this.chart = chart;
    this.say = say;
    this.onEnter = onEnter;
    /** @type {Points} */
    this.points = { stops: [], columns: 0, cells: false };
    this.at = -1;
    this.stays = false; // on a point that was not the last one
    this.element = document.createElement("div");
    this.element.className = "chart-walk";
    this.element.tabIndex = 0;
    const named = {
      role: "slider",
      "aria-roledescription": t("points of a chart"),
      "aria-label": onEnter
        ? t("Walk with the arrow keys; Enter opens")
        : t("Walk with the arrow keys"),
      "aria-valuemin": "1",
      "aria-keyshortcuts": "S",
    };
    for (const [name, value] of Object.entries(named)) this.element.setAttribute(name, value);
    // What is said, for those who see it, too.
    this.words = document.createElement("b");
    chart.append(this.element);
    this.element.addEventListener("focus", () => this.refresh(true));
    this.element.addEventListener("blur", () => this.element.replaceChildren());
    this.element.addEventListener("keydown", (event) => this.press(event));
    chart.on?.("plotly_afterplot", () => {
      quiet(chart);
      this.refresh();
    });
    quiet(chart);
    this.refresh();
  }

  get focused() {
    return document.activeElement === this.element;
  }

  /**
   * More has been drawn. While somebody walks, nothing is said that they did not ask for.
   *
   * @param {boolean} [speak]
   */
  refresh(speak = !this.focused) {
    this.points = points(this.chart.data ?? []);
    const { stops, cells } = this.points;
    if (this.at >= stops.length) this.stays = false;
    if (!this.stays && (speak || this.at >= stops.length)) this.at = cells ? 0 : stops.length - 1;
    if (this.at < 0 && stops.length) this.at = 0;
    this.write("aria-valuemax", String(Math.max(1, stops.length)));
    this.write("aria-valuenow", String(Math.max(1, this.at + 1)));
    if (speak) this.write("aria-valuetext", this.text());
    this.follow();
  }

  text() {
    const { stops } = this.points;
    if (!stops.length) return t("No points yet");
    const stop = stops[this.at];
    return this.say ? this.say(stop, stops) : said(this.points, this.at, this.chart.layout ?? {});
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  write(name, value) {
    if (this.element.getAttribute(name) !== value) this.element.setAttribute(name, value);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const stop = this.points.stops[this.at];
    if ((event.key === "Enter" || event.key === " ") && stop && this.onEnter) {
      event.preventDefault();
      this.onEnter(stop);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (save(this.chart, event)) return;
    this.points = points(this.chart.data ?? []);
    const to = target(event.key, this.at, this.points, this.rowsBeginBelow());
    if (to === null) return;
    event.preventDefault();
    this.at = to;
    this.stays = this.points.cells || to < this.points.stops.length - 1;
    this.write("aria-valuenow", String(to + 1));
    this.write("aria-valuetext", this.text());
    this.follow();
  }

  rowsBeginBelow() {
    const range = this.chart._fullLayout?.yaxis?.range;
    return Boolean(range && range[0] < range[1]);
  }

  /** Ring the point where it is drawn now: nothing is measured, for Plotly knows its position. */
  follow() {
    if (!this.focused) return;
    const values = this.points.stops[this.at]?.values ?? [];
    const { element } = this;
    if (!element.firstChild) element.append(this.words);
    write(this.words, element.getAttribute("aria-valuetext") ?? "");
    while (element.children.length > values.length + 1) element.lastElementChild?.remove();
    values.forEach(({ trace, x, y }, i) => {
      const ring = /** @type {HTMLElement} */ (
        element.children[i + 1] ?? element.appendChild(document.createElement("i"))
      );
      put(ring, this.chart, trace, x, y);
    });
  }
}

/**
 * What Plotly writes is said in sentences, and a chart is one stop of the tab key: its button is
 * pressed by a key.
 *
 * @param {HTMLElement} chart
 */
export function quiet(chart) {
  for (const drawn of chart.querySelectorAll(".main-svg"))
    drawn.setAttribute("aria-hidden", "true");
  for (const button of chart.querySelectorAll(".modebar-btn"))
    button.setAttribute("tabindex", "-1");
}

/**
 * Save a chart as an image if that is what a key asks for.
 *
 * @param {HTMLElement} chart
 * @param {KeyboardEvent} event
 * @returns {boolean} whether it was
 */
export function save(chart, { key, ctrlKey, metaKey, altKey }) {
  if (key.toLowerCase() !== "s" || ctrlKey || metaKey || altKey) return false;
  const button = chart.querySelector(".modebar-btn");
  if (!(button instanceof HTMLElement)) return false;
  button.click();
  return true;
}

/**
 * Put a ring on a point of a chart.
 *
 * @param {HTMLElement} ring
 * @param {Drawn} chart
 * @param {any} trace
 * @param {unknown} x
 * @param {unknown} y
 */
export function put(ring, chart, trace, x, y) {
  const axis = (/** @type {string} */ name) =>
    /** @type {Axis | undefined} */ (chart._fullLayout?.[`${name[0]}axis${name.slice(1)}`]);
  const [across, up] = [axis(trace.xaxis ?? "x"), axis(trace.yaxis ?? "y")];
  const position = across && up && [across._offset + across.d2p(x), up._offset + up.d2p(y)];
  ring.hidden = !position?.every(Number.isFinite);
  if (position) ring.style.transform = `translate(${position[0]}px, ${position[1]}px)`;
}
