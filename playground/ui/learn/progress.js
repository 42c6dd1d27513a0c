// Which pages of Learn this browser has opened, and which its reader has finished: gone on from their
// end. It is kept in the browser and sent nowhere.

import { t } from "../common/translate.js";

/**
 * @typedef {"opened" | "finished"} Progress
 * @typedef {Record<string, Progress>} Kept by the paths of pages
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{}, {page: string}>} Component
 */

const KEY = "playground-lessons";
// What leads on from the end of a page.
const ON = ".st-key-lesson_next a, .st-key-open_on_train button";

/**
 * What was kept, whatever is in the browser's storage.
 *
 * @param {string | null} text
 * @returns {Kept}
 */
export function read(text) {
  try {
    const found = Object.entries(JSON.parse(text ?? "{}"));
    return Object.fromEntries(found.filter(([, how]) => how === "opened" || how === "finished"));
  } catch {
    return {};
  }
}

/**
 * With this page opened or finished; what was finished stays so.
 *
 * @param {Kept} kept
 * @param {string} lesson
 * @param {Progress} how
 * @returns {Kept}
 */
export const noted = (kept, lesson, how) =>
  kept[lesson] === "finished" ? kept : { ...kept, [lesson]: how };

/** A browser may refuse its storage. */
function stored() {
  try {
    return read(localStorage.getItem(KEY));
  } catch {
    return {};
  }
}

/** @param {string} lesson @param {Progress} how */
function note(lesson, how) {
  try {
    localStorage.setItem(KEY, JSON.stringify(noted(stored(), lesson, how)));
  } catch {
    // Then nothing is remembered.
  }
}

function show() {
  const kept = stored();
  for (const element of document.querySelectorAll("[data-lesson]")) {
    if (!(element instanceof HTMLElement)) continue;
    const how = kept[element.dataset.lesson ?? ""];
    const said = { opened: t("Opened"), finished: `✓ ${t("Finished")}` };
    element.textContent = how ? said[how] : "";
    element.hidden = !how;
  }
}

let lesson = "";
let listens = false;

/** @param {Component} component */
export default function ({ data }) {
  lesson = data.page;
  if (lesson) note(lesson, "opened");
  if (!listens) {
    listens = true;
    document.addEventListener(
      "click",
      ({ target }) => {
        if (lesson && target instanceof Element && target.closest(ON)) note(lesson, "finished");
      },
      { capture: true },
    );
  }
  show();
  // Cards may come after this.
  const cards = new MutationObserver(show);
  const main = document.querySelector(".st-key-lessons");
  if (main) cards.observe(main, { childList: true });
  const section = document.querySelector('[data-testid="stTopNavSection"]');
  section?.setAttribute("aria-current", "true");
  return () => {
    cards.disconnect();
    section?.removeAttribute("aria-current");
    lesson = "";
  };
}
