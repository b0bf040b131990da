/**
 * The class of each image of a folder or archive: the first folder of its path, if every image lies in some folder and
 * there are at least two such folders.
 *
 * @param names paths with `/`, relative to the source
 * @returns undefined where the folders are no classes
 */
export function classFolders(names: readonly string[]): readonly string[] | undefined {
  const classes: string[] = [];
  for (const name of names) {
    const end = name.indexOf("/");
    if (end < 1) return undefined;
    classes.push(name.slice(0, end));
  }
  return new Set(classes).size < 2 ? undefined : classes;
}

/**
 * Which items a limit leaves, in their order: the first ones, or with classes the first ones of each, as evenly as their
 * sizes allow; where it does not come out even, the first classes have one more.
 *
 * @param limit in 0..count
 */
export function limitedItems(
  count: number,
  limit: number,
  classes: readonly (string | null)[] | undefined,
): readonly number[] {
  if (!classes) return Array.from({ length: limit }, (_, i) => i);
  const members = new Map<string | null, number[]>();
  for (let i = 0; i < count; i++) {
    const name = classes[i] ?? null;
    const list = members.get(name);
    if (list) list.push(i);
    else members.set(name, [i]);
  }
  const taken: number[] = [];
  for (let round = 0; taken.length < limit; round++) {
    for (const list of members.values()) {
      const item = list[round];
      if (item !== undefined && taken.length < limit) taken.push(item);
    }
  }
  return taken.sort((a, b) => a - b);
}
