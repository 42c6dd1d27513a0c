// Brings a reader who has started a run to its board, once, where it is out of sight, and keeps it in
// sight while buttons above it come and go, until the reader does anything.

const DOES = ["wheel", "touchstart", "pointerdown", "keydown"];

/**
 * The runs to which the reader has been brought.
 *
 * @type {Set<string>}
 */
const brought = new Set();

/** @param {HTMLElement} root */
function inSight(root) {
  const { top } = root.getBoundingClientRect();
  return top > 0 && top < innerHeight / 2;
}

/**
 * @param {HTMLElement} root the board
 * @param {string} runId
 */
export function bring(root, runId) {
  if (brought.has(runId)) return;
  brought.add(runId);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  /** @type {ScrollBehavior} */
  let behavior = calm ? "instant" : "smooth";
  const heights = new ResizeObserver(() => {
    if (!root.isConnected) return heights.disconnect();
    if (inSight(root)) return;
    root.scrollIntoView({ behavior });
    behavior = "instant";
  });
  // It reports once at the beginning, too.
  heights.observe(root.closest('[data-testid="stMainBlockContainer"]') ?? root);
  for (const name of DOES) {
    window.addEventListener(name, () => heights.disconnect(), { capture: true, once: true });
  }
}
