// Buttons above the network: which one is shown, how many hidden layers it has.

import { button, make } from "./draw/elements.js";
import * as words from "./words.js";

/**
 * @param {"run" | "settings"} now the one that is shown
 * @param {(kind: "run" | "settings") => void} choose
 */
export function sourceButtons(now, choose) {
  return [sourceButton("run", words.ofRun()), sourceButton("settings", words.ofSettings())];

  /** @param {"run" | "settings"} kind @param {string} text */
  function sourceButton(kind, text) {
    const made = button(text, text, () => choose(kind));
    made.ariaPressed = String(kind === now);
    return made;
  }
}

/**
 * @param {{hiddenLayers: number[], editable: boolean}} settings
 * @param {number} most hidden layers
 * @param {(hiddenLayers: number[]) => void} change
 */
export function layerButtons({ hiddenLayers, editable }, most, change) {
  const depth = hiddenLayers.length;
  const last = hiddenLayers[depth - 1] ?? 128;
  return [
    make("span", {}, words.layersTitle()),
    button(
      "−",
      words.removeLayer(),
      () => change(hiddenLayers.slice(0, -1)),
      !editable || depth === 0,
    ),
    make("b", {}, String(depth)),
    button(
      "+",
      words.addLayer(),
      () => change([...hiddenLayers, last]),
      !editable || depth >= most,
    ),
  ];
}
