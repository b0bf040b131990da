/** Where `assign` writes to: a file that appears whole or not at all, or standard output. */
import { extname } from "node:path";
import type { SkippedFile } from "../images/index.ts";
import { type AssignmentFormat, createOutputFile, type OutputFile, skippedCsv } from "../node/index.ts";
import type { AssignSettings } from "./command-settings.ts";
import type { Effects } from "./effects.ts";
import { UsageError } from "./usage-error.ts";

/** What stands for standard output. */
const STANDARD_OUTPUT = "-";

const extensions: ReadonlyMap<string, AssignmentFormat> = new Map([
  [".parquet", "parquet"],
  [".pq", "parquet"],
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
]);

/** A place and a format. */
export interface AssignmentTarget {
  /** Path of the file; `-` for standard output. */
  readonly path: string;
  readonly format: AssignmentFormat;
}

/**
 * The place and the format that the settings ask for.
 *
 * @param name default name of the file, without its extension
 * @throws {UsageError} for what standard output cannot take
 */
export function assignmentTarget(
  { out, format, json }: Pick<AssignSettings, "out" | "format" | "json">,
  name: string,
): AssignmentTarget {
  const chosen = format ?? extensions.get(extname(out ?? "").toLowerCase()) ?? "csv";
  const path = out ?? `${name}.${chosen}`;
  if (path === STANDARD_OUTPUT && chosen === "parquet") {
    throw new UsageError(
      "unlabeled assign: --out must be a file for --format parquet; got -, standard output. Name a file, or take --format csv or jsonl.",
    );
  }
  if (path === STANDARD_OUTPUT && json) {
    throw new UsageError(
      "unlabeled assign: --out must be a file with --json, which prints one document and nothing else; got -.",
    );
  }
  return { path, format: chosen };
}

/** What assignments are written to. */
export interface AssignmentSink {
  /** @returns false when nobody reads any more */
  write(content: string | Uint8Array): Promise<boolean>;
  /** Moves all into place; files that could not be read are listed beside it. Returns the path of that list. */
  commit(skipped: readonly SkippedFile[]): Promise<string | undefined>;
  /** Takes back what was begun; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Opens the place; everything that would keep it from being written shows here, before any work is done.
 *
 * @throws {OptionError} if a file exists (without `force`) or cannot be written
 */
export async function openSink(path: string, force: boolean, effects: Effects): Promise<AssignmentSink> {
  if (path === STANDARD_OUTPUT) return standardOutput(effects);
  const output = await createOutputFile(path, { force });
  let list: OutputFile;
  try {
    list = await createOutputFile(`${path}.skipped.csv`, { force });
  } catch (error) {
    await output.discard();
    throw error;
  }
  return {
    async write(content) {
      await output.write(content);
      return true;
    },
    async commit(skipped) {
      // The list first: whoever sees the assignments then sees what is not among them.
      if (skipped.length > 0) await list.commit(skippedCsv(skipped));
      await output.commit();
      return skipped.length > 0 ? list.path : undefined;
    },
    async discard() {
      await list.discard();
      await output.discard();
    },
  };
}

function standardOutput(effects: Effects): AssignmentSink {
  return {
    async write(content) {
      effects.write(typeof content === "string" ? content : new TextDecoder().decode(content));
      return effects.drained();
    },
    commit: async () => undefined,
    discard: async () => {},
  };
}
