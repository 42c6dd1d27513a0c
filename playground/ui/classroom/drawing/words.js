// What is said of the drawings of a class, as playground/classroom/views/ tells of them.

import { plural, t } from "../../common/translate.js";

/**
 * @typedef {object} Drawing
 * @property {number} number 1 is the first
 * @property {string} name of who has drawn it
 * @property {string} item its 28 × 28 grey values, base64
 * @property {number} label what it is meant to be
 * @property {number} right networks that name it so
 * @property {number} of networks that have guessed
 * @typedef {{name: string, label: number, probability: number}} Guess
 * @typedef {object} Drawings
 * @property {number} count
 * @property {(Drawing & {guesses: Guess[]}) | null} newest
 * @property {Drawing[]} ranking
 */

/** @param {Drawings} drawings @param {string[]} labels */
export function standing({ newest }, labels) {
  if (!newest) return t("Nobody has drawn yet. Train a network, then draw on the pad.");
  const { name, label, right, of } = newest;
  const values = { name, label: labels[label], right, of };
  if (!of)
    return t("{name} has drawn: {label}. No network of the others has an answer yet.", values);
  return plural(
    "{name} has drawn: {label}. {right} of {of} network names it right.",
    "{name} has drawn: {label}. {right} of {of} networks name it right.",
    of,
    values,
  );
}

/** @param {Guess} guess @param {number} label the right one @param {string[]} labels */
export function guessed({ name, label: said, probability }, label, labels) {
  const values = { name, label: labels[said], percent: Math.round(100 * probability) };
  return said === label
    ? t("✓ {name}: {label}, {percent} %", values)
    : t("✗ {name}: {label}, {percent} %", values);
}

/** @param {Drawing} drawing @param {string[]} labels */
export function ranked({ name, label, right, of }, labels) {
  return t("{label} by {name}: {right} of {of}", { label: labels[label], name, right, of });
}

/** @param {Drawing} drawing @param {string[]} labels */
export const alt = ({ name, label }, labels) =>
  t("Drawing by {name}: {label}", { name, label: labels[label] });
