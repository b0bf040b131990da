/** The addresses below `/api/live`. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import { numbersAnswer, pictureAnswer } from "../answers.ts";
import { asAsked, jsonBody } from "../body.ts";
import type { EventStreams } from "../events.ts";
import { inRows } from "../pictures.ts";
import type { StartRequest } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import type { LiveRun } from "./live-run.ts";
import type { LiveRuns } from "./live-runs.ts";

const text = z.string().max(200).exactOptional();

const startSchema = z.strictObject({
  source: z.string().max(4096),
  options: z.strictObject({ method: text, clusters: text, seed: text, epochs: text, limit: text }),
}) satisfies z.ZodType<StartRequest>;

const nothing = z.strictObject({});

export function createLiveApi(live: LiveRuns, events: EventStreams): Hono {
  const api = new Hono();
  const runOf = (context: Context): LiveRun => live.get(context.req.param("id") ?? "");
  const epochOf = (context: Context, ending = ""): number => {
    const asked = context.req.param("epoch") ?? "";
    if (/^\d{1,9}$/.test(asked.slice(0, asked.length - ending.length)) && asked.endsWith(ending)) {
      return Number.parseInt(asked, 10);
    }
    throw new Refusal(404, `explorer: an epoch must be a whole number${ending && ` with ${ending}`}.`);
  };

  api.get("/", (context) => context.json(live.answer));
  api.get("/choices", async (context) => context.json(await live.maker.choices()));
  api.get("/events", (context) => events.answer(context, live));
  api.post("/", async (context) => {
    const body = await jsonBody(context.req.raw);
    live.start(asAsked(startSchema, body, "a run must be started as the protocol says"));
    return context.json(live.answer, 201);
  });
  for (const [word, wish] of [
    ["pause", (run: LiveRun) => run.pause()],
    ["go-on", (run: LiveRun) => run.goOn()],
    ["cancel", (run: LiveRun) => run.cancel()],
  ] as const) {
    api.post(`/:id/${word}`, async (context) => {
      const run = runOf(context);
      if (!nothing.safeParse(await jsonBody(context.req.raw)).success) {
        throw new Refusal(400, `explorer: ${word} must be asked with {}; got something else.`);
      }
      wish(run);
      return context.json(live.answer);
    });
  }
  api.get("/:id/classes", (context) => numbersAnswer(context, runOf(context).classes()));
  api.get("/:id/places/:epoch", (context) =>
    numbersAnswer(context, runOf(context).look(epochOf(context)).places),
  );
  api.get("/:id/groups/:epoch", (context) => {
    const { groups } = runOf(context).look(epochOf(context));
    if (groups) return numbersAnswer(context, groups);
    throw new Refusal(404, "explorer: groups must have been made; got an epoch without.");
  });
  api.get("/:id/pictures/:epoch", (context) => {
    const images = runOf(context).pictures(epochOf(context, ".png"));
    return pictureAnswer(context, { images: inRows(images, images.count), index: 0 });
  });
  return api;
}
