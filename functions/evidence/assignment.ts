/**
 * The one-to-one assignment of rows to columns with the greatest total gain (Hungarian algorithm with potentials,
 * O(rows² × columns); Kuhn 1955, Munkres 1957). A row whose gains are all 0 or less may stay unassigned.
 * @param gains rows × columns, all rows equally long
 * @returns the column of each row, or null
 */
export function bestAssignment(gains: ReadonlyArray<readonly number[]>): Array<number | null> {
  const rows = gains.length;
  const real = gains[0]?.length ?? 0;
  // Each row also has a column of its own without any gain: an unassigned row goes there.
  const columns = real + rows;
  const cost = (row: number, column: number) => -Math.max(0, column < real ? (gains[row]?.[column] ?? 0) : 0);
  // Rows and columns count from 1, because 0 is the algorithm's sentinel.
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(columns + 1);
    const done = new Uint8Array(columns + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      done[column] = 1;
      const current = rowOf[column] ?? 0;
      let step = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let other = 1; other <= columns; other++) {
        if (done[other]) continue;
        const reduced = cost(current - 1, other - 1) - at(rowPotential, current) - at(columnPotential, other);
        if (reduced < at(slack, other)) {
          slack[other] = reduced;
          from[other] = column;
        }
        if (at(slack, other) < step) {
          step = at(slack, other);
          next = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (done[other]) {
          rowPotential[rowOf[other] ?? 0] = at(rowPotential, rowOf[other] ?? 0) + step;
          columnPotential[other] = at(columnPotential, other) - step;
        } else slack[other] = at(slack, other) - step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const previous = from[column] ?? 0;
      rowOf[column] = rowOf[previous] ?? 0;
      column = previous;
    }
  }
  const assigned: Array<number | null> = gains.map(() => null);
  for (let column = 1; column <= real; column++) {
    const row = (rowOf[column] ?? 0) - 1;
    if ((gains[row]?.[column - 1] ?? 0) > 0) assigned[row] = column - 1;
  }
  return assigned;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
