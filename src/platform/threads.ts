import { OptionError } from "../errors.ts";
import type { Platform } from "./platform.ts";

/** Most threads of one pool of kernels, or of one runtime; more than any machine of today can use. */
const maxThreads = 256;

/**
 * Threads that a call gets.
 *
 * @param wanted integer in 1..256; default one for each core
 * @throws {OptionError} for a number out of range
 */
export function threadsOf(
  where: string,
  { hardwareThreads }: Pick<Platform, "hardwareThreads">,
  wanted: number = Math.min(hardwareThreads, maxThreads),
): number {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > maxThreads) {
    throw new OptionError(`${where}: threads must be an integer in 1..${maxThreads}; got ${wanted}.`);
  }
  return wanted;
}
