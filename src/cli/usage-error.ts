import { UnlabeledError } from "../errors.ts";

/** The command line cannot be understood. */
export class UsageError extends UnlabeledError {
  override readonly name = "UsageError";
}
