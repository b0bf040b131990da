/** The addresses below `/api`: protocol.ts says what each is asked, and answers. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import { numbersAnswer, pictureAnswer } from "./answers.ts";
import { jsonBody } from "./body.ts";
import { editRequest } from "./edit-request.ts";
import type { EventStreams } from "./events.ts";
import { createLiveApi } from "./live/live-api.ts";
import type { LiveRuns } from "./live/live-runs.ts";
import type { OpenRuns } from "./open-runs.ts";
import { mosaicOf } from "./pictures.ts";
import type { CodeView, DecodeRequest, Preparing } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { compareView } from "./run/compare-view.ts";
import { MOST_VIEW_BODY, viewRequest } from "./run/kept-views.ts";
import { stepsRequest } from "./run/learning-steps.ts";
import type { CodeEnd, OpenedRun } from "./run/opened-run.ts";
import type { RunList } from "./run-list.ts";
import { type Work, within } from "./shared-work.ts";

/** Milliseconds that an answer waits for work that may be done in a moment, before it tells how far it is. */
const PATIENCE_MS = 150;

/** Numbers of a code, at most. */
const MOST_NUMBERS = 100_000;

/** Letters of what is searched for, and images that are told of what is found, at most. */
const LONGEST_SEARCH = 1000;
const MOST_FOUND = 50;

/** Images that are drawn at once, at most. */
const MOST_DRAWN = 1024;

const numbers = z.array(z.number()).min(1).max(MOST_NUMBERS);
const place = z.array(z.number()).min(1).max(3);
const columns = z.int().min(1).max(MOST_DRAWN);
const decodeSchema = z.union([
  z.strictObject({ code: numbers }),
  z.strictObject({ place: place.min(2) }),
  z.strictObject({ places: z.array(place.min(2)).min(1).max(MOST_DRAWN), columns }),
  z.strictObject({
    line: z.strictObject({ from: numbers, to: numbers }),
    at: z.array(z.number()).min(1).max(MOST_DRAWN),
    columns,
  }),
]) satisfies z.ZodType<DecodeRequest>;

/** A report holds all that it needs. Whatever else stands in its file can neither read what this server says nor send it away. */
const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'unsafe-inline'; sandbox allow-scripts";

/** What the addresses are answered from. */
export interface ApiParts {
  readonly list: RunList;
  readonly runs: OpenRuns;
  readonly events: EventStreams;
  readonly live: LiveRuns;
}

export function createApi({ list, runs, events, live }: ApiParts): Hono {
  const api = new Hono();
  const runOf = (context: Context): Promise<OpenedRun> => runs.get(context.req.param("run") ?? "");

  api.get("/runs", async (context) => context.json(await list.refresh()));
  api.get("/runs/:run", async (context) => context.json(await (await runOf(context)).view()));
  api.get("/runs/:run/arrays/:name", async (context) => {
    const run = await runOf(context);
    return whenDone(context, run.array(context.req.param("name")), (array) => {
      return numbersAnswer(context, array);
    });
  });
  api.get("/runs/:run/atlas/:sheet", async (context) => {
    const run = await runOf(context);
    return numbersAnswer(context, await run.sheet(wholeNumber(context.req.param("sheet"), "a sheet")));
  });
  api.get("/runs/:run/images/:file", async (context) => {
    const run = await runOf(context);
    const { index, isPicture } = imageOf(context);
    if (!isPicture) return context.json(await run.imageView(index));
    return pictureAnswer(context, await run.image(index));
  });
  api.get("/runs/:run/reconstructions/:file", async (context) => {
    const run = await runOf(context);
    const { index } = pictureOf(context);
    return pictureAnswer(context, { images: await run.reconstruction(index), index: 0 });
  });
  api.get("/runs/:run/centers/:file", async (context) => {
    const run = await runOf(context);
    return pictureAnswer(context, await run.center(pictureOf(context).index));
  });
  api.get("/runs/:run/clusters", async (context) => context.json(await (await runOf(context)).clusters()));
  api.get("/runs/:run/confusion", async (context) => context.json((await runOf(context)).confusion()));
  api.get("/runs/:run/k/:k", async (context) => {
    const run = await runOf(context);
    const work = run.otherNumbers.k(wholeNumber(context.req.param("k"), "k"));
    return whenDone(context, work, ({ labels: _asArray, ...view }) => context.json(view));
  });
  api.get("/runs/:run/compare/:other", async (context) => {
    const [run, other] = [await runOf(context), await runs.get(context.req.param("other"))];
    return context.json(compareView(await run.compared(), await other.compared()));
  });
  api.get("/runs/:run/edits", async (context) => context.json(await (await runOf(context)).editState()));
  api.post("/runs/:run/edits", async (context) => {
    const run = await runOf(context);
    return context.json(await run.edit(editRequest(await jsonBody(context.req.raw))));
  });
  api.get("/runs/:run/find", async (context) => {
    const run = await runOf(context);
    const text = context.req.query("text") ?? "";
    if (text.length > LONGEST_SEARCH) {
      throw new Refusal(
        400,
        `explorer: text must have at most ${LONGEST_SEARCH} letters; got ${text.length}.`,
      );
    }
    return context.json(run.find(text, MOST_FOUND));
  });
  api.get("/runs/:run/views", async (context) => context.json(await (await runOf(context)).views.all()));
  api.get("/runs/:run/views/:file", async (context) => {
    const run = await runOf(context);
    const png = await run.views.picture(pictureOf(context).index);
    return context.body(png as Uint8Array<ArrayBuffer>, 200, { "Content-Type": "image/png" });
  });
  api.post("/runs/:run/views", async (context) => {
    const run = await runOf(context);
    const asked = viewRequest(await jsonBody(context.req.raw, MOST_VIEW_BODY));
    return context.json(await run.views.do(asked));
  });
  api.get("/runs/:run/report.html", async (context) => {
    const report = await (await runOf(context)).report();
    const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": reportPolicy };
    return context.body(report as Uint8Array<ArrayBuffer>, 200, headers);
  });
  api.get("/runs/:run/events", async (context) => events.answer(context, await runOf(context)));
  api.post("/runs/:run/steps", async (context) => {
    const run = await runOf(context);
    return context.json(await run.steps(stepsRequest(await jsonBody(context.req.raw))));
  });
  api.post("/runs/:run/decode", async (context) => {
    const run = await runOf(context);
    const asked = decodeSchema.safeParse(await jsonBody(context.req.raw));
    if (!asked.success) {
      throw new Refusal(
        400,
        `explorer: decode must be asked with a code of at most ${MOST_NUMBERS} finite numbers, a place of 2 or 3, or at most ${MOST_DRAWN} places, on a line or not, and columns; got something else.`,
      );
    }
    const images = await run.decode(asked.data);
    const whole = "columns" in asked.data ? mosaicOf(images, asked.data.columns) : images;
    return pictureAnswer(context, { images: whole, index: 0 });
  });
  api.get("/runs/:run/codes/:end", async (context) => {
    const run = await runOf(context);
    return context.json((await run.codeView(codeEnd(context.req.param("end")))) satisfies CodeView);
  });
  api.route("/live", createLiveApi(live, events));
  api.all("*", (context) =>
    context.json({ error: "explorer: an address must be one of the protocol; got another." }, 404),
  );
  return api;
}

/** Answers with the result of work, or with how far it is. */
async function whenDone<T>(
  context: Context,
  work: Work<T>,
  answer: (value: T) => Response,
): Promise<Response> {
  const finished = await within(work, PATIENCE_MS);
  if (finished) return answer(finished.value);
  return context.json({ preparing: work.what, done: work.done } satisfies Preparing, 202);
}

/** `12` or `12.png`. */
function imageOf(context: Context): { readonly index: number; readonly isPicture: boolean } {
  const file = context.req.param("file") ?? "";
  const isPicture = file.endsWith(".png");
  return { index: wholeNumber(isPicture ? file.slice(0, -4) : file, "an image"), isPicture };
}

function pictureOf(context: Context): { readonly index: number } {
  const found = imageOf(context);
  if (found.isPicture) return found;
  throw new Refusal(404, "explorer: a picture must end in .png; got another address.");
}

/** `i12`, `c3`, `p0.5,-1.25` or `p0.5,-1.25,3`. */
function codeEnd(text: string): CodeEnd {
  const [, kind, number] = /^([ic])(\d{1,9})$/.exec(text) ?? [];
  if (kind === "i") return { image: Number(number) };
  if (kind === "c") return { cluster: Number(number) };
  const numbers = /^p(-?\d[\d.e+-]*(?:,-?\d[\d.e+-]*){1,2})$/.exec(text)?.[1]?.split(",").map(Number) ?? [];
  if (numbers.length > 0 && numbers.every(Number.isFinite)) return { place: numbers };
  throw new Refusal(
    404,
    "explorer: a code must be that of an image (i12), a cluster (c3) or a place (p0.5,-1); got something else.",
  );
}

/** @throws {Refusal} 404 for anything but the digits of a number */
function wholeNumber(text: string, what: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal(404, `explorer: ${what} must be a whole number; got something else.`);
}
