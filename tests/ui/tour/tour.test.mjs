import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

const listeners = {};
globalThis.Element = class {
  constructor(of) {
    this.of = of;
  }
  closest(selector) {
    return selector === this.of ? this : null;
  }
};
globalThis.HTMLElement = Element;
globalThis.document = {
  documentElement: { dataset: {} },
  addEventListener: (name, listen) => (listeners[name] = listen),
  removeEventListener: (name) => delete listeners[name],
};
globalThis.window = globalThis;

const { default: show } = await import("../../../playground/ui/tour/tour.js");
const [NEURON, MISTAKE] = ['[data-testid^="neuron-"]', '[data-tour="mistake"]'];
let done, leave, place;

function ask(awaits) {
  leave = show({
    data: { awaits },
    parentElement: place,
    setTriggerValue: (_, name) => done.push(name),
  });
}

const happens = (type, at) => listeners[type]?.({ type, target: new Element(at) });

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  done = [];
  const span = new HTMLElement("span");
  place = { querySelector: () => span };
});

test("a neuron is looked at by pointing at it for a while, by focus or by a press", () => {
  ask("neuron");
  assert.equal(document.documentElement.dataset.tourAsks, "neuron");
  happens("pointerover", NEURON);
  happens("pointerover", "elsewhere");
  mock.timers.tick(5000);
  assert.deepEqual(done, []);
  happens("pointerover", NEURON);
  mock.timers.tick(5000);
  assert.deepEqual(done, ["neuron"]);
  happens("click", NEURON);
  assert.deepEqual(done, ["neuron"]);
  for (const type of ["click", "focusin"]) {
    ask("neuron");
    happens(type, NEURON);
  }
  assert.deepEqual(done, ["neuron", "neuron", "neuron"]);
});

test("a mistake is looked for by a press alone, and only when it is asked for", () => {
  ask("layers");
  happens("click", MISTAKE);
  ask("mistake");
  happens("pointerover", MISTAKE);
  happens("focusin", MISTAKE);
  happens("click", NEURON);
  mock.timers.tick(5000);
  assert.deepEqual(done, []);
  happens("click", MISTAKE);
  assert.deepEqual(done, ["mistake"]);
});

test("a tour that has ended leaves nothing behind, and may begin again", () => {
  ask("neuron");
  leave();
  assert.deepEqual(document.documentElement.dataset, {});
  assert.deepEqual(Object.keys(listeners), []);
  ask("neuron");
  happens("click", NEURON);
  assert.deepEqual(done, ["neuron"]);
});
