// Streamlit forgets the page that a link has asked for if anything else asks for a run of the old
// page before the new one has begun: a slider that settles, a board that reports. So what was
// pressed is remembered here until it is shown, and asked for again if it does not come.

const FIRST_RETRY_MS = 2000;
const RETRIES = 3;
const LINKS = 'a[data-testid$="NavLink"], a[data-testid="stTopNavDropdownLink"]';

/**
 * The path of the page that was asked for.
 *
 * @type {string | null}
 */
let wanted = null;
let timer = 0;
let listens = false;

/** Whether a page was asked for that is not there yet: no time to ask for a run of this one. */
export function leaving() {
  return wanted !== null && wanted !== location.pathname;
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
    const running = document.querySelector('[data-test-script-state="running"]');
    if (!leaving() || !retries) return settle();
    if (running) return wait(retries, ms);
    history.pushState({}, "", wanted);
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

/** Listen from now on, however often Streamlit mounts this component. */
export default function () {
  if (listens) return;
  listens = true;
  document.addEventListener("click", press, true);
  // Whatever the reader does next is another wish, and so are Back and Forward.
  document.addEventListener("pointerdown", settle, true);
  document.addEventListener("keydown", settle, true);
  window.addEventListener("popstate", (event) => event.isTrusted && settle());
}
