import assert from "node:assert/strict";
import { test } from "node:test";

import { said } from "../../../../playground/ui/common/translate.js";
import { answerText, pixels } from "../../../../playground/ui/classroom/teacher/shown.js";
import {
  ANSWER_SECONDS,
  levers,
  newest,
  PAGE_SECONDS,
  present,
  RUN_SECONDS,
  trouble,
} from "../../../../playground/ui/classroom/teacher/tiles.js";
import * as words from "../../../../playground/ui/classroom/teacher/words.js";

const TILE = {
  number: 1,
  name: "Ada",
  removed: false,
  left: false,
  here: true,
  page: "class",
  since: 1000,
  answered: false,
  locked: false,
  explained: false,
  runs: 0,
  trained: 0,
  run: null,
};
const AT = {
  number: 1,
  phase: "explain",
  revealed: false,
  sealed: false,
  answered: 3,
  locked: 2,
  trained: 1,
  explained: 0,
  answers: [],
  words: [],
  drawings: null,
  activity: { prediction: { kind: "choice" }, question: { en: "Why?", ko: "왜요?" } },
};
const RUN = { id: "a", status: "Running", failed: false, ended: false, val_accuracies: [0.5, 0.6] };

test("who has not answered for long may need help, and nobody before", () => {
  assert.equal(trouble(TILE, AT, 1000 + ANSWER_SECONDS), null);
  assert.equal(trouble(TILE, AT, 1001 + ANSWER_SECONDS), "no-answer");
});

test("who has answered and does not train may need help, where one may train", () => {
  const tile = { ...TILE, answered: true, locked: true };
  assert.equal(trouble(tile, AT, 1001 + RUN_SECONDS), "no-run");
  assert.equal(trouble(tile, { ...AT, phase: "predict" }, 9e9), null);
});

test("who trains, is away, or is done needs none", () => {
  const tile = { ...TILE, answered: true, locked: true };
  assert.equal(trouble({ ...tile, run: RUN }, AT, 9e9), null);
  assert.equal(trouble({ ...TILE, here: false }, AT, 9e9), null);
  assert.equal(trouble(TILE, null, 9e9), null);
  assert.equal(trouble(TILE, { ...AT, revealed: true }, 9e9), null);
  const ended = { ...RUN, ended: true };
  assert.equal(trouble({ ...tile, run: ended, explained: true }, AT, 9e9), null);
  assert.equal(trouble({ ...tile, run: ended }, AT, 1001 + PAGE_SECONDS), "same-page");
});

test("a run that failed is always said", () => {
  const tile = { ...TILE, here: false, run: { ...RUN, failed: true, ended: true } };
  assert.equal(trouble(tile, null, 0), "failed");
});

test("the roster has those who take part", () => {
  const gone = [
    { ...TILE, removed: true },
    { ...TILE, left: true },
  ];
  assert.deepEqual(present([TILE, ...gone]), [TILE]);
  assert.equal(newest(RUN), 0.6);
  assert.equal(newest(null), null);
});

const VIEW = {
  class: { id: "a", name: "7b", ended: false },
  code: "AB34C",
  curtain: false,
  names_hidden: false,
  count: 1,
  at: AT,
  roster: [TILE],
  snapshots: [],
  presented: null,
  openings: [{ number: 1 }],
  locks: {},
};

test("levers follow what they show, and not what only the board shows", () => {
  const now = levers(VIEW);
  const answered = {
    ...VIEW,
    at: { ...AT, answered: 9 },
    roster: [{ ...TILE, here: false }],
  };
  assert.equal(levers(answered), now);
  const kept = { snapshots: [{ number: 1, caption: "", run: RUN }] };
  const longer = { snapshots: [{ number: 1, caption: "", run: { ...RUN, epochs: 9 } }] };
  assert.equal(levers({ ...VIEW, ...kept }), levers({ ...VIEW, ...longer }));
  const ended = { ...RUN, ended: true };
  const tile = { ...TILE, trained: 1, run: RUN };
  const going = { ...VIEW, roster: [tile] };
  const farther = { ...tile, run: { ...RUN, epochs: 3 } };
  assert.equal(levers({ ...going, roster: [farther] }), levers(going));
  assert.notEqual(levers({ ...going, roster: [{ ...tile, run: ended }] }), levers(going));
  assert.notEqual(levers({ ...going, roster: [{ ...tile, trained: 0 }] }), levers(going));
  assert.notEqual(levers({ ...going, roster: [{ ...tile, trained: 2 }] }), levers(going));
  for (const changed of [
    { roster: [{ ...TILE, run: RUN }] },
    { at: { ...AT, answers: [{ locked: true }] } },
    { at: { ...AT, words: [{ member: 1 }] } },
    { at: { ...AT, drawings: { count: 1 } } },
    { curtain: true },
    { names_hidden: true },
    { presented: 1 },
    { at: { ...AT, phase: "run" } },
    { at: { ...AT, revealed: true } },
    { at: null },
    { roster: [{ ...TILE, name: "Bob" }] },
    { roster: [TILE, { ...TILE, number: 2 }] },
    { snapshots: [{ number: 1 }] },
    { locks: { seed: 1 } },
    { class: { ...VIEW.class, ended: true } },
  ]) {
    assert.notEqual(levers({ ...VIEW, ...changed }), now);
  }
});

test("how far a class is, in words", () => {
  assert.equal(words.present(3, 8), "3 of 8 members here");
  assert.equal(words.progress(AT, 8), "3 of 8 answered · 2 locked · 1 trained · 0 explained");
  const plain = { ...AT, activity: { prediction: null, question: null } };
  assert.equal(words.progress(plain, 8), "1 trained");
  assert.equal(words.duration(59), "just now");
  assert.equal(words.duration(250), "4 min");
  assert.equal(words.accuracy(0.8764), "87.6 % right");
  assert.equal(words.accuracy(null), "");
});

test("an answer is said in words", () => {
  const option = (en) => ({ en, ko: `${en}!` });
  const choice = { prediction: { options: [option("up"), option("down")] } };
  assert.equal(answerText({ choice: 1 }, choice), "down");
  assert.equal(answerText({ number: 0.5 }, { prediction: { decimals: 3 } }), "0.500");
  assert.equal(answerText({ curve: [] }, {}), "");
  assert.equal(answerText(undefined, {}), "");
  assert.equal(said(null), "");
});

test("a drawing has 28 × 28 pixels, or is none", () => {
  const bytes = String.fromCharCode(...Array.from({ length: 784 }, (_, i) => i % 256));
  assert.deepEqual(pixels(btoa(bytes)).slice(254, 258), [254, 255, 0, 1]);
  assert.equal(pixels(btoa("abc")), null);
  assert.equal(pixels("%%%"), null);
});
