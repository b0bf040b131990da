import { homedir, tmpdir } from "node:os";
import { posix, win32 } from "node:path";

/** Folders in which named data sets are kept, one sub-folder for each set. */
export interface DataFolders {
  /** The user's own collection, looked in first and never written to: `UNLABELED_DATA`. */
  readonly data?: string;
  /** Where downloads are kept. */
  readonly cache: string;
}

/**
 * The folders of this user: `UNLABELED_DATA`, and `UNLABELED_CACHE` or else the usual cache folder of the system
 * (`$XDG_CACHE_HOME/unlabeled` or `~/.cache/unlabeled`; on macOS `~/Library/Caches/unlabeled`; on Windows
 * `%LOCALAPPDATA%\unlabeled\cache`). Where the user has no home folder, that of temporary files stands in for it.
 */
export function dataFolders(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  system: string = process.platform,
  home: string = homeFolder(),
): DataFolders {
  // An empty variable counts as one that is not set.
  const data = environment.UNLABELED_DATA || undefined;
  const cache = environment.UNLABELED_CACHE || usualCache(environment, system, home || tmpdir());
  return data === undefined ? { cache } : { data, cache };
}

/** "" where there is none: `HOME` is empty, or it is not set and the system does not know the user (containers). */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return "";
  }
}

function usualCache(
  environment: Readonly<Record<string, string | undefined>>,
  system: string,
  home: string,
): string {
  if (system === "win32") {
    const local = environment.LOCALAPPDATA || win32.join(home, "AppData", "Local");
    return win32.join(local, "unlabeled", "cache");
  }
  if (system === "darwin") return posix.join(home, "Library", "Caches", "unlabeled");
  // The XDG specification says that a relative path there is to be ignored.
  const given = environment.XDG_CACHE_HOME ?? "";
  return posix.join(posix.isAbsolute(given) ? given : posix.join(home, ".cache"), "unlabeled");
}
