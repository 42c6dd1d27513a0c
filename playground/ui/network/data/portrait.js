// A portrait as the server sends it (playground/network/portrait.py), read, and what follows from
// its numbers: what comes into a neuron, and what a neuron sends on.

/**
 * @typedef {object} ColumnMessage
 * @property {number} [units] of an output layer there are ten
 * @property {number[]} [shown]
 * @property {number} [side]
 * @property {string} [pictures]
 * @property {number[]} [scales]
 * @property {number[]} bias
 * @property {string} z
 * @property {string} [values]
 * @property {string} [probabilities]
 * @property {string} [from]
 * @property {number} [from_scale]
 * @property {string} [state]
 *
 * @typedef {{position: number, layers: ColumnMessage[], output: ColumnMessage}} PortraitMessage
 *
 * @typedef {object} Column some neurons of a layer, k of them; item 0 is the chosen one
 * @property {number} units of the layer
 * @property {number[]} shown their indices
 * @property {number} side of a picture, 0 without pictures
 * @property {Int8Array} pictures k × side × side
 * @property {number[]} scales a picture's value is its number × scale / 127
 * @property {number[]} bias
 * @property {Float32Array} z items × k, the sums w·x + b
 * @property {Float32Array} values items × k, what becomes of them
 * @property {Int8Array} from shown of the layer before × k
 * @property {number} fromScale a weight is its number × this / 127
 * @property {Uint8Array} state 0 fine, 1 dead, 2 saturated
 *
 * @typedef {{position: number, columns: Column[]}} Portrait the output layer is the last column
 * @typedef {{index: number, value: number}} Part
 *   of a sum: where it comes from or goes to, among what is shown there
 */

/** @param {string | undefined} text in base64 */
export function bytes(text) {
  return Uint8Array.from(atob(text ?? ""), (character) => character.charCodeAt(0));
}

/** @param {string | undefined} text */
const signed = (text) => new Int8Array(bytes(text).buffer);

/** @param {string | undefined} text */
const floats = (text) => new Float32Array(bytes(text).buffer);

/** @param {ColumnMessage} message @returns {Column} */
function column(message) {
  const shown = message.shown ?? message.bias.map((_, i) => i);
  const state = bytes(message.state);
  return {
    units: message.units ?? shown.length,
    shown,
    side: message.side ?? 0,
    pictures: signed(message.pictures),
    scales: message.scales ?? [],
    bias: message.bias,
    z: floats(message.z),
    values: floats(message.values ?? message.probabilities),
    from: signed(message.from),
    fromScale: message.from_scale ?? 0,
    state: state.length ? state : new Uint8Array(shown.length),
  };
}

/** @param {PortraitMessage} message @returns {Portrait} */
export function decode({ position, layers, output }) {
  return { position, columns: [...layers, output].map(column) };
}

/**
 * The parts w·a of a neuron's sum that come from the neurons shown before it.
 *
 * @param {Portrait} portrait
 * @param {number} layer 1 or more: the first one has no neurons before it
 * @param {number} i among the neurons shown
 * @returns {Part[]}
 */
export function incoming({ columns }, layer, i) {
  const [before, here] = [columns[layer - 1], columns[layer]];
  const k = here.shown.length;
  return before.shown.map((_, j) => ({
    index: j,
    value: (before.values[j] * here.from[j * k + i] * here.fromScale) / 127,
  }));
}

/**
 * What a neuron adds to the sums of the neurons shown behind it.
 *
 * @param {Portrait} portrait
 * @param {number} layer of it; not the output layer
 * @param {number} i
 * @returns {Part[]}
 */
export function outgoing({ columns }, layer, i) {
  const [here, next] = [columns[layer], columns[layer + 1]];
  const k = next.shown.length;
  return next.shown.map((_, j) => ({
    index: j,
    value: (here.values[i] * next.from[i * k + j] * next.fromScale) / 127,
  }));
}

/**
 * The parts w·x of a sum that come from the pixels, for a neuron that sees them.
 *
 * @param {Column} first the first layer
 * @param {number} i
 * @param {Uint8Array} pixels of the item
 * @param {{scale: number, offset: number}} scaling
 */
export function pixelParts(first, i, pixels, { scale, offset }) {
  const own = first.pictures.subarray(i * pixels.length, (i + 1) * pixels.length);
  const unit = first.scales[i] / 127;
  return Float32Array.from(pixels, (pixel, p) => own[p] * unit * (pixel * scale + offset));
}

/**
 * The parts with the greatest absolute values, the greatest first; none that is 0.
 *
 * @template {Part} T
 * @param {T[]} parts
 * @param {number} count
 */
export function strongest(parts, count) {
  return parts
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}

/** @param {Float32Array} values @param {number} [start] @param {number} [count] */
export function argmax(values, start = 0, count = values.length - start) {
  let best = start;
  for (let i = start; i < start + count; i++) if (values[i] > values[best]) best = i;
  return best - start;
}
