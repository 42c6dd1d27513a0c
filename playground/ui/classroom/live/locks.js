// Settings that the class fixes cannot be turned from the moment on at which it fixes them. The
// next run of the page shows them so by itself, and the server refuses other values in any case.

const KEY = /st-key-setting_[0-9a-f]+_(\w+)/;
const LAYERS = /^(depth|units_\d+)$/;

/**
 * The setting that an element's classes say it is of; undefined if it is of none.
 *
 * @param {string} classes
 */
export function settingOf(classes) {
  const name = KEY.exec(classes)?.[1];
  return name && LAYERS.test(name) ? "hidden_layers" : name;
}

/** @param {Record<string, unknown>} locks settings by name */
export function lock(locks) {
  for (const element of document.querySelectorAll('[class*="st-key-setting_"]')) {
    const name = settingOf(element.className);
    const locked = name !== undefined && name in locks;
    element.toggleAttribute("inert", locked);
    element.toggleAttribute("data-class-locked", locked);
  }
}
