// A curve that is drawn by hand: a value at each of 41 positions, equally spaced over the epochs.

/**
 * @typedef {(number | null)[]} Samples null where nothing has been drawn
 * @typedef {{x: number, y: number}} Position x: 0 is the first sample, 40 the last; y: a value
 */

export const COUNT = 41;
const MOST_STEPS = 100; // that can be undone

/** @returns {Samples} */
export const nothing = () => Array.from({ length: COUNT }, () => null);

/** @param {number} value to what can be seen of it */
const rounded = (value) => Math.round(value * 1e4) / 1e4;

/** @param {number} x */
export const nearest = (x) => Math.min(Math.max(Math.round(x), 0), COUNT - 1);

/**
 * The curve after a straight stroke over it: each sample that it passes takes its height. A stroke
 * too short to pass one moves the nearest.
 *
 * @param {Samples} samples
 * @param {Position} from
 * @param {Position} to
 * @returns {Samples}
 */
export function stroked(samples, from, to) {
  const made = [...samples];
  const [low, high] = from.x <= to.x ? [from.x, to.x] : [to.x, from.x];
  const [first, last] = [Math.max(Math.ceil(low), 0), Math.min(Math.floor(high), COUNT - 1)];
  if (first > last) made[nearest(to.x)] = rounded(to.y);
  for (let i = first; i <= last; i++) {
    const share = to.x === from.x ? 1 : (i - from.x) / (to.x - from.x);
    made[i] = rounded(from.y + share * (to.y - from.y));
  }
  return made;
}

/**
 * The curve with one sample moved. What was drawn closer to it than `reach` is left to be
 * interpolated: a single sample that moves alone would be a spike.
 *
 * @param {Samples} samples
 * @param {number} index
 * @param {number | null} value null takes it away
 * @param {number} reach
 * @returns {Samples}
 */
export function moved(samples, index, value, reach) {
  return samples.map((old, i) => {
    if (i === index) return value === null ? null : rounded(value);
    return Math.abs(i - index) < reach ? null : old;
  });
}

/**
 * All 41 values: between drawn samples on a straight line, beyond the first and last as there.
 *
 * @param {Samples} samples
 * @returns {number[] | null} null if nothing has been drawn
 */
export function filled(samples) {
  /** @type {{i: number, value: number}[]} */
  const drawn = [];
  samples.forEach((value, i) => value !== null && drawn.push({ i, value }));
  if (!drawn.length) return null;
  return samples.map((value, i) => {
    if (value !== null) return value;
    const after = drawn.find((one) => one.i > i);
    const before = drawn.findLast((one) => one.i < i);
    if (!after || !before) return /** @type {{value: number}} */ (after ?? before).value;
    const share = (i - before.i) / (after.i - before.i);
    return rounded(before.value + share * (after.value - before.value));
  });
}

/**
 * What has been drawn, piece by piece: each a run of samples beside each other.
 *
 * @param {Samples} samples
 * @returns {[index: number, value: number][][]}
 */
export function pieces(samples) {
  /** @type {[number, number][][]} */
  const found = [];
  samples.forEach((value, i) => {
    if (value === null) return;
    if (i > 0 && samples[i - 1] !== null) found[found.length - 1].push([i, value]);
    else found.push([[i, value]]);
  });
  return found;
}

/** A curve, what it was before, and what was undone. */
export class History {
  /** @param {Samples} samples */
  constructor(samples) {
    this.now = samples;
    /** @type {Samples[]} */
    this.past = [];
    /** @type {Samples[]} */
    this.future = [];
  }

  /** From here on changes are one step, until this is called again. */
  begin() {
    this.past = [...this.past, this.now].slice(-MOST_STEPS);
    this.future = [];
  }

  /** @returns {boolean} whether there was anything to undo */
  undo() {
    return this.step(this.past, this.future);
  }

  /** @returns {boolean} whether there was anything to bring back */
  redo() {
    return this.step(this.future, this.past);
  }

  /**
   * @param {Samples[]} from
   * @param {Samples[]} to
   */
  step(from, to) {
    const found = from.pop();
    if (!found) return false;
    to.push(this.now);
    this.now = found;
    return true;
  }

  /** @returns {boolean} whether there was anything to take away */
  clear() {
    if (this.now.every((value) => value === null)) return false;
    this.begin();
    this.now = nothing();
    return true;
  }
}
