// The test images that excite a neuron most, asked for when somebody looks at it for a moment.

import { bytes } from "./portrait.js";

/**
 * @typedef {import("./client.js").Source} Source
 * @typedef {{index: number, label: number, value: number, pixels: Uint8Array}} Exciting
 * @typedef {object} Neuron
 * @property {Source} source
 * @property {number | null} epoch null for the newest
 * @property {number} newest the newest epoch that can be shown
 * @property {number} layer the first hidden one is 0
 * @property {number} neuron
 */

const WAIT_MS = 250;
const MOST_KEPT = 200;

/** @param {Neuron} looked */
export function address({ source, epoch, layer, neuron }) {
  const query = new URLSearchParams(source.kind === "settings" ? source.query : "");
  if (source.kind === "run" && epoch !== null) query.set("epoch", String(epoch));
  query.set("layer", String(layer));
  query.set("neuron", String(neuron));
  const path = source.kind === "run" ? `/api/runs/${source.id}/exciting` : "/api/exciting";
  return `${path}?${query}`;
}

export class Excitement {
  /** @param {() => void} onCome called when what was missing has come */
  constructor(onCome) {
    this.onCome = onCome;
    /** @type {Map<string, Exciting[]>} */
    this.known = new Map();
    this.wanted = "";
    this.timer = 0;
  }

  /**
   * What excites a neuron, if it is there; else it is asked for, and comes.
   *
   * @param {Neuron} looked
   * @returns {Exciting[] | undefined}
   */
  of(looked) {
    const from = address(looked);
    const key = `${looked.epoch === null ? looked.newest : ""} ${from}`;
    const found = this.known.get(key);
    if (!found && this.wanted !== key) {
      clearTimeout(this.timer);
      this.wanted = key;
      this.timer = window.setTimeout(() => this.ask(key, from), WAIT_MS);
    }
    return found;
  }

  /** Nobody looks at a neuron any more. */
  leave() {
    clearTimeout(this.timer);
    this.wanted = "";
  }

  /** @param {string} key @param {string} from */
  async ask(key, from) {
    try {
      const response = await fetch(from);
      const found = response.ok ? await response.json() : [];
      if (this.known.size >= MOST_KEPT) this.known.clear();
      this.known.set(
        key,
        found.map((/** @type {any} */ one) => ({ ...one, pixels: bytes(one.pixels) })),
      );
      this.onCome();
    } catch {
      // Without a connection the numbers stand there alone; looking again asks again.
    } finally {
      if (this.wanted === key) this.wanted = "";
    }
  }
}
