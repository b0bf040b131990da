/** Makes one run for the explorer as `unlabeled cluster` makes it, and tells how it goes. */
import { CancelledError } from "../../errors.ts";
import type { RunEnd, RunNews } from "../../explorer/index.ts";
import type { ClusterSettings } from "../command-settings.ts";
import { clusterPlan } from "../commands/cluster.ts";
import type { Effects, ProgressLine } from "../effects.ts";
import { describeFailure } from "../failure.ts";
import { InterruptedError } from "../interrupted-error.ts";
import { runAll } from "../runs.ts";
import { freeFolder } from "./free-folder.ts";
import { type Gate, stoppableClock } from "./gate.ts";
import { NewsWatcher } from "./news-watcher.ts";

/** What a run for the explorer is told. */
export interface MakeOrder {
  readonly settings: ClusterSettings;
  /** Folder in which its own is made. */
  readonly runsFolder: string;
}

/** A line of progress that becomes news, until the run's own news begin. */
export function newsLine(tell: (news: RunNews) => void): ProgressLine {
  return { show: (text) => tell({ kind: "progress", text }), done: () => {} };
}

/**
 * Makes the run; throws nothing.
 *
 * @param effects whose signal cancels it
 */
export async function makeRun(
  { settings, runsFolder }: MakeOrder,
  { tell, gate }: { readonly tell: (news: RunNews) => void; readonly gate: Gate },
  effects: Effects,
): Promise<RunEnd> {
  const clock = stoppableClock(effects.now);
  const watcher = new NewsWatcher({ tell, gate, clock, now: effects.now, signal: effects.signal });
  let folder = "";
  let resume: string | null = null;
  const own: Effects = {
    ...effects,
    now: clock.now,
    write: () => {}, // the page shows the run
    progress: { show: () => {}, done: () => {} }, // the watcher tells more
    warn: (text) => {
      resume = /Resume with: (.+)$/.exec(text)?.[1] ?? resume;
      tell({ kind: "warning", text });
    },
  };
  tell({ kind: "progress", text: `Opening ${settings.source}` });
  try {
    const placeOf = async (name: string): Promise<string> => {
      folder = await freeFolder(runsFolder, name);
      return folder;
    };
    await runAll(settings, { ...clusterPlan(settings), placeOf, watcher }, own);
    return { kind: "done", folder };
  } catch (error) {
    if (error instanceof InterruptedError) return { kind: "cancelled", resume: error.resume };
    if (error instanceof CancelledError) return { kind: "cancelled", resume: null };
    return { kind: "failed", error: describeFailure(error, false, "cluster").text, resume };
  }
}
