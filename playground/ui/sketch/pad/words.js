// What the sketchpad says.

export const INK_IS_HERE = "There is ink here already: choose an empty area to fill.";
export const AREA_IS_OPEN =
  "Nothing was filled, because this area is open to the paper’s edge. Close its outline first.";
export const FILLED = "Filled.";
export const CLEARED = "Cleared. Undo brings the drawing back.";
export const UNDONE = "Undone.";
export const REDONE = "Redone.";

/** @param {number} most points of a drawing */
export function paperIsFull(most) {
  const points = most.toLocaleString("en");
  return `The paper is full: a drawing has ${points} points at most. Undo or Clear makes room.`;
}

/**
 * @param {string} tool
 * @param {boolean} down
 */
export const toolMoved = (tool, down) => `${tool} ${down ? "down" : "up"}.`;

/** @param {number} size */
export const sizeInWords = (size) => `${size} pixels`;

/** @param {number} percent */
export const darkInWords = (percent) => `${percent} per cent dark`;
