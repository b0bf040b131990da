/** Soft assignments and targets as the papers' formulas say them, in plain numbers, for tests. */

export function plainAssignments(
  codes: readonly (readonly number[])[],
  centers: readonly (readonly number[])[],
): number[][] {
  return codes.map((z) => {
    const kernels = centers.map((m) => 1 / (1 + squared(z, m)));
    const total = kernels.reduce((sum, kernel) => sum + kernel, 0);
    return kernels.map((kernel) => kernel / total);
  });
}

export function plainTargets(q: readonly (readonly number[])[]): number[][] {
  const sizes = q[0].map((_, j) => q.reduce((sum, row) => sum + row[j], 0));
  return q.map((row) => {
    const weights = row.map((value, j) => value ** 2 / sizes[j]);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
}

/** KL(P || Q), mean over rows. */
export function plainDivergence(
  p: readonly (readonly number[])[],
  q: readonly (readonly number[])[],
): number {
  const rows = p.map((row, i) =>
    row.reduce((sum, value, j) => sum + (value === 0 ? 0 : value * Math.log(value / q[i][j])), 0),
  );
  return rows.reduce((sum, value) => sum + value, 0) / p.length;
}

function squared(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, c) => sum + (value - b[c]) ** 2, 0);
}
