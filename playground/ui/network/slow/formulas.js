// The optimizer's formula with the numbers of one weight or bias, line by line.

import { t } from "../../common/translate.js";

/**
 * @typedef {import("./ask.js").Parameter} Parameter
 * @typedef {import("./ask.js").Weight} Weight
 * @typedef {import("./ask.js").Optimizer} Optimizer
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number with four digits.
 *
 * @param {number | null | undefined} number null if it is not finite
 */
export function digits(number) {
  if (number === null || number === undefined || !Number.isFinite(number)) {
    return t("not a number");
  }
  const size = Math.abs(number);
  const minus = number < 0 ? "−" : "";
  if (!size) return "0";
  if (size >= 0.001 && size < 10000) return minus + size.toPrecision(4);
  const [factor, power] = size.toExponential(2).split("e");
  const raised = [...power.replace("+", "")].map((x) =>
    x === "-" ? "⁻" : SUPERSCRIPTS[Number(x)],
  );
  return `${minus}${factor} · 10${raised.join("")}`;
}

/**
 * A setting, as somebody has set it.
 *
 * @param {number} number
 */
export const setting = (number) => String(Number(number.toPrecision(6)));

/**
 * A weight or a bias, with digits that show a small step.
 *
 * @param {number | null} number
 */
const fine = (number) =>
  number === null || Math.abs(number) >= 1000
    ? digits(number)
    : number.toFixed(6).replace("-", "−");

/** @param {number | null | undefined} number in brackets if it is no plain one */
const signed = (number) => {
  const text = digits(number);
  return text.startsWith("−") || text.includes("·") ? `(${text})` : text;
};

/**
 * How a gradient comes about: each image's input times its delta.
 *
 * @param {Weight} weight
 */
export function gradientLine({ inputs, deltas, penalty, gradient }) {
  const parts = inputs.map((input, i) => `${signed(input)} · ${signed(deltas[i])}`).join(" + ");
  const values = { parts, gradient: digits(gradient) };
  return penalty
    ? t("dL/dw = {parts} + L2’s {penalty} = {gradient}", { ...values, penalty: signed(penalty) })
    : t("dL/dw = {parts} = {gradient}", values);
}

/**
 * How a bias's gradient comes about: it is the sum of the deltas.
 *
 * @param {Weight} weight
 */
export function biasGradientLine({ deltas, bias: { gradient } }) {
  const values = { parts: deltas.map(signed).join(" + "), gradient: digits(gradient) };
  return deltas.length > 1
    ? t("dL/db = Σ δ = {parts} = {gradient}", values)
    : t("dL/db = δ = {gradient}", values);
}

/**
 * The lines of an update, the last one with the new value.
 *
 * @param {Parameter} parameter
 * @param {Optimizer} optimizer
 * @param {"w" | "b"} letter which a weight or a bias has in formulas
 * @returns {string[]}
 */
export function updateLines(
  { value, gradient, after, before, memory },
  { rule, rate, momentum, number },
  letter,
) {
  const values = {
    p: letter,
    value: fine(value),
    values: signed(value),
    g: signed(gradient),
    rate: setting(rate),
    after: fine(after),
    momentum: setting(momentum),
    old: signed(before[0]),
    oldv: signed(before[1]),
    first: digits(memory[0]),
    firsts: signed(memory[0]),
    second: digits(memory[1]),
  };
  if (rule === "sgd")
    return [t("{p} ← {p} − rate · dL/d{p} = {value} − {rate} · {g} = {after}", values)];
  if (rule === "momentum") {
    return [
      t(
        "v ← {momentum} · v − rate · dL/d{p} = {momentum} · {old} − {rate} · {g} = {first}",
        values,
      ),
      t("{p} ← {p} + v = {value} + {firsts} = {after}", values),
    ];
  }
  if (rule === "rmsprop") {
    return [
      t("s ← 0.9 · s + 0.1 · (dL/d{p})² = 0.9 · {old} + 0.1 · {g}² = {first}", values),
      t(
        "{p} ← {p} − rate · dL/d{p} / √(s + 10⁻⁷) = {value} − {rate} · {g} / √({first} + 10⁻⁷) = {after}",
        values,
      ),
    ];
  }
  if (rule === "adagrad") {
    return [
      t("s ← s + (dL/d{p})² = {old} + {g}² = {first}", values),
      t(
        "{p} ← {p} − rate · dL/d{p} / √(s + 10⁻⁷) = {value} − {rate} · {g} / √({first} + 10⁻⁷) = {after}",
        values,
      ),
    ];
  }
  const correction = Math.sqrt(1 - 0.999 ** number) / (1 - 0.9 ** number);
  const decayed = value === null ? null : value - value * 0.004 * rate;
  const all = { ...values, c: digits(correction), number, decayed: fine(decayed) };
  const mean = [
    t("m ← m + 0.1 · (dL/d{p} − m) = {old} + 0.1 · ({g} − {old}) = {first}", all),
    t("v ← v + 0.001 · ((dL/d{p})² − v) = {oldv} + 0.001 · ({g}² − {oldv}) = {second}", all),
    t("c = √(1 − 0.999ᵗ) / (1 − 0.9ᵗ) = {c}, since this is update t = {number}", all),
  ];
  const start = rule === "adamw" ? { ...all, value: all.decayed } : all;
  const decay =
    rule === "adamw"
      ? [t("{p} ← {p} − rate · 0.004 · {p} = {value} − {rate} · 0.004 · {values} = {decayed}", all)]
      : [];
  return [
    ...mean,
    ...decay,
    t(
      "{p} ← {p} − rate · c · m / (√v + 10⁻⁷) = {value} − {rate} · {c} · {firsts} / (√({second}) + 10⁻⁷) = {after}",
      start,
    ),
  ];
}
