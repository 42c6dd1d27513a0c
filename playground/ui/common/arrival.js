// Streamlit forgets the page that a link has asked for if anything else asks for a run of the old
// page before the new one has begun: a slider that settles, a board that reports. So what was
// pressed is remembered here until it is shown, and asked for again if it does not come.

const FIRST_RETRY_MS = 2000;
const RETRIES = 3;
const LINKS = 'a[data-testid$="NavLink"], a[data-testid="stTopNavDropdownLink"]';

// One for the browser's page, however often Streamlit mounts this component.
const arrival = (window.playgroundArrival ??= { wanted: null, timer: 0 });

/** Whether a page was asked for that is not there yet: no time to ask for a run of this one. */
function leaving() {
  return arrival.wanted !== null && arrival.wanted !== location.pathname;
}

function settle() {
  clearTimeout(arrival.timer);
  arrival.wanted = null;
}

function wait(retries, ms) {
  arrival.timer = setTimeout(() => {
    const running = document.querySelector('[data-test-script-state="running"]');
    if (!leaving() || !retries) return settle();
    if (running) return wait(retries, ms);
    history.pushState({}, "", arrival.wanted);
    // What pressing Back tells Streamlit, so that it opens the page of this address.
    window.dispatchEvent(new PopStateEvent("popstate"));
    wait(retries - 1, 2 * ms);
  }, ms);
}

function press(event) {
  const link = event.target.closest?.(LINKS);
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  settle();
  arrival.wanted = new URL(link.href).pathname;
  wait(RETRIES, FIRST_RETRY_MS);
}

export default function () {
  window.playgroundArrival.leaving = leaving;
  if (arrival.listens) return;
  arrival.listens = true;
  document.addEventListener("click", press, true);
  // Whatever the reader does next is another wish, and so are Back and Forward.
  document.addEventListener("pointerdown", settle, true);
  document.addEventListener("keydown", settle, true);
  window.addEventListener("popstate", (event) => event.isTrusted && settle());
}
