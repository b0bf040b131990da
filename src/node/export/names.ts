/** Names of files and folders that every system takes, and that lead nowhere else. */

/** Most characters of a name that comes from the user or the source; file systems take 255 bytes. */
const MOST = 60;

/**
 * Folder of a cluster: its number with leading zeros, so that folders sort, and its name, else `cluster-<number>`:
 * `03-boots`, `03-cluster-03`.
 */
export function clusterFolder(cluster: number, nClusters: number, name: string | undefined): string {
  const number = String(cluster).padStart(Math.max(2, String(nClusters - 1).length), "0");
  const words = safeName(name ?? "");
  return `${number}-${words === "" ? `cluster-${number}` : words}`;
}

/** The text as a part of a name: letters and digits of any language, and `. _ + -`; others become `-`. */
function safeName(text: string): string {
  const safe = text.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}._+-]+/gu, "-");
  return [...safe]
    .slice(0, MOST)
    .join("")
    .replace(/^[.-]+|[.-]+$/g, "");
}

/**
 * One name for each path, all different even where capitals do not count: the path's parts joined by `__`
 * (`a/b/1.png` becomes `a__b__1.png`), without `.` and `..`, in characters that every file system takes; of a name longer
 * than 100 characters its end is kept. A name that an earlier path has is followed by `~2`, `~3`, ... before its extension.
 *
 * @param extension replaces that of every path, with its dot
 */
export function flatNames(paths: readonly string[], extension?: string): readonly string[] {
  const taken = new Map<string, number>();
  return paths.map((path) => {
    const flat = path
      .split(/[/\\]+/)
      .filter((part) => part !== "" && part !== "." && part !== "..")
      .join("__")
      .normalize("NFC")
      .replace(/[^\p{L}\p{M}\p{N}._+ -]+/gu, "-");
    const dot = flat.lastIndexOf(".");
    const own = dot > 0 && flat.length - dot <= 12 ? flat.slice(dot).replace(/[ .]+$/, "") : "";
    const stem = (own === "" ? flat : flat.slice(0, dot)).replace(/[ .]+$/, "");
    const short =
      [...stem]
        .slice(-100)
        .join("")
        .replace(/^[ .-]+/, "") || "image";
    const end = extension ?? own;
    const key = `${short}${end}`.toLowerCase();
    const before = taken.get(key) ?? 0;
    taken.set(key, before + 1);
    return before === 0 ? `${short}${end}` : `${short}~${before + 1}${end}`; // no path keeps a `~` of its own
  });
}
