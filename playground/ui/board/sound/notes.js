// What a run sounds like: the loss is the pitch, an epoch is a tick, and what ends a run is a chord.

/**
 * @typedef {import("../events.d.ts").Event} Event
 * @typedef {import("../events.d.ts").Status} Status
 * @typedef {object} Sound
 * @property {"note" | "tick" | "chord"} kind
 * @property {number[]} pitches in Hz, lowest first; a chord's are heard one after the other
 */

// Three octaves that small loudspeakers have and nobody minds.
export const LOWEST = 165; // Hz
export const HIGHEST = 1320;
// The losses that they stand for: a network that guesses among ten labels has 2.3.
const LEAST_LOSS = 0.05;
const GREATEST_LOSS = 5;

const TICK = [2400];
const PASSED = [523.25, 659.25, 783.99, 1046.5]; // C major, up
const FINISHED = [392, 523.25, 659.25]; // the same chord at rest
const ENDED = [261.63, 392]; // no third: neither glad nor sad
const FAILED = [220, 261.63, 329.63]; // A minor

/**
 * The pitch of a loss: as far from the next as the losses are in proportion.
 *
 * @param {number} loss
 * @returns {number} in Hz; a loss that is no number is as bad as can be
 */
export function pitch(loss) {
  if (!Number.isFinite(loss)) return HIGHEST;
  const within = Math.min(Math.max(loss, LEAST_LOSS), GREATEST_LOSS);
  const share = Math.log(within / LEAST_LOSS) / Math.log(GREATEST_LOSS / LEAST_LOSS);
  return LOWEST * (HIGHEST / LOWEST) ** share;
}

/**
 * What an event sounds like; null if it is silent.
 *
 * @param {Event} event
 * @param {Status[]} ended the statuses of a run that has ended
 * @returns {Sound | null}
 */
export function soundOf({ kind, data }, ended) {
  if (kind === "progress") return { kind: "note", pitches: [pitch(data.loss)] };
  if (kind === "epoch") return { kind: "tick", pitches: TICK };
  if (kind === "threshold") return { kind: "chord", pitches: PASSED };
  if (kind !== "status" || !ended.includes(data.status)) return null;
  if (data.status === "Finished") return { kind: "chord", pitches: FINISHED };
  return { kind: "chord", pitches: data.status === "Failed" ? FAILED : ENDED };
}

/**
 * What is heard of sounds that come at once: every chord, of all others the newest of its kind.
 *
 * @param {Sound[]} sounds
 */
export function thinned(sounds) {
  return sounds.filter(
    ({ kind }, i) => kind === "chord" || i === sounds.findLastIndex((other) => other.kind === kind),
  );
}

const SLACK = 2; // seconds

/**
 * Tells events that happen now from those that are told again. The clocks of worker and browser may
 * differ: what counts is by how much, which is the same for all that happens now.
 */
export class Freshness {
  constructor() {
    this.lag = Infinity; // seconds from an event's time to now, by the browser's clock
    this.fresh = false; // the newest event that says its time
  }

  /**
   * @param {Event[]} events that came together; the first ones are never fresh
   * @param {number} now in seconds
   * @returns {Event[]} those that happen now; one without a time is as fresh as the one before it
   */
  of(events, now) {
    let least = this.lag;
    const found = events.filter(({ data }) => {
      const time = "time" in data ? data.time : null;
      if (time == null) return this.fresh;
      const lag = now - time;
      least = Math.min(least, lag);
      this.fresh = Math.abs(lag - this.lag) <= SLACK;
      return this.fresh;
    });
    this.lag = least;
    return found;
  }
}
