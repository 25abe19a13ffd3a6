/** One name: which features it has, by index, and whether it is visible. */
export interface Example {
  readonly features: readonly number[];
  readonly visible: boolean;
}

/**
 * The weights of a logistic regression without a common intercept, by Newton's method.
 * @param ridge for each feature, the strength that pulls its weight to 0: as many cases as `4 × ridge` at even odds
 */
export function fitLogistic(examples: readonly Example[], ridge: readonly number[]): number[] {
  const count = ridge.length;
  let weights = ridge.map(() => 0);
  for (let step = 0; step < 30; step++) {
    const gradient = weights.map((weight, index) => (ridge[index] ?? 0) * weight);
    const curvature = ridge.map((strength, row) => ridge.map((_, column) => (row === column ? strength : 0)));
    for (const { features, visible } of examples) {
      const chance = logistic(features.reduce((sum, feature) => sum + (weights[feature] ?? 0), 0));
      for (const feature of features) {
        gradient[feature] = (gradient[feature] ?? 0) + chance - Number(visible);
        const row = curvature[feature] ?? [];
        for (const other of features) row[other] = (row[other] ?? 0) + chance * (1 - chance);
      }
    }
    const change = solve(curvature, gradient);
    weights = weights.map((weight, index) => weight - (change[index] ?? 0));
    if (Math.max(...change.map(Math.abs)) < 1e-9) break;
  }
  return weights.slice(0, count);
}

export function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

/** Solve a system of linear equations whose matrix is positive definite (Gaussian elimination). */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  for (const [pivot, pivotRow] of rows.entries()) {
    for (const row of rows.slice(pivot + 1)) {
      const factor = (row[pivot] ?? 0) / (pivotRow[pivot] ?? 1);
      for (let column = pivot; column < row.length; column++)
        row[column] = (row[column] ?? 0) - factor * (pivotRow[column] ?? 0);
    }
  }
  const result = right.map(() => 0);
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index] ?? [];
    const known = result.reduce((sum, value, column) => (column > index ? sum + value * (row[column] ?? 0) : sum), 0);
    result[index] = ((row.at(-1) ?? 0) - known) / (row[index] ?? 1);
  }
  return result;
}
