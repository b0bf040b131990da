/**
 * V8 counts what lies outside its heap, such as pixels, but lets tens of MiB of it pile up before it looks what is still
 * used; a stream makes little else, and took 1.7 times the memory that it needs. So it says itself when there is much to
 * sweep up, which takes some 20 ms. (Sweeping young objects alone was not enough: pixels grow old while they are used.)
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Gives back the memory of what is not used any more; does nothing where this V8 does not let us. */
export function tidy(): void {
  collect ??= collector();
  collect();
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("globalThis.gc");
  return typeof found === "function" ? () => found() : () => {};
}
