// A press on a curve leads the network on the same page to that epoch. They are two components, and
// no script runs between them: the document passes it on.

const NAME = "playground:epoch";

/**
 * @param {string} run
 * @param {number} epoch it may lie between two
 */
export function visit(run, epoch) {
  document.dispatchEvent(new CustomEvent(NAME, { detail: { run, epoch } }));
}

/**
 * @param {(run: string, epoch: number) => void} onVisit
 * @returns {() => void} call it to hear of no more
 */
export function onVisits(onVisit) {
  const listener = (/** @type {Event} */ event) => {
    const { run, epoch } = /** @type {CustomEvent} */ (event).detail;
    onVisit(run, epoch);
  };
  document.addEventListener(NAME, listener);
  return () => document.removeEventListener(NAME, listener);
}
