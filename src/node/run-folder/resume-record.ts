/** `resume.json`: what an interrupted command needs to begin again where it stood. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import { jsonText } from "./json-text.ts";
import { parseRecord } from "./parse-record.ts";

/** Commands that can be resumed. */
const resumableCommands = ["cluster", "compare", "elbow"] as const;

/** What the command was asked, and on what. */
export interface ResumeRecord {
  readonly command: (typeof resumableCommands)[number];
  /** All settings, by the names of the command's options. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The `<source>` argument. */
  readonly source: string;
  /** Digests of what was opened, by what it is for. */
  readonly sha256: SourceDigests;
  /** Version of the program that began. */
  readonly unlabeled: string;
}

/** Digests of the images to cluster, to score, and to take the validation loss on; and of the user's own network. */
export interface SourceDigests {
  readonly source: string;
  readonly score?: string;
  readonly validation?: string;
  readonly encoder?: string;
}

const FORMAT = "unlabeled-resume";
const FORMAT_VERSION = 1;

const schema = z.object({
  command: z.enum(resumableCommands),
  settings: z.record(z.string(), z.unknown()),
  source: z.string(),
  sha256: z.object({
    source: z.string(),
    score: z.string().exactOptional(),
    validation: z.string().exactOptional(),
    encoder: z.string().exactOptional(),
  }),
  unlabeled: z.string(),
  digest: z.string(),
});

/** The text of the file. */
export function resumeText(record: ResumeRecord): string {
  return jsonText({
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    ...record,
    digest: digestOf(record),
  });
}

/**
 * Reads the text of the file.
 *
 * @param file its name, for messages
 * @throws {FormatError} if it does not follow the format, or was changed since it was written
 */
export function parseResume(text: string, file: string): ResumeRecord {
  const expected = { where: "resume", file, format: FORMAT, formatVersion: FORMAT_VERSION, schema };
  const { digest, ...record } = parseRecord(text, expected);
  if (digestOf(record) === digest) return record;
  throw new FormatError(
    `resume: "${file}" must be as it was written; got content that does not fit its digest. Begin anew with --force.`,
  );
}

/** The same for the same values, whatever the order of their names. */
function digestOf(record: ResumeRecord): string {
  const { command, settings, source, sha256, unlabeled } = record;
  const text = JSON.stringify([command, sorted(settings), source, sorted({ ...sha256 }), unlabeled]);
  return createHash("sha256").update(text).digest("hex");
}

function sorted(record: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
