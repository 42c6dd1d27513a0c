// A row of the table of runs, and how an event of its run changes it.

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} given its name
 * @property {string} note
 * @property {string} origin which run it goes on from, if any
 * @property {boolean} own whether the visitor owns it
 * @property {string} owner who owns it, in words; empty if the visitor does
 * @property {boolean} starred
 * @property {string[]} settings the values of those that differ
 * @property {number[]} accuracies validation accuracy after each epoch, 0 to 1
 * @property {number | null} accuracy training accuracy of the last epoch, 0 to 1
 * @property {number | null} testAccuracy 0 to 1
 * @property {boolean} sealed whether it has no test result: its class has one in an envelope
 * @property {number} epochs finished ones
 * @property {number} allEpochs
 * @property {number} seconds
 * @property {string} status
 * @property {string} reason
 * @property {string} started
 * @property {number} [progress] epochs done, also parts of one
 */

/**
 * The row after an event; hearing an epoch twice changes nothing.
 *
 * @param {Row} row
 * @param {{kind: string, data: any}} event
 * @returns {Row}
 */
export function applied(row, { kind, data }) {
  switch (kind) {
    case "status":
      return { ...row, status: data.status, reason: data.reason };
    case "progress":
      return { ...row, progress: data.epoch };
    case "epoch":
      if (data.epoch <= row.epochs) return row;
      return {
        ...row,
        epochs: data.epoch,
        seconds: row.seconds + data.seconds,
        accuracy: data.accuracy,
        accuracies: [...row.accuracies, data.val_accuracy],
      };
    case "test":
      return { ...row, testAccuracy: data.accuracy };
    default:
      return row;
  }
}
