// Elements, made in one line each.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null>} [attributes] null leaves one out
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} text shown
 * @param {string} name for a screen reader, and as a hint
 * @param {() => void} press
 * @param {boolean} [disabled]
 */
export function button(text, name, press, disabled = false) {
  const made = make("button", { type: "button", "aria-label": name, title: name }, text);
  made.disabled = disabled;
  made.onclick = press;
  return made;
}

/**
 * A button is grey for a reason that it says when it is pressed, so it stays within reach.
 *
 * @param {HTMLButtonElement} made
 * @param {string} why
 * @param {(why: string) => void} say
 */
export function grey(made, why, say) {
  made.ariaDisabled = "true";
  made.title = why;
  made.onclick = () => say(why);
  return made;
}

/**
 * Write attributes only where they change.
 *
 * @param {Element} element
 * @param {Record<string, string | null>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
