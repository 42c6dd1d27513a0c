// Streamlit forgets the page that a link has asked for if anything else asks for a run of the old
// page before the new one has begun: a slider that settles, a board that reports. So what was
// pressed is remembered here until it is shown, and asked for again if it does not come.

const FIRST_RETRY_MS = 2000;
const RETRIES = 3;
const BUSY = ["running", "rerunRequested"]
  .map((state) => `[data-test-script-state="${state}"]`)
  .join();
const LINKS = 'a[data-testid$="NavLink"], a[data-testid="stTopNavDropdownLink"]';

/**
 * The path of the page that was asked for.
 *
 * @type {string | null}
 */
let wanted = null;
/** The page that the script has last run for, as its path in the address. */
let shown = "";
let timer = 0;
let listens = false;

/** Whether a page was asked for that is not there yet: no time to ask for a run of this one. */
export function leaving() {
  // The address is no sign: it may say a page whose run another one has ended.
  return wanted !== null && !wanted.endsWith(`/${shown}`);
}

function settle() {
  clearTimeout(timer);
  wanted = null;
}

/**
 * @param {number} retries
 * @param {number} ms
 */
function wait(retries, ms) {
  timer = window.setTimeout(() => {
    // What runs now may be the page that the reader is to leave.
    if (document.querySelector(BUSY)) return wait(retries, ms);
    if (!leaving() || !retries) return settle();
    if (wanted !== location.pathname) history.pushState({}, "", wanted);
    // What pressing Back tells Streamlit, so that it opens the page of this address.
    window.dispatchEvent(new PopStateEvent("popstate"));
    wait(retries - 1, 2 * ms);
  }, ms);
}

/** @param {MouseEvent} event */
function press(event) {
  const pressed = event.target instanceof Element ? event.target.closest(LINKS) : null;
  if (!(pressed instanceof HTMLAnchorElement) || pressed.target) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  settle();
  wanted = new URL(pressed.href).pathname;
  wait(RETRIES, FIRST_RETRY_MS);
}

/**
 * Listen from now on, however often Streamlit mounts this component.
 *
 * @param {{ data: { page: string } }} component
 */
export default function ({ data }) {
  shown = data.page;
  if (listens) return;
  listens = true;
  document.addEventListener("click", press, true);
  // Whatever the reader does next is another wish, and so are Back and Forward.
  document.addEventListener("pointerdown", settle, true);
  document.addEventListener("keydown", settle, true);
  window.addEventListener("popstate", (event) => event.isTrusted && settle());
}
