// Brings a reader who has started a run to its board, once, where it is out of sight, and keeps it in
// sight while buttons above it come and go, until the reader does anything.

const DOES = ["wheel", "touchstart", "pointerdown", "keydown"];

/**
 * The runs whose reader has done anything since: they are brought nowhere any more.
 *
 * @type {Set<string>}
 */
const left = new Set();

// Below the navigation, which covers what lies higher; the page goes to a place between the two.
const NAVIGATION = 60;
const HIGHEST = 80;

/**
 * Whether the board can be seen. Where Train stays at the bottom of the screen, on a phone, there is
 * room for status and curves only if the board stands at the top.
 *
 * @param {HTMLElement} root
 */
function inSight(root) {
  const { top } = root.getBoundingClientRect();
  const bar = document.querySelector(".st-key-train_button");
  const below = bar && getComputedStyle(bar).position === "fixed" ? bar.clientHeight : 0;
  if (top < NAVIGATION || top > innerHeight / 2) return false;
  if (!below) return true;
  const curves = root.querySelector(".lb-curves")?.getBoundingClientRect();
  // Curves that are not shown yet have no height, and say nothing of where they will be.
  const bottom = curves?.height ? curves.bottom : Infinity;
  return top <= HIGHEST || bottom <= innerHeight - below;
}

/**
 * @param {HTMLElement} root the board; another one where Streamlit has made it again
 * @param {string} runId
 */
export function bring(root, runId) {
  if (left.has(runId)) return;
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
  const leave = () => {
    left.add(runId);
    heights.disconnect();
  };
  for (const name of DOES) window.addEventListener(name, leave, { capture: true, once: true });
}
