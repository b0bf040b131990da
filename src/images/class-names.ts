/**
 * Labels out of the names of classes.
 *
 * @param classes of each item its class, or null where it is not known
 * @returns `labels` index `classNames`, which are sorted: as numbers where all are numbers, else by code units; -1 for
 *   null. Undefined where no class is known.
 */
export function labelsFromClasses(
  classes: readonly (string | null)[],
): { readonly labels: Int32Array; readonly classNames: readonly string[] } | undefined {
  const names = new Set(classes);
  names.delete(null);
  if (names.size === 0) return undefined;
  const classNames = sortedNames([...names] as string[]);
  const indices = new Map<string | null, number>(classNames.map((name, i) => [name, i]));
  return { labels: Int32Array.from(classes, (name) => indices.get(name) ?? -1), classNames };
}

function sortedNames(names: readonly string[]): string[] {
  const byUnits = [...names].sort();
  const areNumbers = byUnits.every((name) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(name));
  return areNumbers ? byUnits.sort((a, b) => Number(a) - Number(b)) : byUnits;
}
