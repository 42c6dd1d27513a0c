// The living network while its run trains: portraits as they come from the worker, the newest only,
// and after the charts, which show what has just happened. See playground/network/portrait.py.

import { whenIdle } from "../common/dom.js";
import { subscriptions } from "../board/stream/subscriptions.js";

/**
 * @typedef {object} Weights arrays are base64, in rows
 * @property {number[]} bias (k)
 * @property {number} [side] of a picture, in pixels; 28 of the first layer, 14 of deeper ones
 * @property {string} [pictures] int8 (k, side, side); a value is int8 × scale / 127
 * @property {number[]} [scales] (k)
 * @property {string} [from] int8 (shown of the layer before, k)
 * @property {number} [from_scale]
 * @typedef {Weights & {units: number, shown: number[], z: string, values: string, state: string}}
 *   PortraitLayer
 *   z and values: float32 (items, k); state: uint8 (k), 0 fine, 1 dead, 2 saturated
 * @typedef {object} Portrait a message of a worker
 * @property {number} position of its weights, in epochs
 * @property {PortraitLayer[]} layers the hidden ones
 * @property {Weights & {z: string, probabilities: string}} output float32 (items, 10)
 * @property {string} choice the key of the `Watch` that it was made for
 */

/**
 * @typedef {object} DecodedWeights as `Weights`
 * @property {number[]} bias
 * @property {number} side 0 without pictures
 * @property {Int8Array} pictures
 * @property {number[]} scales
 * @property {Int8Array} from empty behind the pixels
 * @property {number} fromScale
 * @typedef {DecodedWeights & {units: number, shown: number[], z: Float32Array,
 *   values: Float32Array, state: Uint8Array}} DecodedLayer
 * @typedef {object} Decoded as `Portrait`
 * @property {number} position
 * @property {string} choice
 * @property {number} items how many
 * @property {DecodedLayer[]} layers
 * @property {DecodedWeights & {z: Float32Array, probabilities: Float32Array}} output
 */

/**
 * The portrait with its arrays.
 *
 * @param {Portrait} portrait
 * @returns {Decoded}
 * @throws {Error} if it is damaged
 */
export function decodePortrait({ position, choice, layers, output }) {
  const probabilities = floats(output.probabilities);
  return {
    position,
    choice,
    items: probabilities.length / output.bias.length,
    layers: layers.map((layer) => ({
      units: layer.units,
      shown: layer.shown,
      z: floats(layer.z),
      values: floats(layer.values),
      state: bytes(layer.state),
      ...weights(layer),
    })),
    output: { z: floats(output.z), probabilities, ...weights(output) },
  };
}

/** So long a portrait waits at most for a page that always has something to do. */
export const MOST_WAIT_MS = 200;

/** So long a network waits at most for the board to show the first figures of a run. */
export const FIGURES_MS = 500;

/**
 * Call something when the board shows the first figures of a run that begins, or late without them.
 *
 * @param {() => void} go
 * @returns {() => void} the way to end that
 */
export function onFirstFigures(go) {
  const begun = () => {
    leave();
    whenIdle(() => left || go(), MOST_WAIT_MS);
  };
  let left = false;
  const timer = setTimeout(begun, FIGURES_MS);
  const leave = () => {
    clearTimeout(timer);
    document.removeEventListener("board:begun", begun);
  };
  document.addEventListener("board:begun", begun);
  return () => {
    left = true;
    leave();
  };
}

/** @param {Weights} layer */
function weights({ bias, side = 0, pictures = "", scales = [], from = "", from_scale = 0 }) {
  return {
    bias,
    side,
    pictures: new Int8Array(bytes(pictures).buffer),
    scales,
    from: new Int8Array(bytes(from).buffer),
    fromScale: from_scale,
  };
}

/** @param {string} text base64 */
function bytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** @param {string} text base64 of float32, little endian as all browsers are */
function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

/**
 * Follow a run while it trains and this page is seen.
 *
 * @param {string} run its id
 * @param {object} callbacks
 * @param {(portrait: Decoded) => void} callbacks.onPortrait called with the newest, in idle time
 * @param {() => void} [callbacks.onEnd] called once after the last one
 * @returns {() => void} the way to end that
 */
export function watchLive(run, { onPortrait, onEnd = () => {} }) {
  /** @type {Portrait | undefined} */
  let newest;
  let waiting = false;
  const show = () => {
    const portrait = newest;
    newest = undefined;
    waiting = false;
    if (portrait) onPortrait(decodePortrait(portrait));
  };
  const leave = subscriptions().look(run, {
    onPortrait(portrait) {
      newest = portrait;
      if (waiting) return;
      waiting = true;
      whenIdle(show, MOST_WAIT_MS);
    },
    onOver() {
      leave();
      if (newest) show();
      onEnd();
    },
  });
  return () => {
    newest = undefined;
    leave();
  };
}
