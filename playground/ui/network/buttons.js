// Buttons above the network: which one is shown, how many hidden layers it has.

import { button, grey, make } from "./draw/elements.js";
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
 * @param {import("./network.js").Settings} settings
 * @param {number} most hidden layers
 * @param {object} actions
 * @param {(hiddenLayers: number[]) => void} actions.change
 * @param {(why: string) => void} actions.say
 */
export function layerButtons({ hiddenLayers, editable, fixed, whyFixed }, most, { change, say }) {
  const depth = hiddenLayers.length;
  const last = hiddenLayers[depth - 1] ?? 128;
  const made = [
    button(
      "−",
      words.removeLayer(),
      () => change(hiddenLayers.slice(0, -1)),
      !editable || depth === 0,
    ),
    button(
      "+",
      words.addLayer(),
      () => change([...hiddenLayers, last]),
      !editable || depth >= most,
    ),
  ];
  if (fixed.layers) for (const each of made) grey(each, whyFixed, say);
  return [make("span", {}, words.layersTitle()), made[0], make("b", {}, String(depth)), made[1]];
}
