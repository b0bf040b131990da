/** The addresses below `/api/live`. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import { jsonBody } from "../body.ts";
import type { EventStreams } from "../events.ts";
import { pngOf } from "../pictures.ts";
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
    const asked = startSchema.safeParse(await jsonBody(context.req.raw));
    if (!asked.success) {
      const [issue] = asked.error.issues;
      throw new Refusal(
        400,
        `explorer: a run must be started as the protocol says; got a fault in ${issue?.path.map(String).join(".") || "it"}: ${issue?.message}.`,
      );
    }
    live.start(asked.data);
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
  api.get("/:id/classes", (context) => numbers(context, runOf(context).classes()));
  api.get("/:id/places/:epoch", (context) => numbers(context, runOf(context).look(epochOf(context)).places));
  api.get("/:id/groups/:epoch", (context) => {
    const { groups } = runOf(context).look(epochOf(context));
    if (groups) return numbers(context, groups);
    throw new Refusal(404, "explorer: groups must have been made; got an epoch without.");
  });
  api.get("/:id/pictures/:epoch", (context) => {
    const { count, height, width, channels, pixels } = runOf(context).pictures(epochOf(context, ".png"));
    const asked = context.req.query("scale") ?? "1";
    if (!/^([1-9]|1[0-6])$/.test(asked)) {
      throw new Refusal(400, "explorer: scale must be an integer in 1..16; got something else.");
    }
    const row = { count: 1, height, width: width * count, channels, pixels: inARow() };
    const png = pngOf(row, 0, Number(asked));
    return context.body(png as Uint8Array<ArrayBuffer>, 200, { "Content-Type": "image/png" });

    function inARow(): Uint8Array {
      const line = width * channels;
      const out = new Uint8Array(pixels.length);
      for (let i = 0; i < count; i++) {
        for (let y = 0; y < height; y++) {
          const from = (i * height + y) * line;
          out.set(pixels.subarray(from, from + line), (y * count + i) * line);
        }
      }
      return out;
    }
  });
  return api;
}

function numbers(context: Context, array: Int32Array | Float32Array): Response {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return context.body(bytes as Uint8Array<ArrayBuffer>, 200, {
    "Content-Type": "application/octet-stream",
    "Content-Length": String(bytes.length),
  });
}
