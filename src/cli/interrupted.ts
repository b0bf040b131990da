/** What becomes of a command's folder when the command does not come to its end, and how it is found again. */
import { CancelledError, NumericalError } from "../errors.ts";
import { type InterruptedFolder, type OutputFolder, type ResumeRecord, shellWord } from "../node/index.ts";
import type { Effects } from "./effects.ts";
import { InterruptedError } from "./interrupted-error.ts";

/** A command that was interrupted and goes on. */
export interface Interrupted {
  readonly folder: InterruptedFolder;
  readonly record: ResumeRecord;
}

/**
 * Leaves an output folder for `resume`, where there is something to go on with.
 *
 * @param error what ended the command
 * @param resumed whether the command had been resumed itself: what it found stays in any case
 * @returns the error to tell
 */
export async function leaveForResume(
  output: OutputFolder,
  error: unknown,
  resumed: boolean,
  effects: Effects,
): Promise<unknown> {
  try {
    if ((await output.work.read("resume")) === undefined) return error;
    // From where training stood it would only fail again.
    if (error instanceof NumericalError) await output.work.remove("training");
    const cancelled = error instanceof CancelledError;
    if (!cancelled && !resumed && !(await output.holdsWork())) return error;
    output.leave();
    if (error instanceof NumericalError) {
      effects.warn(
        `unlabeled: what was done before is kept in ${shellWord(output.partial)}. Going on from it with the same settings would fail again: run the command anew with other settings and --force, or another --out.`,
      );
      return error;
    }
    if (cancelled) return new InterruptedError(resumeCommand(output.partial), error);
    effects.warn(`unlabeled: what is done so far is kept. Resume with: ${resumeCommand(output.partial)}`);
    return error;
  } catch {
    return error; // the folder itself may be what failed
  }
}

function resumeCommand(partial: string): string {
  return `unlabeled resume ${shellWord(partial)}`;
}
