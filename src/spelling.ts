/**
 * The word that a person probably meant: restricted Damerau-Levenshtein distance, where an insertion, a deletion, a
 * substitution and a swap of two neighbours each cost 1 (Damerau 1964; Wagner and Lowrance 1975).
 */

/** Least number of single-character edits and swaps of neighbours that turn `a` into `b`. Time O(a x b). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const substituted = at(last, j - 1) + (same ? 0 : 1);
      let cost = Math.min(at(last, j) + 1, at(current, j - 1) + 1, substituted);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

/**
 * The nearest of the known words, the first among equals; null when none is near enough to be meant.
 *
 * A word is near enough when at most a third of the longer one, and at least one character, had to change. Upper and
 * lower case count as the same.
 */
export function nearestSpelling(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, with its leading space, or nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestSpelling(word, known);
  return nearest === null ? "" : ` Did you mean "${nearest}"?`;
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
