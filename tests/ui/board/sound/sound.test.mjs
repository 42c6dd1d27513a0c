// What one hears of a run.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import {
  Freshness,
  HIGHEST,
  LOWEST,
  pitch,
  soundOf,
  thinned,
} from "../../../../playground/ui/board/sound/notes.js";
import { Player, REST_MS } from "../../../../playground/ui/board/sound/player.js";

const ENDED = ["Finished", "Stopped", "Failed", "Interrupted"];

test("a loss that halves sinks by the same interval, whatever it was", () => {
  const interval = pitch(2) / pitch(1);
  assert.ok(interval > 1.2);
  for (const loss of [0.1, 0.4, 2.3]) {
    assert.ok(Math.abs(pitch(2 * loss) / pitch(loss) - interval) < 1e-9);
  }
});

test("the pitch stays where it is pleasant, whatever the loss is", () => {
  for (const loss of [0, -1, 1e-9, 0.05]) assert.equal(pitch(loss), LOWEST);
  for (const loss of [5, 1e9, Infinity, NaN]) {
    assert.ok(Math.abs(pitch(loss) - HIGHEST) < 1e-9);
  }
});

test("a step is a note, an epoch a tick; a passed threshold and the end are chords", () => {
  const heard = (kind, data) => soundOf({ seq: 1, kind, data }, ENDED);
  assert.deepEqual(heard("progress", { loss: 1 }), { kind: "note", pitches: [pitch(1)] });
  assert.equal(heard("epoch", {}).kind, "tick");
  assert.equal(heard("threshold", {}).kind, "chord");
  const ends = ENDED.map((status) => heard("status", { status }));
  assert.ok(ends.every(({ kind, pitches }) => kind === "chord" && pitches.length > 1));
  assert.notDeepEqual(ends[0].pitches, ends[2].pitches);
  assert.equal(heard("status", { status: "Running" }), null);
  assert.equal(heard("test", {}), null);
});

test("of what comes at once the newest note is heard, and every chord", () => {
  const [first, last] = [1, 2].map((loss) => soundOf({ kind: "progress", data: { loss } }, ENDED));
  const chord = soundOf({ kind: "threshold", data: {} }, ENDED);
  assert.deepEqual(thinned([first, chord, last, chord]), [chord, last, chord]);
});

const at = (time) => ({ seq: 1, kind: "progress", data: { time } });

test("what is told again is not fresh, however far apart the clocks are", () => {
  for (const apart of [0, -5000, 5000]) {
    const freshness = new Freshness();
    const now = (time) => time + apart;
    const history = [at(0), at(1), at(2), at(59)];
    assert.deepEqual(freshness.of(history, now(60)), []);
    assert.deepEqual(freshness.of([at(60)], now(60.2)), [at(60)]);
    assert.deepEqual(freshness.of([at(61)], now(61.9)), [at(61)]);
    // The connection was lost for half a minute: what is over is not heard.
    assert.deepEqual(freshness.of([at(63), at(80), at(91)], now(91.5)), [at(91)]);
  }
});

test("a history that comes in two parts is not fresh either", () => {
  const freshness = new Freshness();
  freshness.of([at(0), at(10)], 100);
  assert.deepEqual(freshness.of([at(20), at(99)], 100), []);
  assert.deepEqual(freshness.of([at(100)], 100.5), [at(100)]);
});

test("a status without a time is as fresh as what came before it", () => {
  const freshness = new Freshness();
  const end = { seq: 0, kind: "status", data: { status: "Stopped", reason: "" } };
  assert.deepEqual(freshness.of([at(0), end], 1), []);
  assert.deepEqual(freshness.of([at(2), end], 3), [at(2), end]);
  assert.deepEqual(freshness.of([at(4), end], 20), []);
});

let made, now;

beforeEach(() => {
  made = [];
  now = 1000;
  mock.method(performance, "now", () => now);
  globalThis.document = new EventTarget();
  globalThis.AudioContext = class {
    constructor() {
      this.state = "running";
      this.currentTime = 0;
      made.push(this);
    }
    resume() {
      this.state = "running";
    }
    suspend() {
      this.state = "suspended";
    }
  };
  globalThis.OscillatorNode = class {
    constructor(context, { frequency }) {
      Object.assign(this, { frequency, connect: (next) => next, stop: () => {} });
      this.start = (when) => (context.voices ??= []).push([frequency, when]);
    }
  };
  globalThis.GainNode = class {
    constructor() {
      const ramp = () => {};
      this.connect = (next) => next;
      this.gain = {
        setValueAtTime: ramp,
        linearRampToValueAtTime: ramp,
        exponentialRampToValueAtTime: ramp,
      };
    }
  };
});

test("there is no sound before a press", () => {
  const player = new Player();
  player.play({ kind: "note", pitches: [440] });
  assert.equal(made.length, 0);
  player.wake();
  player.wake();
  player.play({ kind: "note", pitches: [440] });
  assert.equal(made.length, 1);
  assert.equal(made[0].voices.length, 1);
});

test("notes that come too fast are left out, a chord between them is not", () => {
  const player = new Player();
  player.wake();
  const [{ voices = (made[0].voices = []) }] = made;
  for (let i = 0; i < 10; i++) {
    player.play({ kind: "note", pitches: [440] });
    now += REST_MS / 4;
  }
  assert.equal(voices.length, 3);
  player.play({ kind: "chord", pitches: [300, 400] });
  assert.equal(voices.length, 5);
  assert.ok(voices[4][1] > voices[3][1]);
});

test("a page that is hidden is silent at once", () => {
  const player = new Player();
  player.wake();
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(made[0].state, "suspended");
});
