// What the sketchpad says.

import { plural, spoken, t } from "../../common/translate.js";

export const filled = () => t("Filled.");
export const cleared = () => t("Cleared. Undo brings the drawing back.");
export const undone = () => t("Undone.");
export const redone = () => t("Redone.");

/** @param {import("./paint.js").FillProblem} problem */
export function fillProblem(problem) {
  return problem === "ink"
    ? t("There is ink here already: choose an empty area to fill.")
    : t(
        "Nothing was filled, because this area is open to the paper’s edge. " +
          "Close its outline first.",
      );
}

/** @param {number} most points of a drawing */
export function paperIsFull(most) {
  return plural(
    "The paper is full: a drawing has {count} point at most. Undo or Clear makes room.",
    "The paper is full: a drawing has {count} points at most. Undo or Clear makes room.",
    most,
    { count: most.toLocaleString(spoken()) },
  );
}

/**
 * @param {number} most points of a drawing
 * @param {number} largest characters of one
 */
export function tooLarge(most, largest) {
  return t(
    "This drawing is too large: a drawing has at most {points} points and {size} MB. " +
      "Remove strokes with Undo, or press Clear.",
    { points: most.toLocaleString(spoken()), size: largest / 1e6 },
  );
}

/**
 * @param {"pen" | "eraser"} tool
 * @param {boolean} down
 */
export function toolMoved(tool, down) {
  if (tool === "pen") return down ? t("pen down.") : t("pen up.");
  return down ? t("eraser down.") : t("eraser up.");
}

/** @param {number} size */
export const sizeInWords = (size) => plural("{count} pixel", "{count} pixels", size);

/** @param {number} percent */
export const darkness = (percent) => t("{percent} per cent dark", { percent });
