import assert from "node:assert/strict";
import { test } from "node:test";

import { address, decode } from "../../../playground/ui/network/slow/ask.js";
import { lossLines, spotLines } from "../../../playground/ui/network/slow/contents.js";
import {
  biasGradientLine,
  digits,
  gradientLine,
  updateLines,
} from "../../../playground/ui/network/slow/formulas.js";
import {
  gradientLinks,
  nearest,
  pixelGradients,
  scales,
  strength,
} from "../../../playground/ui/network/slow/gradients.js";
import { isReached, linksOf } from "../../../playground/ui/network/slow/picture.js";
import { Walk } from "../../../playground/ui/network/slow/walk.js";

const base64 = (values) =>
  Buffer.from(new Uint8Array(Float32Array.from(values).buffer)).toString("base64");
const pixels = (value) => Buffer.from(new Uint8Array(784).fill(value)).toString("base64");

/** Two images, two neurons of one hidden layer; of the outputs three count. */
const message = {
  images: [
    { index: 4, label: 1, pixels: pixels(10) },
    { index: 5, label: 2, pixels: pixels(20) },
  ],
  probabilities: base64(Array.from({ length: 20 }, (_, i) => (i + 1) / 100)),
  losses: [3.9, 2.6],
  true_sums: [0, -1],
  penalty: 0,
  loss: 3.25,
  loss_name: "sparse_categorical_crossentropy",
  l2: 0,
  scale: 0.5,
  offset: 1,
  layers: [
    {
      delta: base64([1, 0, -2, 0]),
      bias: base64([-1, 0]),
      size: 0.001,
      pixels: [
        [7, 8, 9],
        [0, 1, 2],
      ],
      strongest: base64([0.5, -0.25, 0.125, 0, 0, 0]),
    },
    {
      delta: base64(Array(20).fill(0.1)),
      bias: base64([4, ...Array(9).fill(0)]),
      size: 1,
      from: base64([1, -2, ...Array(18).fill(0)]),
    },
  ],
  weight: { layer: 1, from: 30, to: 1, gradient: -2 },
};
const portrait = {
  columns: [
    { shown: [30, 31], units: 40, scales: [127, 127], pictures: new Int8Array(1568).fill(1) },
    { shown: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], units: 10 },
  ],
};
const labels = [..."abcdefghij"];
const step = decode(message);

test("an address names all mini-batches, and settings or an epoch", () => {
  const wanted = { epoch: 3, batches: [[0, 1], [2]], look: 0, shown: [[5, 6]], weight: [0, 5] };
  const run = new URL(address({ kind: "run", id: "r" }, wanted), "http://x");
  assert.equal(run.pathname, "/api/runs/r/step");
  assert.deepEqual(Object.fromEntries(run.searchParams), {
    epoch: "3",
    batches: "0,1;2",
    look: "0",
    shown: "5,6",
    weight: "0,5",
  });
  const from = { kind: "settings", query: "loss=mse&seed=1" };
  const settings = new URL(address(from, { ...wanted, epoch: null }, true), "http://x");
  assert.equal(settings.pathname, "/api/step");
  assert.equal(settings.searchParams.get("loss"), "mse");
  assert.equal(settings.searchParams.get("only"), "weight");
  assert.equal(settings.searchParams.has("epoch"), false);
});

test("somebody walks through four steps, and updates as often as they want", () => {
  const walk = new Walk(9999);
  walk.resize(3);
  assert.deepEqual(walk.batch(), [9999, 0, 1]);
  assert.deepEqual([walk.go(-1), walk.go(1), walk.go(1), walk.go(1)], [false, true, true, true]);
  assert.deepEqual([walk.step, walk.go(1), walk.step], ["update", false, "update"]);
  walk.apply(2.5, false);
  walk.look = 2;
  walk.apply(2, true);
  assert.deepEqual(walk.batches(), [
    [9999, 0, 1],
    [9999, 0, 1],
    [2, 3, 4],
  ]);
  assert.deepEqual([walk.losses, walk.look], [[2.5, 2], 0]);
  walk.resize(NaN);
  assert.equal(walk.count, 1);
  walk.resize(80);
  assert.equal(walk.count, 8);
  walk.reset();
  assert.equal(walk.batches().length, 1);
});

test("where only some images may be seen, these alone are walked through", () => {
  const walk = new Walk(7, [3, 7, 50]);
  walk.resize(2);
  assert.deepEqual(walk.batch(), [7, 50]);
  walk.apply(2, true);
  assert.deepEqual(walk.batches(), [
    [7, 50],
    [3, 7],
  ]);
  assert.deepEqual(new Walk(9999, [3, 7]).batch(), [3]);
});

test("a pixel's gradient is its deltas times what feature scaling makes of it, and L2's", () => {
  // 6 · 1 + 11 · (−2)
  assert.deepEqual([...pixelGradients(step, portrait, 0).slice(0, 2)], [-16, -16]);
  const punished = decode({ ...message, l2: 0.5 });
  assert.equal(pixelGradients(punished, portrait, 0)[5], -15);
});

test("all layers have one scale, and gradients become connections with their sign", () => {
  assert.deepEqual(scales(step), { weight: 2, bias: 4 });
  assert.equal(strength(0.02, 2), 0.1);
  assert.equal(strength(NaN, 2), 0);
  const all = gradientLinks(step, null);
  const found = all.map(({ layer, from, to, value }) => [layer, from, to, value]);
  assert.deepEqual(found, [
    [0, 7, 0, 0.5],
    [0, 8, 0, -0.25],
    [0, 9, 0, 0.125],
    [1, 0, 1, -2],
    [1, 0, 0, 1],
  ]);
  assert.deepEqual([all[3].share, all[0].share], [-1, 0.5]);
  assert.deepEqual(
    gradientLinks(step, { layer: 1, index: 0 }).map(({ from, to }) => [from, to]),
    [[0, 0]],
  );
  assert.equal(gradientLinks(step, { layer: 0, index: 0 }).length, 5);
});

test("the step's picture grows from its side, and an update's weight stands out", () => {
  assert.deepEqual(
    [0, 1].map((column) => isReached("forward", column, 2, 1)),
    [true, false],
  );
  assert.deepEqual(
    [0, 1].map((column) => isReached("backward", column, 2, 1)),
    [false, true],
  );
  assert.equal(isReached("loss", 1, 2, 0), true);
  assert.equal(linksOf(step, portrait, "forward", null), null);
  const [first, ...rest] = linksOf(step, portrait, "update", null);
  assert.deepEqual([first.layer, first.from, first.to, first.share], [1, 0, 1, -1]);
  assert.ok(rest.every(({ share }) => Math.abs(share) <= 0.25));
});

test("a press near a connection finds it", () => {
  const links = [
    { layer: 1, from: 0, to: 0 },
    { layer: 1, from: 0, to: 1 },
  ];
  const ends = (_layer, _from, to) => [
    [0, 0],
    [100, 100 * to],
  ];
  assert.equal(nearest(links, ends, [50, 50]), links[1]);
  assert.equal(nearest(links, ends, [50, 4]), links[0]);
  assert.equal(nearest(links, ends, [90, 50]), null);
});

test("the loss is said with its numbers", () => {
  assert.deepEqual(lossLines(step, labels), {
    each: ["b: −log(0.02000) = 3.900", "c: −log(0.1300) = 2.600"],
    whole: ["Loss = (3.900 + 2.600) / 2 = 3.250"],
  });
  const mse = decode({ ...message, loss_name: "mse", losses: [0.1, 0.2] });
  assert.equal(
    lossLines(mse, labels).each[0],
    "b: ((0.02000 − 1)² + 0.03960 of the nine others) / 10 = 0.1000",
  );
  const apart = decode({ ...message, loss_name: "binary_crossentropy", losses: [0.8, 0.2] });
  assert.equal(
    lossLines(apart, labels).each[0],
    `b: (−log σ(0) + ${digits(8 - Math.log(2))} of the nine others) / 10 = 0.8000`,
  );
  const l2 = decode({ ...message, l2: 0.01, penalty: 0.25, loss: 3.5 });
  assert.deepEqual(lossLines(l2, labels).whole, [
    "Loss = (3.900 + 2.600) / 2 = 3.250",
    "With L2, 0.01 · Σw² = 0.2500: loss = 3.500",
  ]);
});

test("a neuron's gradients are said", () => {
  assert.deepEqual(spotLines(step, portrait, { layer: 0, index: 0 }, labels), [
    "Gradient at neuron 31 of layer 1: dL/db = −1.000",
    "δ = dL/dz of each image: 1.000 · −2.000",
    "Largest dL/dw: pixel in row 1, column 8 0.5000 · pixel in row 1, column 9 −0.2500 · " +
      "pixel in row 1, column 10 0.1250",
  ]);
  const last = spotLines(step, portrait, { layer: 1, index: 1 }, labels);
  assert.equal(last[0], "Gradient at b: dL/db = 0");
  assert.equal(last[2], "Largest dL/dw: neuron 31 of layer 1 −2.000");
});

const weight = {
  value: 0.5,
  gradient: -0.25,
  after: 0.525,
  before: [],
  memory: [],
  inputs: [0.5, 0],
  deltas: [-0.5, 0.1],
  penalty: 0,
  bias: { value: 0, gradient: -0.4, after: 0.04, before: [], memory: [] },
};

test("a gradient and each optimizer's update are said with their numbers", () => {
  assert.equal(gradientLine(weight), "dL/dw = 0.5000 · (−0.5000) + 0 · 0.1000 = −0.2500");
  assert.match(gradientLine({ ...weight, penalty: 0.01 }), /\+ L2’s 0\.01000 = /);
  const sgd = { rule: "sgd", rate: 0.1, momentum: 0, number: 1 };
  assert.deepEqual(updateLines(weight, sgd, "w"), [
    "w ← w − rate · dL/dw = 0.500000 − 0.1 · (−0.2500) = 0.525000",
  ]);
  assert.equal(biasGradientLine(weight), "dL/db = Σ δ = (−0.5000) + 0.1000 = −0.4000");
  const alone = { ...weight, deltas: [-0.5], bias: { ...weight.bias, gradient: -0.5 } };
  assert.equal(biasGradientLine(alone), "dL/db = δ = −0.5000");
  assert.deepEqual(updateLines(weight.bias, sgd, "b"), [
    "b ← b − rate · dL/db = 0.000000 − 0.1 · (−0.4000) = 0.040000",
  ]);
  const moving = { ...weight, before: [0.1], memory: [0.115] };
  assert.match(
    updateLines(moving, { ...sgd, rule: "momentum", momentum: 0.9 }, "w")[0],
    /= 0\.9 · 0\.1000 − 0\.1 · \(−0\.2500\) = 0\.1150$/,
  );
  for (const rule of ["rmsprop", "adagrad", "adam", "adamw"]) {
    const of = { ...weight, before: [0.1, 0.2], memory: [0.3, 0.4] };
    const lines = updateLines(of, { ...sgd, rule }, "w");
    assert.ok(lines.at(-1)?.endsWith("= 0.525000"), rule);
    assert.ok(
      lines.every((line) => !/[{}]|undefined|NaN/.test(line)),
      rule,
    );
    const ofBias = updateLines(of, { ...sgd, rule }, "b").join("\n");
    assert.equal(ofBias, lines.join("\n").replace(/\bw\b|(?<=dL\/d)w/g, "b"), rule);
  }
  const adamw = updateLines(
    { ...weight, before: [0, 0], memory: [0, 0] },
    { ...sgd, rule: "adamw" },
    "w",
  );
  assert.equal(adamw[3], "w ← w − rate · 0.004 · w = 0.500000 − 0.1 · 0.004 · 0.5000 = 0.499800");
});

test("numbers are short, and what is none is said", () => {
  assert.deepEqual([0.123456, -0.00012345, 12345, 0, null, 3].map(digits), [
    "0.1235",
    "−1.23 · 10⁻⁴",
    "1.23 · 10⁴",
    "0",
    "not a number",
    "3.000",
  ]);
});
