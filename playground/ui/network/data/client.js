// Portraits from the server: where they are asked for, and one request at a time.

/**
 * @typedef {{kind: "run", id: string} | {kind: "settings", query: string}} Source
 * @typedef {object} Wanted
 * @property {number | null} epoch null for the newest
 * @property {string} item as the routes read it
 * @property {number[][]} shown the neurons of each hidden layer; empty to have them chosen
 *
 * @typedef {object} Answer
 * @property {import("../live.js").Portrait} portrait
 * @property {{index: number | null, label: number | null, pixels: string}} item
 * @property {number[]} epochs that can be shown
 * @property {number} scale
 * @property {number} offset
 * @property {number[][]} [order] of the neurons of each hidden layer, where they were chosen
 * @property {number[]} [faces] the indices of the ten faces
 * @property {string} [pictures] of the ten faces and the ten typical items
 */

/** @param {Source} source */
export const nameOf = (source) => (source.kind === "run" ? `run ${source.id}` : source.query);

/**
 * @param {Source} source
 * @param {Wanted} wanted
 */
export function address(source, { epoch, item, shown }) {
  const query = new URLSearchParams(source.kind === "settings" ? source.query : "");
  if (source.kind === "run" && epoch !== null) query.set("epoch", String(epoch));
  query.set("item", item);
  if (shown.length) query.set("shown", shown.map((layer) => layer.join(",")).join(";"));
  const path = source.kind === "run" ? `/api/runs/${source.id}/portrait` : "/api/portrait";
  return `${path}?${query}`;
}

export class Unavailable extends Error {}

/**
 * @param {Source} source
 * @param {Wanted} wanted
 * @returns {Promise<Answer>}
 */
export async function ask(source, wanted) {
  const response = await fetch(address(source, wanted));
  if (!response.ok) throw new Unavailable(await response.text());
  return response.json();
}

/** Does one thing after the other; of those that wait, only the newest. */
export class OneByOne {
  constructor() {
    this.busy = false;
    /** @type {(() => Promise<void>) | undefined} */
    this.next = undefined;
  }

  /** @param {() => Promise<void>} action */
  async run(action) {
    this.next = action;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.next) {
        const now = this.next;
        this.next = undefined;
        await now();
      }
    } finally {
      this.busy = false;
    }
  }
}
