/** What a failed command says, and the exit code that it ends with. */
import { CancelledError, messageOf, UnlabeledError } from "../errors.ts";
import { InterruptedError } from "./interrupted-error.ts";

/** Exit codes; relied on by scripts. */
const exitCodes = { done: 0, fault: 1, usage: 2, cancelled: 130 } as const;

export interface Failure {
  /** For standard error, without its last line end. */
  readonly text: string;
  readonly exitCode: number;
}

/**
 * A user's mistake takes one line; so does a fault of ours, unless its stack is asked for.
 *
 * @param debug shows the stack, with all causes
 * @param command that was given, e.g. `cluster`
 */
export function describeFailure(error: unknown, debug: boolean, command?: string): Failure {
  if (error instanceof CancelledError) {
    const resume = error instanceof InterruptedError ? ` Resume with: ${error.resume}` : "";
    const text = debug ? stackOf(error) : "unlabeled: cancelled.";
    return { text: `${text}${resume}`, exitCode: exitCodes.cancelled };
  }
  if (debug) return { text: stackOf(error), exitCode: exitCodeOf(error) };
  if (error instanceof UnlabeledError) {
    const text =
      command === undefined ? error.message : `unlabeled ${command}: ${withoutPlace(error.message)}`;
    return { text: oneLine(text), exitCode: exitCodes.usage };
  }
  const message = messageOf(error);
  return {
    text: `unlabeled: a fault of the program: ${oneLine(message)} Run it again with --debug, and report what it shows.`,
    exitCode: exitCodes.fault,
  };
}

/** A message without the function of the library that it begins with, or the command: who reads it typed a command. */
export function withoutPlace(message: string): string {
  return message.replace(/^(?:unlabeled [a-z ]+|[a-z]\w*(?:\.\w+)?): /, "");
}

function exitCodeOf(error: unknown): number {
  return error instanceof UnlabeledError ? exitCodes.usage : exitCodes.fault;
}

/** File names may hold line ends and control characters, which must not reach a terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}
