// What the live board says: functions of the newest data of each kind of event.

import { percent, plural, spoken, t } from "../common/translate.js";

/** @typedef {Partial<import("./events.d.ts").Data>} Newest data of each kind of event */

export const connectionLost = () => t("Connection lost, trying again…");
export const noSuchRun = () => t("There is no such run.");
export const chartsNotLoaded = () => t("The charts could not be loaded. Please reload the page.");

/** @param {number} number */
const whole = (number) => Math.round(number).toLocaleString(spoken());

/** @param {number} number */
export const exact = (number) => number.toFixed(4);

/**
 * How many percentage points there are more or fewer than in the run before.
 *
 * @param {number | null} [share] now
 * @param {number | null} [before]
 */
export function change(share, before) {
  if (share == null || before == null) return "";
  const points = (100 * (share - before)).toFixed(1);
  const signed = Number(points) < 0 ? `−${points.slice(1)}` : `+${Number(points).toFixed(1)}`;
  return t("{signed} vs last run", { signed });
}

/** @param {number} seconds */
function timeLeft(seconds) {
  if (seconds < 1) return t("less than a second left");
  if (seconds < 90) return t("about {seconds} s left", { seconds: Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return t("about {minutes} min left", { minutes });
  const hours = Math.floor(minutes / 60);
  return t("about {hours} h {minutes} min left", { hours, minutes: minutes % 60 });
}

/**
 * How far the run is, and how fast.
 *
 * @param {Newest} newest
 * @param {number} epochs of the whole run
 * @param {boolean} ended
 */
export function pace({ status, progress, epoch, threshold }, epochs, ended) {
  const count = whole(epochs);
  if (ended) {
    const done = epoch?.epoch ?? 0;
    const finished = plural(
      "{done} of {count} epoch finished",
      "{done} of {count} epochs finished",
      epochs,
      { done: whole(done), count },
    );
    if (threshold?.epoch !== done || done >= epochs) return finished;
    const others = plural(
      "The threshold of {threshold} ended it: Go on trains the other one.",
      "The threshold of {threshold} ended it: Go on trains the other {count}.",
      epochs - done,
      { threshold: percent(threshold.threshold), count: whole(epochs - done) },
    );
    return `${finished}. ${others}`;
  }
  if (!progress) {
    const left = epochs - (epoch?.epoch ?? 0); // a run may go on from another one's epoch
    return plural("{count} epoch to go", "{count} epochs to go", left, { count: whole(left) });
  }
  const { step, steps } = progress;
  const running = Math.round(progress.epoch - step / steps) + 1;
  const words = [
    t("Epoch {epoch} of {epochs}", { epoch: running, epochs: count }),
    t("step {step} of {steps}", { step: whole(step), steps: whole(steps) }),
  ];
  if (status?.status === "Running") {
    const { images_per_second: speed, seconds_left: left } = progress;
    if (speed !== null) words.push(imagesPerSecond(Number(speed.toPrecision(3))));
    if (left !== null) words.push(timeLeft(left));
  }
  return words.join(" · ");
}

/** @param {number} speed */
function imagesPerSecond(speed) {
  const count = whole(speed);
  return plural("{count} image per second", "{count} images per second", speed, { count });
}

/**
 * The most common mistake; a count of 0 if there is none.
 *
 * @param {number[][]} confusion rows are true labels, columns predicted ones
 */
export function worstMistake(confusion) {
  let worst = { count: 0, truth: 0, predicted: 1 };
  confusion.forEach((row, truth) =>
    row.forEach((count, predicted) => {
      if (truth !== predicted && count > worst.count) worst = { count, truth, predicted };
    }),
  );
  return worst;
}

/**
 * What a confusion matrix says.
 *
 * @param {number[][]} confusion rows are true labels, columns predicted ones
 * @param {string[]} labels
 */
function describeMatrix(confusion, labels) {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const worst = worstMistake(confusion);
  const values = { right: whole(right), total: whole(total) };
  if (!worst.count) return t("{right} of {total} right.", values);
  return t("{right} of {total} right; most often mistaken: {truth} called {predicted} ({count}).", {
    ...values,
    truth: labels[worst.truth],
    predicted: labels[worst.predicted],
    count: whole(worst.count),
  });
}

/**
 * The caption of each chart, by its name.
 *
 * @param {Newest} newest
 * @param {string[]} labels
 * @param {{loss: string, accuracy: string}} [trends] what the curves have done since the first epoch
 * @returns {Record<string, string>}
 */
export function captions({ epoch, threshold, test, pinned }, labels, trends) {
  const passedAt = threshold && passed(threshold);
  return {
    loss: joined(lossCaption(epoch), trends?.loss),
    accuracy: joined(accuracyCaption(epoch), trends?.accuracy, passedAt),
    "step-loss": t(
      "The loss of every step. Small batches wander, for each sees other images; " +
        "a full batch goes calmly. Where many steps meet, the least and the greatest are drawn.",
    ),
    confusion: confusionCaption(epoch, labels),
    pinned: pinnedCaption(pinned, labels),
    "test-confusion": test
      ? t("Test images: {matrix}", { matrix: describeMatrix(test.confusion, labels) })
      : "",
  };
}

/** @param {(string | undefined)[]} sentences */
const joined = (...sentences) => sentences.filter(Boolean).join(" ");

/** @param {{epoch: number}} threshold */
export const passed = ({ epoch }) => t("Threshold passed after epoch {epoch}.", { epoch });

/**
 * What is said when a run has ended, without being asked for.
 *
 * @param {string} status in the visitor's language
 * @param {Newest} newest
 */
export function hasEnded(status, { epoch, test }) {
  return joined(
    t("The run has ended: {status}.", { status }),
    epoch &&
      t("Validation accuracy after epoch {epoch}: {accuracy}.", {
        epoch: epoch.epoch,
        accuracy: percent(epoch.val_accuracy),
      }),
    test && t("Test accuracy: {accuracy}.", { accuracy: percent(test.accuracy) }),
  );
}

/** @param {string} title of the chart */
export const matrixName = (title) =>
  t("{title}: rows are true labels, columns predicted labels", { title });

/**
 * What is said of an epoch on a curve: all that stands there, the two lines first.
 *
 * @param {string} chart
 * @param {import("../common/points.js").Stop} stop
 * @param {import("../common/points.js").Stop[]} all
 */
export function atEpoch(chart, { position, values }, all) {
  const written = chart === "loss" ? exact : percent;
  const [training, validation] = values.map(({ value }) => written(Number(value)));
  const said = { epoch: position, epochs: all[all.length - 1].position, training, validation };
  const more = values.slice(2).map(({ name, value }) => `${name} ${written(Number(value))}`);
  const sentence =
    chart === "loss"
      ? t("Epoch {epoch} of {epochs}: training loss {training}, validation loss {validation}", said)
      : t(
          "Epoch {epoch} of {epochs}: training accuracy {training}, validation accuracy {validation}",
          said,
        );
  return [sentence, ...more].join(", ");
}

/**
 * What the chart of published results says.
 *
 * @param {string} results which ones there are
 * @param {import("./events.d.ts").Evaluation} [test] of this run
 */
export function published(results, test) {
  if (!test) return results;
  return `${results} ${t("This run: {percent}.", { percent: percent(test.accuracy) })}`;
}

/** @param {import("./events.d.ts").EpochEnd | undefined} epoch */
function lossCaption(epoch) {
  if (!epoch) return t("The loss, how wrong the network is: it should fall.");
  return t(
    "Loss of epoch {epoch}: {training} on training images, the mean while the weights changed; " +
      "{validation} on validation images, at its end.",
    { epoch: epoch.epoch, training: exact(epoch.loss), validation: exact(epoch.val_loss) },
  );
}

/** @param {import("./events.d.ts").EpochEnd | undefined} epoch */
function accuracyCaption(epoch) {
  if (!epoch) return t("The accuracy, the share of images called right: it should rise.");
  return t(
    "Accuracy of epoch {epoch}: {training} on training images, the mean while the weights " +
      "changed; {validation} on validation images, at its end.",
    {
      epoch: epoch.epoch,
      training: percent(epoch.accuracy),
      validation: percent(epoch.val_accuracy),
    },
  );
}

/**
 * @param {import("./events.d.ts").EpochEnd | undefined} epoch
 * @param {string[]} labels
 */
function confusionCaption(epoch, labels) {
  if (!epoch) return t("What each kind of validation image is called, from the first epoch on.");
  const matrix = describeMatrix(epoch.confusion, labels);
  return t("Validation images after epoch {epoch}: {matrix}", { epoch: epoch.epoch, matrix });
}

/**
 * @param {import("./events.d.ts").PinnedPrediction | undefined} pinned
 * @param {string[]} labels
 */
function pinnedCaption(pinned, labels) {
  if (!pinned) {
    return t("What the network makes of your pinned drawing, from before the first epoch on.");
  }
  const sure = Math.max(...pinned.probabilities);
  const label = labels[pinned.probabilities.indexOf(sure)];
  const values = { label, percent: whole(100 * sure), epoch: pinned.epoch };
  return pinned.epoch
    ? t("After epoch {epoch}: {label} ({percent} %).", values)
    : t("Before training: {label} ({percent} %).", values);
}

export const sealed = () => t("Sealed");
