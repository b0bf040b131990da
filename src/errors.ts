/**
 * The five ways in which a call can fail. Every message follows one pattern:
 * `<where>: <what> must be <rule>; got <value>.`, and then the remedy where one is known.
 */

/** Root of all errors that this package throws on purpose. */
export class UnlabeledError extends Error {
  override readonly name: string = "UnlabeledError";
}

/** An option has a value outside its range, or does not exist. */
export class OptionError extends UnlabeledError {
  override readonly name = "OptionError";
}

/** Samples, images or labels that no computation can use: wrong shape, NaN, empty. */
export class InputError extends UnlabeledError {
  override readonly name = "InputError";
}

/** The content of a file or stream does not follow its format. */
export class FormatError extends UnlabeledError {
  override readonly name = "FormatError";
}

/** Arithmetic broke down, e.g. a covariance that is not positive definite. */
export class NumericalError extends UnlabeledError {
  override readonly name = "NumericalError";
}

/** The caller's `AbortSignal` fired. */
export class CancelledError extends UnlabeledError {
  override readonly name = "CancelledError";
}

/** What was thrown, in words: anything can be. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
