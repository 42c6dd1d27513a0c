// The keys of a tree: one element is in the tab order, the arrow keys go from there.

/**
 * Where a key leads.
 *
 * @param {string} key
 * @param {number} at the element now
 * @param {number[]} levels of all elements in order, 1 or 2
 */
export function target(key, at, levels) {
  const before = levels.findLastIndex((level, i) => i < at && level === 1);
  const next = levels.findIndex((level, i) => i > at && level === 1);
  const opened = levels[at] === 1 && levels[at + 1] === 2;
  /** @type {Record<string, number>} */
  const moves = {
    ArrowDown: Math.min(at + 1, levels.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    ArrowRight: opened ? at + 1 : next < 0 ? at : next,
    ArrowLeft: before < 0 ? at : before,
    Home: 0,
    End: levels.length - 1,
  };
  return moves[key] ?? -1;
}

/**
 * In a row of buttons, too, one is in the tab order.
 *
 * @param {HTMLElement[]} all
 * @param {KeyboardEvent} event
 */
export function moveInRow(all, event) {
  const at = all.findIndex((element) => element === event.target);
  const levels = all.map(() => 1);
  const to = at < 0 ? -1 : target(event.key, at, levels);
  if (to < 0) return;
  event.preventDefault();
  for (const element of all) element.tabIndex = element === all[to] ? 0 : -1;
  all[to].focus();
}

/**
 * @param {HTMLElement} root
 * @param {KeyboardEvent} event
 */
export function moveInTree(root, event) {
  /** @type {HTMLElement[]} */
  const all = [...root.querySelectorAll(/** @type {"div"} */ ('[role="treeitem"]'))];
  const at = all.findIndex((element) => element === event.target);
  if (at < 0) return;
  const levels = all.map((element) => (element.closest('[role="group"]') ? 2 : 1));
  const to = target(event.key, at, levels);
  if (to < 0) return;
  event.preventDefault();
  for (const element of all) element.tabIndex = element === all[to] ? 0 : -1;
  all[to].focus();
}
