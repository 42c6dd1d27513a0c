// At a press of Train the events of its run are asked for: they come while the script runs and the
// page gets the run's board, and not after that.

import { subscriptions } from "./stream/subscriptions.js";

const TRAIN = ":is(.st-key-train_button, .st-key-class_train) [data-testid=stBaseButton-primary]";

let next = "";

if (globalThis.document) {
  const onClick = (/** @type {Event} */ { target }) => {
    if (!next || !(target instanceof Element) || !target.closest(TRAIN)) return;
    subscriptions().expect(next);
    next = ""; // the script says another one
  };
  document.addEventListener("click", onClick, { capture: true });
}

/** @param {string} run the id of the run that the next press begins; empty if nobody knows it */
export function begins(run) {
  next = run;
}
