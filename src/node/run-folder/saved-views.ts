/** Pictures of views that people kept with a run, for its report: one file, written whole or not at all. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { createWhole } from "../create-whole.ts";
import { readRunFile } from "./file-errors.ts";
import { jsonText } from "./json-text.ts";

/** Kept views of a run, in its folder. */
export const SAVED_VIEWS_FILE = "saved-views.json";

// As many and as large as a report can hold that a browser still opens.
/** Most kept views of one run. */
export const MOST_SAVED_VIEWS = 24;
/** Most bytes of a kept view's PNG. */
export const MOST_VIEW_BYTES = 4_194_304;
const MOST_VIEW_SIDE = 8192; // pixels
/** Most UTF-16 units of a kept view's caption. */
export const LONGEST_CAPTION = 2000;

/** A view that somebody kept. */
export interface SavedView {
  /** Counts up; never given twice in one run. */
  readonly id: number;
  /** When, ISO 8601. */
  readonly at: string;
  /** What the person wrote; may be empty. */
  readonly caption: string;
  /** What it is of: the explorer's address behind `#`. */
  readonly address: string;
  /** The picture: PNG in base64. */
  readonly png: string;
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
}

const schema = z.object({
  format: z.literal("unlabeled-saved-views"),
  formatVersion: z.literal(1),
  next: z.int().min(0),
  views: z.array(
    z.object({
      id: z.int().min(0),
      at: z.string(),
      caption: z.string().max(LONGEST_CAPTION),
      address: z.string(),
      png: z.base64(),
      width: z.int().min(1),
      height: z.int().min(1),
    }),
  ),
});

/** All kept views of a run, oldest first. */
export interface SavedViews {
  /** The number that the next one gets. */
  readonly next: number;
  readonly views: readonly SavedView[];
}

/**
 * The views of a run, the oldest first; none where there is no file.
 *
 * @throws {FormatError} if the file is damaged
 */
export async function readSavedViews(folder: string): Promise<SavedViews> {
  const file = join(folder, SAVED_VIEWS_FILE);
  const bytes = await readRunFile(file);
  if (!bytes) return { next: 0, views: [] };
  try {
    const { next, views } = schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { next, views };
  } catch (cause) {
    throw new FormatError(
      `readSavedViews: "${file}" must hold saved views of version 1; got something else. Delete it, or put it back as it was.`,
      { cause },
    );
  }
}

/**
 * Writes the views of a run in place of those that it had, whole or not at all.
 *
 * @throws {InputError} if the folder cannot be written
 */
export async function writeSavedViews(folder: string, { next, views }: SavedViews): Promise<void> {
  try {
    await createWhole(folder, async (partial) => {
      await writeFile(partial, jsonText({ format: "unlabeled-saved-views", formatVersion: 1, next, views }), {
        flush: true,
      });
      return SAVED_VIEWS_FILE;
    });
  } catch (cause) {
    throw new InputError(
      `writeSavedViews: "${folder}" must be a folder that can be written; got ${(cause as Error).message}.`,
      { cause },
    );
  }
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const keptChunks = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/**
 * A PNG without all that is not its picture (texts, times, whatever stands behind its end). It is not decoded: what a picture
 * claims to hold is never unpacked here.
 *
 * @throws {OptionError} if it is none, or too large
 */
export function cleanPng(png: Uint8Array): {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
} {
  const rule = `saved view: the picture must be a PNG of at most ${MOST_VIEW_BYTES} bytes and ${MOST_VIEW_SIDE} pixels a side`;
  if (png.length > MOST_VIEW_BYTES) throw new OptionError(`${rule}; got ${png.length} bytes.`);
  const isPng = signature.every((byte, i) => png[i] === byte);
  if (!isPng) throw new OptionError(`${rule}; got something else.`);
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const kept: Uint8Array[] = [png.subarray(0, 8)];
  let [width, height] = [0, 0];
  let at = 8;
  let ended = false;
  while (!ended) {
    const length = at + 12 <= png.length ? view.getUint32(at) : png.length;
    if (at + 12 + length > png.length) throw new OptionError(`${rule}; got one that is cut.`);
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const chunk = png.subarray(at, at + 12 + length);
    if (crc32(chunk.subarray(4, 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw new OptionError(`${rule}; got one that is damaged.`);
    }
    if ((name === "IHDR") !== (at === 8) || (name === "IHDR" && length !== 13)) {
      throw new OptionError(`${rule}; got one without a beginning.`);
    }
    if (name === "IHDR") [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (keptChunks.has(name)) kept.push(chunk);
    ended = name === "IEND";
    at += 12 + length;
  }
  if (Math.min(width, height) < 1 || Math.max(width, height) > MOST_VIEW_SIDE) {
    throw new OptionError(`${rule}; got ${width} x ${height}.`);
  }
  const out = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of kept) {
    out.set(part, to);
    to += part.length;
  }
  return { png: out, width, height };
}

/** Writes the report of a run anew; the file is replaced in one step. */
export async function writeReport(folder: string, html: string): Promise<void> {
  await createWhole(folder, async (partial) => {
    await writeFile(partial, html, { flush: true });
    return "report.html";
  });
}
