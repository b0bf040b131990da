import { readFile } from "node:fs/promises";
import { OptionError } from "../../errors.ts";
import { fileReason, systemCode, withFile } from "../files.ts";

const FULL = ["ENOSPC", "EDQUOT"];

/**
 * Runs a step that writes; where the operating system refuses, the error says why and what to do.
 *
 * @throws {OptionError} for a refusal; any other error as it is
 */
export async function writing<T>(where: string, path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    // What is missing is a folder above: the path itself is about to be made.
    const got = systemCode(error) === "ENOENT" ? "a folder above it that cannot be made" : reason;
    const full = FULL.includes(systemCode(error) ?? "");
    const remedy = `${full ? "Free some space, or choose" : "Choose"} another place with --out.`;
    throw new OptionError(`${where}: "${path}" must be writable; got ${got}. ${remedy}`, { cause: error });
  }
}

/**
 * Runs a step that reads; where the operating system refuses, the error says why.
 *
 * @throws {InputError} for a refusal; any other error as it is
 */
export function reading<T>(where: string, path: string, step: () => Promise<T>): Promise<T> {
  const remedy = "Check the name, or make the run again.";
  return withFile({ where, path, must: "a readable file", remedy }, step);
}

/**
 * Bytes of a file of a run folder; undefined if it is not there.
 *
 * @throws {InputError} if it is there and cannot be read
 */
export function readRunFile(path: string): Promise<Uint8Array | undefined> {
  return reading("readRun", path, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}
