// Brings a reader who has started a run to its board, once, where it is out of sight, and keeps it in
// sight while buttons above it come and go, until the reader does anything.

const DOES = ["wheel", "touchstart", "pointerdown", "keydown"];

/**
 * The runs whose reader has done anything since: they are brought nowhere any more.
 *
 * @type {Set<string>}
 */
const left = new Set();

const AGAIN_MS = 1000;
const MOST_LOOKS = 60;
// Where the board's top is when the page has gone to it, with room for the navigation.
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
  if (!below) return top > 0 && top < innerHeight / 2;
  const curves = root.querySelector(".lb-curves")?.getBoundingClientRect();
  // Curves that are not shown yet have no height, and say nothing of where they will be.
  const bottom = curves?.height ? curves.bottom : Infinity;
  return top > 0 && (top <= HIGHEST || (top < innerHeight / 2 && bottom <= innerHeight - below));
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
  let looks = 0;
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (!root.isConnected) return heights.disconnect();
    if (!inSight(root)) {
      root.scrollIntoView({ behavior });
      behavior = "instant";
    }
    // What else happens on the page may stop a scroll on its way.
    if (looks++ < MOST_LOOKS) timer = window.setTimeout(look, AGAIN_MS);
  };
  // It reports once at the beginning, too.
  const heights = new ResizeObserver(look);
  heights.observe(root.closest('[data-testid="stMainBlockContainer"]') ?? root);
  const leave = () => {
    left.add(runId);
    clearTimeout(timer);
    heights.disconnect();
  };
  for (const name of DOES) window.addEventListener(name, leave, { capture: true, once: true });
}
