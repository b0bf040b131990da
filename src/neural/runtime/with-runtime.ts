import { openRuntime } from "./open.ts";
import type { Runtime } from "./runtime.ts";

/** Runs with the given runtime, or with one that is opened and closed around the call. */
export async function withRuntime<Result>(
  given: Runtime | undefined,
  use: (runtime: Runtime) => Promise<Result>,
): Promise<Result> {
  if (given) return use(given);
  const runtime = await openRuntime();
  try {
    return await use(runtime);
  } finally {
    runtime.close();
  }
}
