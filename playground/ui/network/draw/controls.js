// What lies above and below a column: its units, the curve of its activation, pages of neurons.

import * as words from "../words.js";
import { button, grey, make } from "./elements.js";

export const PAGE = 16; // neurons of a layer that are shown at once

/**
 * The next power of two in a direction: what + and − lead to.
 *
 * @param {number} units
 * @param {number} direction 1 or -1
 * @param {number} most
 */
export function nextUnits(units, direction, most) {
  const power = Math.log2(units);
  const next = 2 ** (direction > 0 ? Math.floor(power) + 1 : Math.ceil(power) - 1);
  return Math.min(Math.max(1, Math.floor(next)), most);
}

/**
 * The activation after this one; after the last one the first.
 *
 * @param {string[]} all
 * @param {string} now
 */
export const nextActivation = (all, now) => all[(all.indexOf(now) + 1) % all.length];

/**
 * A function's curve as the path of an SVG of 40 × 24.
 *
 * @param {number[]} values at equal steps
 */
export function curvePath(values) {
  const [low, high] = [Math.min(...values, -1), Math.max(...values, 1)];
  const points = values.map((value, i) => {
    const x = 2 + (36 * i) / (values.length - 1);
    const y = 22 - (20 * (value - low)) / (high - low);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}

/**
 * @param {import("./stage.js").Shape["layers"][0]} layer
 * @param {number} i
 * @param {import("./stage.js").Shape} shape
 * @param {import("./stage.js").Actions} actions
 */
export function head({ units }, i, shape, actions) {
  const step = (/** @type {number} */ direction) => {
    const to = nextUnits(units, direction, shape.mostUnits);
    const name = direction > 0 ? words.moreUnits(i + 1, to) : words.fewerUnits(i + 1, to);
    const made = button(
      direction > 0 ? "+" : "−",
      name,
      () => actions.onUnits(i, to),
      to === units,
    );
    made.dataset.control = `units-${i}-${direction}`;
    return shape.fixed.layers ? grey(made, shape.whyFixed, actions.onFixed) : made;
  };
  return make(
    "div",
    { class: "nv-head", style: `grid-column: ${i + 2}` },
    make("span", { class: "nv-title" }, words.layerTitle(i + 1), curve(i, shape, actions)),
    make(
      "span",
      { class: "nv-units" },
      ...(shape.editable ? [step(-1)] : []),
      make("span", {}, String(units)),
      ...(shape.editable ? [step(1)] : []),
    ),
  );
}

/**
 * The curve of the activation; where that can be changed, a press leads to the next one.
 *
 * @param {number} i
 * @param {import("./stage.js").Shape} shape
 * @param {import("./stage.js").Actions} actions
 */
function curve(i, { activation, activations, curves, curved, fixed, whyFixed }, actions) {
  const svg = drawCurve(curves[activation] ?? []);
  if (!curved) {
    const name = words.curveName(activation);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", name);
    return make("span", { class: "nv-curve", title: name }, svg);
  }
  const next = nextActivation(activations, activation);
  const made = button("", words.changeCurve(activation, next), () => actions.onActivation(next));
  made.className = "nv-curve";
  made.dataset.control = `curve-${i}`;
  svg.setAttribute("aria-hidden", "true");
  made.append(svg);
  return fixed.activation ? grey(made, whyFixed, actions.onFixed) : made;
}

/** @param {number[]} values */
function drawCurve(values) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 40 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", values.length ? curvePath(values) : "");
  svg.append(path);
  return svg;
}

/**
 * @param {import("./stage.js").Shape["layers"][0]} layer
 * @param {number} i
 * @param {import("./stage.js").Actions} actions
 */
export function foot({ units, shown, first }, i, actions) {
  const last = first + shown.length;
  const range = make("span", {}, words.page(first + 1, last, units));
  const bar = make("div", { class: "nv-foot", style: `grid-column: ${i + 2}` });
  if (units <= PAGE) return bar;
  const back = button("‹", words.pageBack(i + 1), () => actions.onPage(i, -PAGE), first === 0);
  const on = button("›", words.pageOn(i + 1), () => actions.onPage(i, PAGE), last >= units);
  [back.dataset.control, on.dataset.control] = [`back-${i}`, `on-${i}`];
  bar.append(back, range, on);
  return bar;
}
