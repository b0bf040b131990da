import { CancelledError } from "../errors.ts";

/** The user has cancelled, and can go on later. */
export class InterruptedError extends CancelledError {
  /** The command that goes on. */
  readonly resume: string;

  constructor(resume: string, cause: unknown) {
    super("unlabeled: cancelled.", { cause });
    this.resume = resume;
  }
}
