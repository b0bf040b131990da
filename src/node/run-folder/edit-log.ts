/**
 * `edits.jsonl`: what people did to the clusters of a run, one edit a line, only ever appended to.
 *
 * The first line says to which run the log belongs: `{"format":"unlabeled-edits","version":1,"clusters":10,"images":70000,
 * "labels":"<digest of the clusters that the run found>","digest":"..."}`. Each further one is `{"entry":1,"at":"<ISO date>",
 * "edit":{...},"digest":"..."}`, where `digest` is the SHA-256, its first 16 hexadecimal digits, of the digest of the line
 * before and of the line's text up to its own digest. So a line that was changed, lost or put elsewhere shows.
 *
 * A line counts once its line end is on the disk. A program that is killed, or loses its power, while it writes leaves
 * at most a last line without one (or, on some file systems, one in which zeros stand): readers leave it out, and the next
 * append cuts it off. Damage anywhere else is an error that names the line.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  type EditEntry,
  isName,
  isNotes,
  nameRule,
  notesRule,
  type ResolvedEdit,
} from "../../edits/index.ts";
import { FormatError } from "../../errors.ts";
import { systemCode, withFile } from "../files.ts";

/** Name of the file in a run folder. */
export const EDITS_FILE = "edits.jsonl";

const FORMAT = "unlabeled-edits";
const FORMAT_VERSION = 1;

/** The run that a log belongs to. */
export interface LoggedRun {
  readonly clusters: number;
  /** Cluster of each image, as the run found it. */
  readonly labels: Int32Array;
}

/** A log, as its file holds it. */
export interface EditLog {
  readonly entries: readonly EditEntry[];
  /** Bytes that hold whole lines; what follows is the rest of one that was never finished. */
  readonly bytes: number;
  /** Whether there is such a rest. */
  readonly torn: boolean;
  /** Digest of the last whole line; "" before the first. */
  readonly digest: string;
}

const cluster = z.int().min(0);
const numbers = z.array(z.number());
const name = z.string().refine(isName, { error: `must be ${nameRule}` });
const notes = z.string().refine(isNotes, { error: `must be ${notesRule}` });

const editSchema: z.ZodType<ResolvedEdit> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rename"),
    cluster,
    name: name.nullable(),
    notes: notes.nullable(),
    from: z.literal("clusters.json").exactOptional(),
  }),
  z.object({ kind: z.literal("merge"), clusters: z.array(cluster), into: cluster }),
  z.object({
    kind: z.literal("split"),
    cluster,
    by: z.enum(["k-means", "mixture"]),
    parts: z.array(
      z.object({
        cluster,
        images: z.array(cluster),
        center: numbers,
        factor: numbers.exactOptional(),
        bias: z.number().exactOptional(),
      }),
    ),
  }),
  z.object({ kind: z.literal("move"), images: z.array(cluster), to: cluster }),
  z.object({ kind: z.literal("undo") }),
  z.object({ kind: z.literal("redo") }),
]);

const lineSchema = z.object({ entry: z.int().min(1), at: z.iso.datetime(), edit: editSchema });

const headSchema = z.object({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  clusters: z.int().min(1),
  images: z.int().min(0),
  labels: z.string(),
});

const emptyLog: EditLog = { entries: [], bytes: 0, torn: false, digest: "" };

/**
 * Reads the log of a run folder; undefined where there is none.
 *
 * @throws {FormatError} naming the first line that is damaged, or if the log belongs to another run
 * @throws {InputError} if the file is there and cannot be read
 */
export async function readEditLog(folder: string, run: LoggedRun): Promise<EditLog | undefined> {
  const file = join(folder, EDITS_FILE);
  const remedy = "Check your right to read it.";
  const bytes = await withFile({ where: "readEdits", path: file, must: "readable", remedy }, async () => {
    try {
      return await readFile(file);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
  return bytes && parseEditLog(bytes, file, run);
}

/**
 * A log from the bytes of its file.
 *
 * @param file its name, for messages
 * @throws {FormatError} as {@link readEditLog}
 */
function parseEditLog(bytes: Uint8Array, file: string, run: LoggedRun): EditLog {
  const end = wholeLines(bytes);
  const lines = new TextDecoder().decode(bytes.subarray(0, end)).split("\n").slice(0, -1);
  const torn = end < bytes.length;
  const [head, ...rest] = lines;
  if (head === undefined) return { ...emptyLog, torn };
  let digest = checkedDigest(head, "", file, 1);
  checkHead(parsedLine(head, headSchema, file, 1), file, run);
  const entries = rest.map((line, i): EditEntry => {
    digest = checkedDigest(line, digest, file, i + 2);
    const { entry, at, edit } = parsedLine(line, lineSchema, file, i + 2);
    if (entry !== i + 1) throw damaged(file, i + 2, `entry ${i + 1}`, `entry ${entry}`);
    return { at, edit };
  });
  return { entries, bytes: end, torn, digest };
}

/** Where the last whole line ends: the rest was never finished. */
function wholeLines(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end === 0) return 0;
  const start = end === 1 ? 0 : bytes.lastIndexOf(0x0a, end - 2) + 1;
  // Blocks of a line that did not reach the disk before the power went; no line of ours holds zeros.
  return bytes.subarray(start, end).includes(0) ? start : end;
}

const digestPattern = /^(.*),"digest":"([0-9a-f]{16})"\}$/s;

function checkedDigest(line: string, before: string, file: string, number: number): string {
  const [, text = "", found] = digestPattern.exec(line) ?? [];
  const expected = digestOf(before, text);
  if (found === expected) return expected;
  const got = found === undefined ? "none" : `"${found}"`;
  throw damaged(file, number, `a digest that fits it and the line before, "${expected}"`, got);
}

function parsedLine<T>(line: string, schema: z.ZodType<T>, file: string, number: number): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw damaged(file, number, "JSON", "text that is not JSON");
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw damaged(
    file,
    number,
    `what the format "${FORMAT}" says`,
    `a fault in ${issue?.path.map(String).join(".") || "its content"}: ${issue?.message}`,
  );
}

function checkHead(head: z.infer<typeof headSchema>, file: string, run: LoggedRun): void {
  if (head.version > FORMAT_VERSION) {
    throw new FormatError(
      `readEdits: "${file}" must have a format version of at most ${FORMAT_VERSION}; got ${head.version}. A newer version of unlabeled wrote it: update this one.`,
    );
  }
  const { clusters, images, labels } = headOf(run);
  if (head.clusters === clusters && head.images === images && head.labels === labels) return;
  throw new FormatError(
    `readEdits: "${file}" must belong to the run beside it, ${images} images in ${clusters} clusters; got the edits of another one (${head.images} in ${head.clusters}). Move it back to its run.`,
  );
}

function damaged(file: string, line: number, rule: string, got: string): FormatError {
  return new FormatError(
    `readEdits: line ${line} of "${file}" must hold ${rule}; got ${got}. Restore the file from a copy, or keep its first ${line - 1} lines: what was done after them is lost then.`,
  );
}

function headOf({ clusters, labels }: LoggedRun): { clusters: number; images: number; labels: string } {
  const digest = createHash("sha256").update(Int32Array.from(labels)).digest("hex").slice(0, 16);
  return { clusters, images: labels.length, labels: digest };
}

function digestOf(before: string, text: string): string {
  return createHash("sha256").update(before).update(text).digest("hex").slice(0, 16);
}

/** The text of more lines, and of the first one if the log has none yet. */
function linesOf(log: EditLog, run: LoggedRun, entries: readonly EditEntry[]): string {
  let { digest } = log;
  let text = "";
  const add = (value: object): void => {
    const content = JSON.stringify(value).slice(0, -1);
    digest = digestOf(digest, content);
    text += `${content},"digest":"${digest}"}\n`;
  };
  if (log.bytes === 0) add({ format: FORMAT, version: FORMAT_VERSION, ...headOf(run) });
  entries.forEach(({ at, edit }, i) => {
    add({ entry: log.entries.length + i + 1, at, edit });
  });
  return text;
}

/**
 * Appends entries to a log that was just read; they are on the disk when this returns. The caller holds the lock.
 *
 * @param log as the file holds it now; undefined if there is none
 * @throws {InputError} if the file cannot be written, and it is as it was then
 */
export async function appendEdits(
  folder: string,
  run: LoggedRun,
  log: EditLog | undefined,
  entries: readonly EditEntry[],
): Promise<void> {
  const file = join(folder, EDITS_FILE);
  const before = log ?? emptyLog;
  const remedy =
    "Edits are kept beside run.json: make room, or the folder writable, or edit a copy of the run.";
  await withFile({ where: "appendEdits", path: file, must: "writable", remedy }, async () => {
    const handle = await open(file, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o666);
    try {
      if (before.torn) await handle.truncate(before.bytes);
      await appendWhole(handle, linesOf(before, run, entries), before.bytes);
    } finally {
      await handle.close();
    }
    if (!log) await syncFolder(folder);
  });
}

async function appendWhole(handle: FileHandle, text: string, length: number): Promise<void> {
  try {
    await handle.appendFile(text);
    await handle.sync();
  } catch (error) {
    await handle.truncate(length).catch(() => {}); // what is left would be cut off by the next append
    throw error;
  }
}

/** So that the name of a new file outlives a power cut; systems that cannot do it for folders do it by themselves. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
