// A text in one's own words (own_words.py): kept here with every letter, and saved in the class when
// one pauses or goes elsewhere.

import { find, write } from "../../common/dom.js";
import { t } from "../../common/translate.js";
import { draftOf, keepDraft, same, Saver } from "./draft.js";

/**
 * @typedef {{draft: string, label: string, saved: string, most: number}} Data what Python passes
 * @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<{text: string}, Data>} Component
 */

/** @type {WeakMap<Element, {data: Data, send: (text: string) => void, saver?: Saver}>} */
const known = new WeakMap();

/** @param {Component} component */
export default function ({ parentElement, data, setTriggerValue }) {
  const area = find(parentElement, "textarea", HTMLTextAreaElement);
  write(find(parentElement, "label span", HTMLElement), data.label);
  area.maxLength = data.most;
  // A trigger, since a text that was refused is sent once more as it is.
  const send = (/** @type {string} */ text) => setTriggerValue("text", text);
  const before = known.get(area);
  if (before) {
    Object.assign(before, { data, send });
    keepDraft(data.draft, area.value, data.saved);
    before.saver?.answered();
  } else {
    begin(area, { data, send });
  }
  say(parentElement, area.value, data.saved);
}

/**
 * @param {HTMLTextAreaElement} area
 * @param {{data: Data, send: (text: string) => void, saver?: Saver}} now
 */
function begin(area, now) {
  known.set(area, now);
  const root = /** @type {HTMLElement} */ (area.closest(".own-words"));
  area.value = draftOf(now.data.draft) ?? now.data.saved;
  const saver = new Saver(
    () => area.value,
    () => now.data.saved,
    (text) => now.send(text),
  );
  now.saver = saver;
  area.oninput = () => {
    keepDraft(now.data.draft, area.value, now.data.saved);
    say(root, area.value, now.data.saved);
    saver.typed();
  };
  area.onblur = () => saver.save();
  area.disabled = false; // what is typed before would be lost
  saver.save(); // a draft that was not saved before the page went away
}

/**
 * @param {ParentNode} root
 * @param {string} text
 * @param {string} saved
 */
function say(root, text, saved) {
  const status = find(root, "[role=status]", HTMLElement);
  if (!same(text, saved)) write(status, t("Kept in this browser; saved when you pause."));
  else write(status, text.trim() ? t("Saved.") : "");
}
