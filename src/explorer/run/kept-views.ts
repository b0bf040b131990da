/** Views that people keep with a run: a file in its folder, and the last section of its report. */
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { z } from "zod";
import { OptionError } from "../../errors.ts";
import {
  cleanPng,
  LONGEST_CAPTION,
  MOST_SAVED_VIEWS,
  MOST_VIEW_BYTES,
  readRunFile,
  readSavedViews,
  type SavedViews,
  writeReport,
  writeSavedViews,
} from "../../node/index.ts";
import { withSavedViews } from "../../report/index.ts";
import { asAsked } from "../body.ts";
import type { KeptViews, ViewRequest } from "../protocol.ts";
import { Refusal } from "../refusal.ts";

/** Bytes of a request that keeps a view, at most: its picture in base64, and words. */
export const MOST_VIEW_BODY: number = Math.ceil((MOST_VIEW_BYTES * 4) / 3) + 200_000;

const caption = z.string().max(LONGEST_CAPTION);
const id = z.int().min(0);
const schema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("keep"),
    caption,
    address: z.string().max(40_000).regex(/^#/),
    png: z.base64(),
  }),
  z.strictObject({ do: z.literal("caption"), id, caption }),
  z.strictObject({ do: z.literal("remove"), id }),
]) satisfies z.ZodType<ViewRequest>;

/** @throws {Refusal} 400 for anything that is no {@link ViewRequest} */
export function viewRequest(value: unknown): ViewRequest {
  return asAsked(schema, value, "what is done to saved views must be one of the protocol");
}

export class RunViews {
  private readonly folder: string;
  private readonly date: () => string;
  /** Changes wait for each other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, date: () => string) {
    this.folder = folder;
    this.date = date;
  }

  async all(): Promise<KeptViews> {
    return told(await readSavedViews(this.folder));
  }

  /** @throws {Refusal} 404 where there is no such view */
  async picture(id: number): Promise<Uint8Array> {
    const found = (await readSavedViews(this.folder)).views.find((view) => view.id === id);
    if (!found) throw absent(id);
    return Uint8Array.from(Buffer.from(found.png, "base64"));
  }

  /** Does what is asked; it is on the disk, and in the report, when this returns. */
  do(request: ViewRequest): Promise<KeptViews> {
    const next = this.last.then(() => this.change(request));
    this.last = next.catch(() => {}); // told to whoever asked
    return next;
  }

  private async change(request: ViewRequest): Promise<KeptViews> {
    const before = await readSavedViews(this.folder);
    const after = this.changed(before, request);
    await writeSavedViews(this.folder, after);
    const report = await readRunFile(join(this.folder, "report.html"));
    if (report) {
      await writeReport(this.folder, withSavedViews(new TextDecoder().decode(report), after.views));
    }
    return told(after);
  }

  private changed({ next, views }: SavedViews, request: ViewRequest): SavedViews {
    if (request.do === "keep") {
      if (views.length >= MOST_SAVED_VIEWS) {
        throw new OptionError(
          `explorer: a run must have at most ${MOST_SAVED_VIEWS} saved views; it has as many. Remove one first.`,
        );
      }
      const { png, width, height } = cleanPng(Uint8Array.from(Buffer.from(request.png, "base64")));
      const kept = {
        ...{ id: next, at: this.date(), caption: request.caption.trim(), address: request.address },
        ...{ png: Buffer.from(png).toString("base64"), width, height },
      };
      return { next: next + 1, views: [...views, kept] };
    }
    if (!views.some((view) => view.id === request.id)) throw absent(request.id);
    if (request.do === "remove") return { next, views: views.filter((view) => view.id !== request.id) };
    const named = { caption: request.caption.trim() };
    return { next, views: views.map((view) => (view.id === request.id ? { ...view, ...named } : view)) };
  }
}

function absent(id: number): Refusal {
  return new Refusal(404, `explorer: a saved view must be one that the run has; got ${id}.`);
}

function told({ views }: SavedViews): KeptViews {
  return {
    most: MOST_SAVED_VIEWS,
    views: views.map(({ png: _large, ...view }) => view),
  };
}
