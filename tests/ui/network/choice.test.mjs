// Which item and neurons are shown, and what becomes of the portraits of a worker.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Choice } from "../../../playground/ui/network/data/choice.js";

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
const answer = (index, order, shown, pixels = "") => ({
  item: { index, label: null, pixels },
  order: order && [order],
  portrait: { layers: [{ shown }] },
});
const begun = (of) => {
  const choice = new Choice();
  choice.begin({ active: true, own: true, ...of });
  choice.take(answer(0, range(0, 40), range(0, 16)));
  return choice;
};

test("who comes to a run that trains asks what its worker shows, and shows that", () => {
  const choice = new Choice();
  choice.begin({ active: true, own: false });
  assert.deepEqual(choice.wanted(), { item: "live", shown: [] });
  choice.take(answer(7, range(0, 40), range(16, 32)));
  assert.deepEqual([choice.item, choice.first], ["test-7", [16]]);
  assert.deepEqual(choice.wanted(), { item: "test-7", shown: [range(16, 32)] });
  assert.equal(choice.meet("a", "a"), "show");
});

test("who does not choose follows what the worker shows, and asks once for it", () => {
  for (const own of [false, true]) {
    const choice = begun({ own });
    const { version } = choice;
    assert.equal(choice.meet("b", "a"), "join");
    assert.equal(choice.wanted().item, "live");
    assert.notEqual(choice.version, version);
    assert.equal(choice.meet("b", "a"), "leave"); // the answer is under way
    choice.take(answer(null, range(0, 40), range(0, 16), "+/A="));
    assert.equal(choice.item, "pixels--_A=");
    assert.equal(choice.meet("b", "b"), "show");
    assert.equal(choice.meet("a", "b"), "join");
  }
});

test("neurons that are in no order come first in it", () => {
  const choice = new Choice();
  choice.take(answer(0, range(0, 5), [3, 1]));
  assert.deepEqual([choice.order, choice.first], [[[3, 1, 0, 2, 4]], [0]]);
});

test("its owner's worker is asked once for what they choose; then another tab's choice is followed", () => {
  const choice = begun();
  choice.choose("test-5", false);
  assert.deepEqual(choice.wanted(), { item: "test-5", shown: [range(0, 16)] });
  choice.take(answer(5, undefined, range(0, 16)));
  assert.equal(choice.meet("old", "x"), "ask");
  assert.equal(choice.meet("old", "x"), "leave");
  assert.equal(choice.meet("x", "x"), "show");
  assert.equal(choice.meet("y", "x"), "join");
  // And the same item again is asked for again.
  choice.take(answer(6, range(0, 40), range(0, 16)));
  choice.choose("test-5", false);
  choice.take(answer(5, undefined, range(0, 16)));
  assert.equal(choice.meet("y", "x"), "ask");
});

test("portraits of before, while the answer is under way, change nothing", () => {
  const choice = begun();
  choice.leaf(0, 16);
  assert.equal(choice.meet("old", "old"), "show");
  assert.equal(choice.meet("other", "old"), "leave");
  choice.take(answer(0, undefined, range(16, 32)));
  assert.equal(choice.meet("old", "x"), "ask");
});

test("where another tab was quicker, that one's choice is followed in the end", () => {
  const choice = begun();
  choice.leaf(0, 16);
  choice.take(answer(0, undefined, range(16, 32)));
  assert.equal(choice.meet("y", "x"), "ask");
  choice.giveUp();
  assert.equal(choice.meet("y", "x"), "join");
});

test("what somebody chooses in the run of others stays until they follow again", () => {
  const choice = begun({ own: false });
  choice.leaf(0, 16);
  assert.ok(choice.apart());
  assert.equal(choice.meet("b", "a"), "leave");
  choice.giveUp();
  assert.ok(choice.apart());
  choice.follow();
  assert.equal(choice.wanted().item, "live");
  choice.begin({ active: true, own: false });
  assert.ok(!choice.apart());
});

test("an item that was chosen before training is what the worker is to show", () => {
  const choice = new Choice();
  choice.choose("test-5", true);
  choice.begin({ active: true, own: true });
  assert.deepEqual(choice.wanted(), { item: "test-5", shown: [] });
  choice.take(answer(5, range(0, 40), range(0, 16)));
  assert.equal(choice.meet("usual", "x"), "ask");
  // In the run of others it is not.
  choice.begin({ active: true, own: false });
  assert.equal(choice.wanted().item, "live");
});

test("neurons go by their share when a run has ended or an item is chosen, unless leafed on", () => {
  const choice = begun();
  choice.sort();
  assert.deepEqual(choice.wanted(), { item: "test-0", shown: [] });
  choice.take(answer(0, [...range(20, 40), ...range(0, 20)], range(20, 36)));
  assert.deepEqual(choice.shown(), [range(20, 36)]);
  choice.choose("test-1", true);
  assert.deepEqual(choice.wanted().shown, []);
  choice.choose("test-1", false);
  assert.deepEqual(choice.wanted().shown, [range(20, 36)]);
  choice.leaf(0, 16);
  const { version } = choice;
  for (const act of [() => choice.sort(), () => choice.choose("test-2", true)]) {
    act();
    assert.deepEqual(choice.wanted().shown, [[...range(36, 40), ...range(0, 12)]]);
  }
  assert.ok(choice.version > version);
});
