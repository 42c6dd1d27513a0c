// What lies above and below a column: its units, the curve of its activation, pages of neurons.

import * as words from "../words.js";
import { button, make } from "./elements.js";

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
    const off = !shape.editable || to === units;
    return button(direction > 0 ? "+" : "−", name, () => actions.onUnits(i, to), off);
  };
  return make(
    "div",
    { class: "nv-head", style: `grid-column: ${i + 2}` },
    make(
      "span",
      { class: "nv-title" },
      words.layerTitle(i + 1),
      curve(shape.activation, shape.curves[shape.activation] ?? []),
    ),
    make(
      "span",
      { class: "nv-units" },
      ...(shape.editable ? [step(-1)] : []),
      make("span", {}, words.whole(units)),
      ...(shape.editable ? [step(1)] : []),
    ),
  );
}

/** @param {string} activation @param {number[]} values */
function curve(activation, values) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 40 24");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words.curveName(activation));
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", values.length ? curvePath(values) : "");
  svg.append(path);
  return make("span", { class: "nv-curve", title: words.curveName(activation) }, svg);
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
  bar.append(
    button("‹", words.pageBack(i + 1), () => actions.onPage(i, -PAGE), first === 0),
    range,
    button("›", words.pageOn(i + 1), () => actions.onPage(i, PAGE), last >= units),
  );
  return bar;
}
