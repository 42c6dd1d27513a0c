// What the line of a class says, and which settings it fixes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { settingOf } from "../../../playground/ui/classroom/live/locks.js";
import { drawn, now, whose } from "../../../playground/ui/classroom/live/says.js";

const at = { number: 1, phase: "explain", revealed: false, envelope: null };
const view = {
  class: { ended: false },
  quiz: null,
  locks: {},
  count: 3,
  at: { ...at, activity: { title: { en: "Learning rate", ko: "학습률" } } },
};

test("the line says where the class is", () => {
  assert.equal(now(view), "Learning rate");
  assert.equal(now({ ...view, at: { ...view.at, phase: "predict" } }), "Learning rate: predict");
  assert.match(now({ ...view, at: { ...view.at, revealed: true } }), /compare/);
  assert.match(now({ ...view, at: null }), /first activity/);
  assert.match(now({ ...view, quiz: "before" }), /quiz/);
  assert.match(now({ ...view, class: { ended: true } }), /over/);
  assert.match(now(null), /no longer/);
});

test("the line says who one is, by a colour and an animal in one's own language", () => {
  const seen = { ...view, class: { name: "7b" }, you: { number: 1, name: "Red fox" } };
  assert.equal(whose(seen, { "Red fox": "빨간 여우" }), "7b · 빨간 여우");
  assert.equal(whose({ ...seen, you: { number: 1, name: "Mina" } }, {}), "7b · Mina");
  assert.equal(whose({ ...seen, class: { name: "" } }, {}), "Red fox");
  assert.equal(whose(null, {}), "");
});

test("a page is drawn again for a step and for fixed settings, not for who else is there", () => {
  assert.equal(drawn({ ...view, count: 4 }), drawn(view));
  assert.notEqual(drawn({ ...view, at: { ...view.at, revealed: true } }), drawn(view));
  assert.notEqual(drawn({ ...view, locks: { epochs: 5 } }), drawn(view));
  assert.notEqual(drawn(null), drawn(view));
});

test("a knob is of the setting that its key names", () => {
  assert.equal(settingOf("a st-key-setting_00ff12ab_learning_rate b"), "learning_rate");
  assert.equal(settingOf("st-key-setting_00ff12ab_units_2"), "hidden_layers");
  assert.equal(settingOf("st-key-setting_00ff12ab_depth"), "hidden_layers");
  assert.equal(settingOf("st-key-train_button"), undefined);
});
