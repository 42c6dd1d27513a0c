// What is said of the neuron or output that somebody looks at.

import { incoming, outgoing, pixelParts, strongest } from "../data/portrait.js";
import * as words from "../words.js";
import { make } from "./elements.js";
import { greyPixels, put, quantised, signedPixels } from "./paint.js";

/**
 * @typedef {import("./links.js").Spot} Spot
 * @typedef {import("../data/portrait.js").Part} Part
 * @typedef {object} Looked what is looked at
 * @property {import("../data/portrait.js").Portrait} portrait
 * @property {Uint8Array} pixels
 * @property {{scale: number, offset: number}} scaling
 * @property {string} activation
 * @property {string[]} labels
 * @property {Spot} spot
 * @property {import("../data/exciting.js").Exciting[]} [excited] what excites it most, if that is there
 */

const PARTS = 3;

/**
 * The sentences about a neuron or an output, in order.
 *
 * @param {Looked} looked
 */
export function sentences(looked) {
  const { portrait, activation, labels, spot } = looked;
  const { columns } = portrait;
  const { layer, index } = spot;
  const [column, last] = [columns[layer], layer === columns.length - 1];
  const [z, value, bias] = [column.z[index], column.values[index], column.bias[index]];
  const inputs = layer ? columns[layer - 1].units : looked.pixels.length;
  const neuron = column.shown[index] + 1;
  const said = [
    last
      ? words.outputName(labels[index], value, false)
      : words.neuronName({
          ...{ layer: layer + 1, neuron, z, value, activation },
          state: column.state[index],
        }),
    words.sumOf(inputs, z, bias),
    last ? words.softmaxOf(z, value) : words.activated(activation, z, value),
  ];
  if (layer) said.push(...fromBefore(looked, last, z - bias));
  else said.push(words.pixelsHint());
  if (!last) {
    const behind = layer === columns.length - 2;
    const name = (/** @type {Part} */ part) =>
      behind
        ? labels[part.index]
        : words.neuronAt(columns[layer + 1].shown[part.index] + 1, layer + 2);
    const sent = strongest(outgoing(portrait, layer, index), PARTS);
    said.push(words.sendsTo(words.listed(sent.map((one) => ({ name: name(one), ...one })))));
  }
  return said;
}

/**
 * @param {Looked} looked
 * @param {boolean} last
 * @param {number} product w·x
 */
function fromBefore({ portrait, spot }, last, product) {
  const { layer, index } = spot;
  const before = portrait.columns[layer - 1];
  const parts = incoming(portrait, layer, index);
  const listed = (/** @type {Part[]} */ chosen) =>
    words.listed(
      chosen.map(({ index: j, value }) => ({
        name: words.neuronAt(before.shown[j] + 1, layer),
        value,
      })),
    );
  const said = last
    ? [
        words.speaksFor(
          listed(
            strongest(
              parts.filter(({ value }) => value > 0),
              PARTS,
            ),
          ),
        ),
        words.speaksAgainst(
          listed(
            strongest(
              parts.filter(({ value }) => value < 0),
              PARTS,
            ),
          ),
        ),
      ]
    : [words.comesIn(listed(strongest(parts, PARTS)))];
  if (before.shown.length < before.units) {
    const shown = parts.reduce((sum, { value }) => sum + value, 0);
    said.push(words.theRest(product - shown));
  }
  return said;
}

/**
 * The images that excite a neuron most, and in words what they are.
 *
 * @param {Looked} looked
 */
function exciting({ excited, labels }) {
  if (!excited?.length) return [];
  const images = excited.map(({ pixels }) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    put(canvas, greyPixels(pixels), 28);
    return canvas;
  });
  const names = words.valuesOf(excited.map(({ label, value }) => ({ name: labels[label], value })));
  const pictures = make("span", { role: "img", "aria-label": names, title: names }, ...images);
  return [make("div", { class: "nv-exciting" }, words.excitedBy(), pictures)];
}

/**
 * @param {HTMLElement} element
 * @param {Looked} looked
 * @param {Uint32Array} palette
 */
export function showDetails(element, looked, palette) {
  const [first, ...rest] = sentences(looked);
  const { layer, index } = looked.spot;
  const parts = [make("strong", {}, first), ...rest.map((text) => make("div", {}, text))];
  const text = make("div", {}, ...parts, ...exciting(looked));
  if (layer) {
    element.replaceChildren(text);
    return;
  }
  const canvas = make("canvas", { class: "nv-product", "aria-hidden": "true" });
  const column = looked.portrait.columns[0];
  const products = pixelParts(column, index, looked.pixels, looked.scaling);
  put(canvas, signedPixels(quantised(products), palette), 28);
  element.replaceChildren(canvas, text);
}
