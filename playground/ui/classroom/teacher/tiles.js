// A tile of the roster: what the teacher should know of a member, from the view.

/**
 * @typedef {object} Run
 * @property {string} id
 * @property {string} status
 * @property {boolean} failed
 * @property {boolean} ended
 * @property {number} epochs
 * @property {number} of all epochs
 * @property {number | null} accuracy
 * @property {number[]} val_accuracies
 * @typedef {object} Tile
 * @property {number} number
 * @property {string} name
 * @property {boolean} removed
 * @property {boolean} left
 * @property {boolean} here
 * @property {string | null} page path of the page on the screen
 * @property {number} since when, in seconds since 1970
 * @property {boolean} answered
 * @property {boolean} locked
 * @property {boolean} explained
 * @property {number} runs
 * @property {number} trained those with a finished epoch
 * @property {Run | null} run the newest
 * @typedef {object} At
 * @property {number} number
 * @property {"predict" | "run" | "explain" | "compare"} phase
 * @property {boolean} revealed
 * @property {boolean} sealed
 * @property {number} answered
 * @property {number} locked
 * @property {number} trained
 * @property {number} explained
 * @property {{locked: boolean}[]} answers
 * @property {{member: number}[]} words
 * @property {{count: number} | null} [drawings]
 * @property {any} activity
 * @property {any} reveal
 * @property {any} envelope
 * @typedef {object} View of the teacher, see playground/classroom/views/
 * @property {{id: string, name: string, ended: boolean}} class
 * @property {string} code
 * @property {boolean} curtain
 * @property {boolean} names_hidden
 * @property {number} count
 * @property {At | null} at
 * @property {Tile[]} roster
 * @property {{number: number, caption: string}[]} snapshots in the order in which they are shown
 * @property {number | null} presented
 * @property {{number: number}[]} openings
 * @property {Record<string, any>} locks
 * @typedef {"failed" | "no-answer" | "no-run" | "same-page"} Trouble
 */

// So long one may take, in seconds.
export const ANSWER_SECONDS = 120;
export const RUN_SECONDS = 180;
export const PAGE_SECONDS = 300;

/**
 * Why somebody may need help; null if nothing says so.
 *
 * @param {Tile} tile
 * @param {At | null} at
 * @param {number} now in seconds since 1970, by the server's clock
 * @returns {Trouble | null}
 */
export function trouble(tile, at, now) {
  if (tile.run?.failed) return "failed";
  if (!tile.here || !at || at.revealed || trains(tile)) return null;
  const waited = now - tile.since;
  const asked = Boolean(at.activity.prediction);
  if (asked && !tile.answered) return waited > ANSWER_SECONDS ? "no-answer" : null;
  if (at.phase !== "predict" && !tile.run) return waited > RUN_SECONDS ? "no-run" : null;
  const done = at.phase === "predict" ? tile.locked : tile.explained || !at.activity.question;
  return !done && waited > PAGE_SECONDS ? "same-page" : null;
}

/** @param {Tile} tile */
export const trains = ({ run }) => run !== null && !run.ended;

/** @param {Tile[]} roster those who take part */
export const present = (roster) => roster.filter(({ removed, left }) => !removed && !left);

/** @param {Run | null} run */
export const newest = (run) => run?.val_accuracies.at(-1) ?? null;

/**
 * What the levers beside the board show: while this stays, so do they.
 *
 * @param {View} view
 */
export function levers({ curtain, names_hidden, locks, at, openings, roster, snapshots, ...rest }) {
  return JSON.stringify([
    [rest.class.name, rest.class.ended, rest.code, rest.presented],
    [curtain, names_hidden, locks, openings.length],
    at && [at.number, at.phase, at.revealed, at.sealed, ...keepable(at)],
    roster.filter(trains).length,
    roster.map(({ number, name, removed, left, trained }) => [
      number,
      name,
      removed,
      left,
      trained,
    ]),
    snapshots.map(({ number, caption }) => [number, caption]),
  ]);
}

/**
 * How much there is to keep, beside runs.
 *
 * @param {At} at
 */
const keepable = ({ answers, words, drawings }) => [
  answers.filter(({ locked }) => locked).length,
  words.map(({ member }) => member),
  drawings?.count ?? 0,
];
