// A text in one's own words (own_words.py): kept here with every letter, and saved in the class when
// one pauses or goes elsewhere.

import { find, write } from "../../common/dom.js";
import { t } from "../../common/translate.js";
import { draftOf, keepDraft, same } from "./draft.js";

/**
 * @typedef {{draft: string, label: string, saved: string, most: number}} Data what Python passes
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{text: string}, Data>} Component
 */

const PAUSE_MS = 2500;

/** @type {WeakMap<Element, {data: Data, send: (text: string) => void}>} */
const known = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setStateValue }) {
  const area = find(parentElement, "textarea", HTMLTextAreaElement);
  write(find(parentElement, "label span", HTMLElement), data.label);
  area.maxLength = data.most;
  const send = (/** @type {string} */ text) => setStateValue("text", text);
  const before = known.get(area);
  if (before) {
    Object.assign(before, { data, send });
    keepDraft(data.draft, area.value, data.saved);
  } else {
    begin(area, { data, send });
  }
  say(parentElement, area.value, data.saved);
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {{data: Data, send: (text: string) => void}} now
 */
function begin(area, now) {
  known.set(area, now);
  const root = /** @type {HTMLElement} */ (area.closest(".own-words"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  let sent = now.data.saved;
  area.value = draftOf(now.data.draft) ?? now.data.saved;
  const save = () => {
    clearTimeout(pause);
    if (same(area.value, now.data.saved) || area.value === sent) return;
    sent = area.value;
    now.send(sent);
  };
  area.oninput = () => {
    keepDraft(now.data.draft, area.value, now.data.saved);
    say(root, area.value, now.data.saved);
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE_MS);
  };
  area.onblur = save;
  area.disabled = false; // what is typed before would be lost
  save(); // a draft that was not saved before the page went away
}

/**
 * @param {ParentNode} root
 * @param {string} text
 * @param {string} saved
 */
function say(root, text, saved) {
  const place = find(root, "[role=status]", HTMLElement);
  if (!same(text, saved)) write(place, t("Kept in this browser; saved when you pause."));
  else write(place, text.trim() ? t("Saved.") : "");
}
