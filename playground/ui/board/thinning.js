// A line of many points, thinned out so that it shows the same in a chart.

/**
 * Keep the least and the greatest point of each span of x, as playground/figures/thinning.py does;
 * in place, since frames that wait to be drawn hold these arrays.
 *
 * @param {{x: (number | null)[], y: (number | null)[]}} trace rising in x; points without an x go
 * @param {number} most so many points are the most that remain, about two thirds as many
 */
export function thin({ x, y }, most) {
  const width = 2 ** Math.ceil(Math.log2((3 * Number(x.at(-1))) / most));
  /** @type {Map<number, [least: number, greatest: number]>} */
  const spans = new Map();
  const value = (/** @type {number} */ i) => Number(y[i]);
  x.forEach((at, i) => {
    if (at === null) return;
    const span = Math.floor(at / width);
    const [least, greatest] = spans.get(span) ?? [i, i];
    spans.set(span, [
      value(i) < value(least) ? i : least,
      value(i) > value(greatest) ? i : greatest,
    ]);
  });
  const kept = [...spans.values()].flatMap((ends) => [...new Set(ends)].sort((a, b) => a - b));
  for (const values of [x, y]) values.splice(0, values.length, ...kept.map((i) => values[i]));
}
