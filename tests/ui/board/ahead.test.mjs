import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { subscriptions } from "../../../playground/ui/board/stream/subscriptions.js";

test("a press of Train asks for the run that it begins, once; other presses ask for nothing", async () => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const said = [];
  let press;
  globalThis.Element = class {
    constructor(inTrain) {
      this.closest = () => (inTrain ? this : null);
    }
  };
  globalThis.document = {
    visibilityState: "visible",
    addEventListener: (name, listener) => {
      if (name === "click") press = (inTrain) => listener({ target: new Element(inTrain) });
    },
  };
  globalThis.addEventListener = () => {};
  globalThis.SharedWorker = class {
    port = { postMessage: (list) => said.push(list.map(({ run }) => run)) };
  };
  const { begins } = await import("../../../playground/ui/board/ahead.js");
  subscriptions();
  press(true); // nobody has said which run begins
  begins("next");
  press(false);
  assert.deepEqual(said.flat(), []);
  press(true);
  press(true);
  assert.deepEqual(said.flat(), ["next"]);
  begins("after");
  press(true);
  assert.deepEqual(said.at(-1), ["after"]);
  begins("");
  press(true);
  assert.deepEqual(said.flat(), ["next", "after"]);
});
