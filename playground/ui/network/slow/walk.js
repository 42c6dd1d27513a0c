// Where somebody stands in slow motion: which step, which mini-batches, and what the losses were.

/** @typedef {"forward" | "loss" | "backward" | "update"} StepName */

/** @type {StepName[]} */
export const STEPS = ["forward", "loss", "backward", "update"];
export const MOST_IMAGES = 8;
const TEST_IMAGES = 10000;

export class Walk {
  /**
   * @param {number} image the test image to begin with
   * @param {number[] | null} [only] the test images that may be shown; null for all
   */
  constructor(image, only = null) {
    this.only = only;
    this.start = only ? Math.max(0, only.indexOf(image)) : image;
    this.count = 1;
    /** @type {StepName} */
    this.step = "forward";
    this.look = 0;
    /** @type {number[][]} mini-batches of the updates that are done */
    this.done = [];
    /** @type {(number | null)[]} the loss before each of these */
    this.losses = [];
  }

  /** The test images of the present mini-batch. */
  batch() {
    const { only } = this;
    return Array.from({ length: this.count }, (_, i) => {
      const index = (this.start + i) % this.images;
      return only ? only[index] : index;
    });
  }

  /** How many test images there are to walk through. */
  get images() {
    return this.only?.length ?? TEST_IMAGES;
  }

  batches() {
    return [...this.done, this.batch()];
  }

  /** @param {number} by 1 or -1; whether there was such a step */
  go(by) {
    const next = STEPS[STEPS.indexOf(this.step) + by];
    if (next) this.step = next;
    return Boolean(next);
  }

  /** @param {number} count of images, whatever was typed */
  resize(count) {
    this.count = Math.min(Math.max(1, Math.round(count) || 1), MOST_IMAGES);
    this.look = Math.min(this.look, this.count - 1);
  }

  /**
   * Update the weights with the present mini-batch.
   *
   * @param {number | null} loss of it before
   * @param {boolean} next whether the next mini-batch follows
   */
  apply(loss, next) {
    this.done.push(this.batch());
    this.losses.push(loss);
    if (next) {
      this.start = (this.start + this.count) % this.images;
      this.look = 0;
    }
  }

  /** Back to the weights of before. */
  reset() {
    [this.done, this.losses] = [[], []];
  }
}
