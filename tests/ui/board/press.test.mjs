import assert from "node:assert/strict";
import { test } from "node:test";

import { listenForCells, listenForEpochs } from "../../../playground/ui/board/press.js";
import { worstMistake } from "../../../playground/ui/board/words.js";

test("a press on a cell of a matrix gives its row and its column", () => {
  const pressed = [];
  const element = { on: (name, listener) => Object.assign(element, { name, listener }) };
  listenForCells(element, (...cell) => pressed.push(cell));
  assert.equal(element.name, "plotly_click");
  element.listener({ points: [{ pointIndex: [6, 0] }] });
  element.listener({ points: [{ pointIndex: 3 }] });
  element.listener({ points: [] });
  assert.deepEqual(pressed, [[6, 0]]);
});

test("a press on a curve gives its epoch", () => {
  const pressed = [];
  const element = { on: (name, listener) => Object.assign(element, { name, listener }) };
  listenForEpochs(element, (epoch) => pressed.push(epoch));
  element.listener({ points: [{ x: 2.5 }] });
  element.listener({ points: [{ x: "Bag" }] });
  element.listener({ points: [] });
  assert.deepEqual(pressed, [2.5]);
});

test("the most common mistake is none of the diagonal", () => {
  const confusion = [
    [900, 60, 0],
    [70, 1200, 1],
    [0, 3, 5],
  ];
  assert.deepEqual(worstMistake(confusion), { count: 70, truth: 1, predicted: 0 });
  assert.equal(worstMistake([]).count, 0);
});
