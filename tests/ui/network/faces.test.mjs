// The ten faces beside the network: each flips from wrong to right as the network learns it.

import assert from "node:assert/strict";
import { test } from "node:test";

/** As much of an element as the chooser needs. */
class Element extends EventTarget {
  attributes = {};
  children = [];
  dataset = {};
  textContent = "";
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  toggleAttribute(name, on) {
    if (on) this.attributes[name] = "";
    else delete this.attributes[name];
  }
  querySelector(tag) {
    return this.children.find((child) => child.tag === tag);
  }
  getContext() {
    return null;
  }
}

globalThis.document = {
  activeElement: null,
  createElement: (tag) => Object.assign(new Element(), { tag }),
};

const { Chooser } = await import("../../../playground/ui/network/draw/chooser.js");

const LABELS = [..."abcdefghij"];
const row = new Element();
const chooser = new Chooser(new Element(), row, { choose: () => {}, follow: () => {} });
const indices = LABELS.map((_, i) => 10 * i);
chooser.setFaces(indices, Array(10).fill(new Uint8Array(784)));
const [faces, count] = [row.children.slice(0, 10), row.children[10]];

/** @param {number[]} answers the label that the network gives to each face */
function learn(answers) {
  const probabilities = new Float32Array(110).fill(0.01);
  answers.forEach((label, i) => (probabilities[10 * (i + 1) + label] = 0.9));
  chooser.update(probabilities, { index: 20, label: 2 }, LABELS);
}

const right = () => faces.flatMap((face, i) => ("data-right" in face.attributes ? [i] : []));
const marks = () => faces.map((face) => face.querySelector("b").textContent).join("");

test("a face flips from wrong to right, and back, with its mark and its name", () => {
  learn(Array(10).fill(3));
  assert.deepEqual(right(), [3]);
  assert.equal(marks(), "✗✗✗✓✗✗✗✗✗✗");
  assert.match(faces[0].attributes["aria-label"], /a: .*d/);
  const wrong = faces[0].attributes["aria-label"];
  assert.match(count.textContent, /^1\b/);

  learn([0, 1, 2, 3, 4, 5, 0, 7, 8, 9]);
  assert.deepEqual(right(), [0, 1, 2, 3, 4, 5, 7, 8, 9]);
  assert.equal(marks(), "✓✓✓✓✓✓✗✓✓✓");
  assert.notEqual(faces[0].attributes["aria-label"], wrong);
  assert.match(count.textContent, /^9\b/);

  learn([0, 1, 2, 6, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(right(), [0, 1, 2, 4, 5, 6, 7, 8, 9]);
});

test("the face that the network looks at is pressed", () => {
  learn(LABELS.map((_, i) => i));
  const pressed = faces.map((face) => face.attributes["aria-pressed"] === "true");
  assert.deepEqual(
    pressed.flatMap((is, i) => (is ? [i] : [])),
    [2],
  );
});
