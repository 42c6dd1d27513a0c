// What of a run is there to be heard: its trend until now, and the two things that are announced.

import { announce, prepare } from "../common/announce.js";
import { trend } from "./trend.js";
import { hasEnded, passed } from "./words.js";

/** @typedef {import("./events.d.ts").Event} Event */

export class Heard {
  /**
   * @param {Record<string, string>} statuses in the visitor's language
   * @param {string[]} ended the statuses of a run that has ended
   * @param {boolean} over whether the run has ended already: nothing of it is announced then
   */
  constructor(statuses, ended, over) {
    this.statuses = statuses;
    this.ended = ended;
    this.over = over;
    /** @type {import("./trend.js").Epoch[]} */
    this.past = [];
    this.trends = { loss: "", accuracy: "" };
    prepare();
  }

  /**
   * @param {Event} event
   * @param {import("./words.js").Newest} newest of each kind, this event among them
   */
  take({ kind, data }, newest) {
    if (kind === "epoch") {
      this.past.push(data);
      this.trends = { loss: trend(this.past, "loss"), accuracy: trend(this.past, "accuracy") };
    }
    if (this.over) return;
    if (kind === "threshold") announce(passed(data));
    if (kind === "status" && this.ended.includes(data.status)) {
      this.over = true;
      announce(hasEnded(this.statuses[data.status], newest));
    }
  }
}
