/** What all estimators share: how a long call reports, is cancelled, and finds its threads. */
import { CancelledError } from "./errors.ts";
import type { Compute } from "./kernels/index.ts";

/** How a call runs, apart from what it computes: nothing here changes a result. */
export interface RunContext<Step = never> {
  /** Receives each step as it is finished. */
  readonly onProgress?: ((step: Step) => void) | undefined;
  /** Cancels the call, which then throws {@link CancelledError}. */
  readonly signal?: AbortSignal | undefined;
  /** Threads to compute on; without it, all cores, shared by all calls that name none. */
  readonly compute?: Compute | undefined;
}

/** Runs an algorithm's steps to their end, reporting each, and gives what it returns. */
export async function drain<Step, Result>(
  steps: AsyncGenerator<Step, Result, void>,
  onProgress?: (step: Step) => void,
): Promise<Result> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    onProgress?.(next.value);
  }
}

/** @throws {CancelledError} if the caller has cancelled */
export function throwIfCancelled(where: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError(`${where}: cancelled by the caller.`);
}
