/** What becomes of errors of standard output and standard error. */

/** As failure.ts has it, which is not loaded until something fails. */
const UNWRITABLE = 2;

/**
 * Turns errors of the standard streams into one line and an exit code. What standard error cannot take is dropped:
 * there is no other place to say it (its terminal may be gone). A reader of standard output that has seen enough (head,
 * less) is no fault.
 */
export function watchStandardStreams(
  out: NodeJS.WritableStream,
  error: NodeJS.WritableStream,
  setExitCode: (exitCode: number) => void,
): void {
  error.on("error", () => {});
  out.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") return;
    setExitCode(UNWRITABLE);
    error.write(`unlabeled: standard output must be writable; got "${message}". Send it to another place.\n`);
  });
}
