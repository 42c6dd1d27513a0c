// While there is no run yet, what its board needs is loaded. plotly.js takes most of a second to start
// and its first chart a third of one, in which the page answers nothing: at the first press of Train
// that would be late.

import { whenIdle } from "../common/dom.js";
import { loadPlotly } from "../common/plotly_page.js";
import { subscriptions } from "./stream/subscriptions.js";

/** @typedef {import("../common/plotly_page.js").Plotly} Plotly */

/** A board that is there already draws its own charts: nothing is to be done before them. */
const tooLate = () => document.querySelector(".live-board:not(.lb-coming)") !== null;

// Like a curve's on the board: what it asks of plotly.js is compiled then, too.
const AXIS = { automargin: true, zeroline: false, title: { text: "x", standoff: 8 } };
/** @type {any} */
const LAYOUT = {
  width: 300,
  height: 200,
  template: "none",
  title: { text: "x", x: 0, xref: "container", yref: "container", yanchor: "top", y: 1 },
  hovermode: "x unified",
  margin: { l: 8, r: 96, t: 36, b: 8 },
  showlegend: false,
  xaxis: { ...AXIS, rangemode: "nonnegative", autorangeoptions: { include: [0] } },
  yaxis: AXIS,
};

// No buttons: nobody presses them.
const CONFIG = { displayModeBar: false };

/**
 * Draw a chart of each kind that nobody sees, and remove it.
 *
 * @param {Plotly} plotly
 */
async function rehearse(plotly) {
  const element = document.createElement("div");
  Object.assign(element.style, { position: "fixed", visibility: "hidden", inset: "0 auto auto 0" });
  document.body.append(element);
  const line = { type: "scatter", mode: "lines", name: "train", x: [0, 1], y: [0, 1] };
  const cells = { type: "heatmap", z: [[0, 1]], texttemplate: "%{z}" };
  for (const trace of [line, line, cells]) {
    if (tooLate()) break;
    await plotly.newPlot(element, /** @type {any} */ ([trace]), structuredClone(LAYOUT), CONFIG);
    await plotly.redraw(element); // as with the first point
    await new Promise((resolve) => whenIdle(() => resolve(undefined)));
  }
  plotly.purge(element);
  element.remove();
}

let begun = false;

/** Once a page, however often it is called. */
export function prepare() {
  if (begun) return;
  begun = true;
  // If it cannot be loaded, the board tries again, and says so.
  whenIdle(() => {
    subscriptions(); // the worker that all tabs share
    loadPlotly()
      .then((plotly) => whenIdle(() => rehearse(plotly)))
      .catch(() => {});
  });
}
