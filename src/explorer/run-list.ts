/** Which runs the explorer may show, and what they are called in addresses. */
import { basename, relative, resolve, sep } from "node:path";
import type { MetricName, RunRecord } from "../experiment/index.ts";
import { listRuns } from "../node/index.ts";
import type { RunEntry } from "./protocol.ts";

/** A run that may be shown. */
export interface KnownRun {
  readonly entry: RunEntry;
  readonly folder: string;
}

/** Scores that a list shows. */
const shownScores: readonly MetricName[] = ["accuracy", "purity", "nmi", "ari", "silhouette"];

/**
 * The id of a run: its path with everything but letters, digits, `-`, `_` and `.` written as `~` and two hexadecimal digits
 * for each byte. No two paths have the same id, and no id means anything to the parser of an address.
 */
export function runId(path: string): string {
  const id = [...new TextEncoder().encode(path)]
    .map((byte, i) => {
      const letter = String.fromCharCode(byte);
      const plain = i === 0 ? /[A-Za-z0-9_-]/ : /[A-Za-z0-9_.-]/;
      return plain.test(letter) ? letter : `~${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
  return id === "" ? "~" : id;
}

/** What a list says of a run. */
export function runEntry(id: string, name: string, record: RunRecord): RunEntry {
  const { method, seed, clusters, source, scored = source, metrics, environment } = record;
  const scores = shownScores.flatMap((score) => {
    const value = metrics[score];
    return value === undefined || !Number.isFinite(value) ? [] : [[score, value] as const];
  });
  return {
    ...{ id, name, method, seed, clusters },
    source: scored.name,
    count: scored.count,
    startedAt: environment.createdAt,
    digest: scored.sha256,
    scores: Object.fromEntries(scores),
  };
}

/** What was found. */
interface FoundRuns {
  readonly runs: readonly RunEntry[];
  /** The run that was named. */
  readonly first: string | null;
}

/** The runs in a folder and, where one was named, that one or those below it; found anew whenever they are asked for. */
export class RunList {
  /** The runs as they were last found, by id. */
  private known: ReadonlyMap<string, KnownRun> = new Map();
  private looking: Promise<FoundRuns> | undefined;
  private readonly runsFolder: string;
  private readonly named: string | undefined;

  /** @param named the run, or the comparison, that the user named */
  constructor(runsFolder: string, named: string | undefined) {
    this.runsFolder = runsFolder;
    this.named = named;
  }

  /** Looks again; the newest first. Those who ask while it looks are told the same. */
  refresh(): Promise<FoundRuns> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async look(): Promise<FoundRuns> {
    const found = new Map<string, KnownRun>();
    // A folder of runs that is not there holds none: it appears with the first run.
    const inFolder = await listRuns(this.runsFolder).catch(() => []);
    for (const { path, record } of inFolder) {
      if (!record) continue;
      const name = slashed(relative(this.runsFolder, path));
      const id = runId(name);
      found.set(id, { folder: path, entry: runEntry(id, name || basename(resolve(path)), record) });
    }
    let first: string | null = null;
    for (const { path, record } of this.named === undefined ? [] : await listRuns(this.named)) {
      if (!record) continue;
      const inside = [...found.values()].find(({ folder }) => resolve(folder) === resolve(path));
      const name = slashed(path);
      const id = inside?.entry.id ?? runId(slashed(resolve(path)));
      if (!inside) found.set(id, { folder: path, entry: runEntry(id, name, record) });
      first ??= id;
    }
    this.known = found;
    const runs = [...found.values()].map(({ entry }) => entry);
    return { runs: runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)), first };
  }

  /** A run by its id; undefined where there is none. Only what was found can be had: ids are never made into paths. */
  async find(id: string): Promise<KnownRun | undefined> {
    const known = this.known.get(id);
    if (known) return known;
    await this.refresh();
    return this.known.get(id);
  }
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
