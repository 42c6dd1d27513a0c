// What the live board says: pure functions of the newest data of each kind of event.

/**
 * @typedef {Record<string, any>} Newest data of each kind of event
 */

export const CONNECTION_LOST = "Connection lost, trying again…";
export const CHARTS_NOT_LOADED = "The charts could not be loaded. Please reload the page.";

/** @param {number} number */
const whole = (number) => Math.round(number).toLocaleString("en-US");

/** @param {number} number */
export const exact = (number) => number.toFixed(4);

/** @param {number} seconds */
function timeLeft(seconds) {
  if (seconds < 1) return "less than a second left";
  if (seconds < 90) return `about ${Math.round(seconds)} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} min left`;
  return `about ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/**
 * How far the run is, and how fast.
 *
 * @param {Newest} newest
 * @param {number} epochs of the whole run
 * @param {boolean} ended
 */
export function pace({ status, progress, epoch }, epochs, ended) {
  if (ended) return `${whole(epoch?.epoch ?? 0)} of ${whole(epochs)} epochs finished`;
  if (!progress) return `${whole(epochs)} epochs to go`;
  const { step, steps } = progress;
  const running = Math.round(progress.epoch - step / steps) + 1;
  const words = [`Epoch ${running} of ${whole(epochs)}`, `step ${whole(step)} of ${whole(steps)}`];
  if (status.status === "Running") {
    const speed = progress.images_per_second; // null until a second chunk is done
    if (speed != null) words.push(`${whole(Number(speed.toPrecision(3)))} images per second`);
    if (progress.seconds_left != null) words.push(timeLeft(progress.seconds_left));
  }
  return words.join(" · ");
}

/**
 * What a confusion matrix says.
 *
 * @param {number[][]} confusion rows are true labels, columns predicted ones
 * @param {string[]} labels
 */
function describeMatrix(confusion, labels) {
  let [right, total, most, worst] = [0, 0, 0, ""];
  confusion.forEach((row, truth) =>
    row.forEach((count, predicted) => {
      total += count;
      if (truth === predicted) right += count;
      else if (count > most) {
        most = count;
        worst = `; most often mistaken: ${labels[truth]} called ${labels[predicted]} (${whole(count)})`;
      }
    }),
  );
  return `${whole(right)} of ${whole(total)} right${worst}.`;
}

/**
 * The caption of each chart, by its name.
 *
 * @param {Newest} newest
 * @param {string[]} labels
 * @returns {Record<string, string>}
 */
export function captions({ epoch, threshold, test, pinned }, labels) {
  const said = {
    loss: "The loss, how wrong the network is: it should fall.",
    accuracy: "The accuracy, the share of images called right: it should rise.",
    "step-loss":
      "The loss of every step. Small batches wander, for each sees other images; " +
      "a full batch goes calmly. Where many steps meet, the least and the greatest are drawn.",
    confusion: "What each kind of validation image is called, from the first epoch on.",
    pinned: "What the network makes of your pinned drawing, from before the first epoch on.",
    "test-confusion": test ? `Test images: ${describeMatrix(test.confusion, labels)}` : "",
  };
  if (pinned) {
    const sure = Math.max(...pinned.probabilities);
    const label = labels[pinned.probabilities.indexOf(sure)];
    const when = pinned.epoch ? `After epoch ${pinned.epoch}` : "Before training";
    said.pinned = `${when}: ${label} (${whole(100 * sure)} %).`;
  }
  if (epoch) {
    const both = (
      /** @type {string} */ name,
      /** @type {number} */ training,
      /** @type {number} */ validation,
    ) =>
      `${name} of epoch ${epoch.epoch}: ${exact(training)} on training images, the mean while the ` +
      `weights changed; ${exact(validation)} on validation images, at its end.`;
    said.loss = both("Loss", epoch.loss, epoch.val_loss);
    said.accuracy = both("Accuracy", epoch.accuracy, epoch.val_accuracy);
    const called = describeMatrix(epoch.confusion, labels);
    said.confusion = `Validation images after epoch ${epoch.epoch}: ${called}`;
  }
  if (threshold) said.accuracy += ` Threshold passed after epoch ${threshold.epoch}.`;
  return said;
}
