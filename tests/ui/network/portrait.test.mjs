// What the living network computes from a portrait, against sums written out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address, OneByOne } from "../../../playground/ui/network/data/client.js";
import {
  argmax,
  decode,
  incoming,
  outgoing,
  pixelParts,
  strongest,
} from "../../../playground/ui/network/data/portrait.js";
import { sentences } from "../../../playground/ui/network/draw/details.js";
import { links } from "../../../playground/ui/network/draw/links.js";

const text = (array) => Buffer.from(array.buffer).toString("base64");
const floats = (...numbers) => text(Float32Array.of(...numbers));
const signed = (...numbers) => text(Int8Array.of(...numbers));

// Pictures of 2 × 2 pixels; two neurons; three outputs; one item.
const MESSAGE = {
  position: 3,
  choice: "c",
  layers: [
    {
      ...{ units: 5, shown: [4, 1], side: 2, pictures: signed(127, 0, 0, -127, 0, 127, 0, 0) },
      ...{ scales: [1, 2], bias: [0.5, 0], z: floats(2, -1), values: floats(2, 0) },
      state: text(Uint8Array.of(0, 1)),
    },
  ],
  output: {
    ...{ bias: [0, 0, 1], z: floats(2, -2, 1), probabilities: floats(0.7, 0.1, 0.2) },
    ...{ from: signed(127, -127, 0, 0, 0, 64), from_scale: 1 },
  },
};
const PORTRAIT = decode(MESSAGE);
const PIXELS = Uint8Array.of(255, 0, 0, 51);
const SCALING = { scale: 1 / 255, offset: 0 };

test("a portrait is read as it was written", () => {
  assert.equal(PORTRAIT.position, 3);
  const [hidden, output] = PORTRAIT.columns;
  assert.deepEqual([hidden.units, hidden.shown, hidden.side], [5, [4, 1], 2]);
  assert.deepEqual([...hidden.pictures], [127, 0, 0, -127, 0, 127, 0, 0]);
  assert.deepEqual([...hidden.state], [0, 1]);
  assert.deepEqual([output.units, output.shown], [3, [0, 1, 2]]);
  assert.equal(argmax(output.values), 0);
  assert.equal(argmax(output.values, 1, 2), 1);
});

test("parts of a sum are weights times what comes in", () => {
  assert.deepEqual(incoming(PORTRAIT, 1, 1), [
    { index: 0, value: -2 },
    { index: 1, value: 0 },
  ]);
  assert.deepEqual(
    outgoing(PORTRAIT, 0, 0).map(({ value }) => value),
    [2, -2, 0],
  );
  const parts = [...pixelParts(PORTRAIT.columns[0], 0, PIXELS, SCALING)];
  assert.deepEqual(
    parts.map((part) => Math.round(100 * part) / 100),
    [1, 0, 0, -0.2],
  );
});

test("the strongest parts come first, and none that is nothing", () => {
  const parts = [0, 1, -3, 2].map((value, index) => ({ index, value }));
  assert.deepEqual(
    strongest(parts, 2).map(({ index }) => index),
    [2, 3],
  );
  assert.equal(strongest(parts, 9).length, 3);
});

test("connections go by their share of the strongest one between two columns", () => {
  const all = links(PORTRAIT, PIXELS, SCALING, null);
  const into = (layer) => all.filter((link) => link.layer === layer);
  assert.deepEqual(
    into(1).map(({ from, to, share }) => [from, to, share]),
    [
      [0, 0, 1],
      [0, 1, -1],
    ],
  );
  assert.deepEqual(
    into(0).map(({ from, to }) => [from, to]),
    [
      [0, 0],
      [3, 0],
    ],
  );
  const ofOne = links(PORTRAIT, PIXELS, SCALING, { layer: 1, index: 1 });
  assert.deepEqual(
    ofOne.map(({ layer, from, to }) => [layer, from, to]),
    [[1, 0, 1]],
  );
});

test("what is said of a neuron and of an output are its own numbers", () => {
  const looked = { portrait: PORTRAIT, pixels: PIXELS, scaling: SCALING, activation: "relu" };
  const labels = ["Top", "Trouser", "Coat"];
  const neuron = sentences({ ...looked, labels, spot: { layer: 0, index: 0 } }).join("\n");
  assert.match(neuron, /Neuron 5 of layer 1: z = 2.000, relu gives 2.000/);
  assert.match(neuron, /1.500 \+ \(0.500\) = 2.000, from 4 inputs/);
  assert.match(neuron, /Top \+2.000 · Trouser −2.000/);
  const output = sentences({ ...looked, labels, spot: { layer: 1, index: 0 } }).join("\n");
  assert.match(output, /Top: 70.0 %/);
  assert.match(output, /For it: neuron 5 of layer 1 \+2.000/);
  assert.match(output, /Against it: nothing/);
  assert.match(output, /All other neurons of that layer add 0.000/);
});

test("an address asks for what is wanted", () => {
  const wanted = { epoch: 4, item: "test-7", shown: [[3, 1], [0]] };
  const found = new URL(address({ kind: "run", id: "abc" }, wanted), "http://localhost");
  assert.equal(found.pathname, "/api/runs/abc/portrait");
  assert.deepEqual(Object.fromEntries(found.searchParams), {
    ...{ epoch: "4", item: "test-7", shown: "3,1;0" },
  });
  const first = { epoch: null, item: "test-0", shown: [] };
  assert.equal(
    address({ kind: "settings", query: "seed=1" }, first),
    "/api/portrait?seed=1&item=test-0",
  );
});

test("of what waits only the newest is done", async () => {
  const done = [];
  const queue = new OneByOne();
  let end = () => {};
  const first = queue.run(() => new Promise((resolve) => (end = () => resolve(done.push(1)))));
  queue.run(async () => done.push(2));
  queue.run(async () => done.push(3));
  end();
  await first;
  assert.deepEqual(done, [1, 3]);
});
