/** Runs that are started from the page: what the server keeps and tells of them, by a maker that does as the tests say. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OptionError } from "../../errors.ts";
import type { RunEnd, RunMaker, RunNews } from "../index.ts";
import type { LiveAnswer, LiveState, StartRequest } from "../protocol.ts";
import { startTestExplorer, type TestExplorer, writeTinyPage, writeTinyRun } from "../testing/explorers.ts";

/** A run in the hands of a test. */
class Hand {
  readonly wishes: string[] = [];
  tell: (news: RunNews) => void = () => {};
  end: (end: RunEnd) => void = () => {};
  readonly maker: RunMaker = {
    choices: async () => ({
      methods: [],
      sources: [],
      options: {} as never,
      folder: "runs",
    }),
    check: ({ options }) => {
      if (options.epochs === "0") throw new OptionError("unlabeled cluster: --epochs must be more; got 0.");
    },
    make: (_request, tell) => {
      this.tell = tell;
      const wish = (what: string) => () => {
        this.wishes.push(what);
      };
      return {
        pause: wish("pause"),
        goOn: wish("go on"),
        cancel: wish("cancel"),
        kill: wish("kill"),
        ended: new Promise((resolve) => {
          this.end = resolve;
        }),
      };
    },
  };
}

let folder = "";
let hand: Hand;
let explorer: TestExplorer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-live-"));
  hand = new Hand();
  const pageFolder = await writeTinyPage(folder);
  const options = { runsFolder: join(folder, "runs"), pageFolder };
  explorer = await startTestExplorer(options, undefined, hand.maker);
});

afterEach(async () => {
  hand.end({ kind: "failed", error: "over", resume: null });
  await explorer.close();
  await rm(folder, { recursive: true });
});

const strokes: StartRequest = { source: "strokes", options: { method: "conv-ae+kmeans", epochs: "2" } };

const post = (path: string, body: unknown = {}): Promise<Response> =>
  explorer.ask(`/api/live${path}`, { method: "POST", body: JSON.stringify(body) });
const errorOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { error: string }).error,
];
const state = async (): Promise<LiveState | null> => (await explorer.json<LiveAnswer>("/api/live")).live;
const start = async (request: unknown = strokes): Promise<LiveState> => {
  const response = await post("", request);
  expect(response.status).toBe(201);
  return ((await response.json()) as LiveAnswer).live as LiveState;
};

const opened: RunNews = {
  kind: "opened",
  facts: {
    source: "strokes",
    count: 60,
    image: { height: 2, width: 1, channels: 1 },
    method: "conv-ae+kmeans",
    seed: 0,
    clusters: 10,
    folder: "runs/x",
    classNames: ["a", "b"],
    sample: 3,
    pictures: 2,
  },
  sample: {
    classes: Int32Array.of(0, 1, 0),
    pictures: { count: 2, height: 2, width: 1, channels: 1, pixels: Uint8Array.of(1, 2, 3, 4) },
  },
};
const epoch = (number: number, groups = true): RunNews => ({
  kind: "epoch",
  epoch: number,
  loss: 1 / number,
  validationLoss: 2 / number,
  look: {
    places: Float32Array.of(number, 1, 2, 3, 4, 5),
    groups: groups ? Int32Array.of(0, 1, 1) : undefined,
    reconstructions: { count: 2, height: 2, width: 1, channels: 1, pixels: Uint8Array.of(9, 8, 7, number) },
  },
});
const batch = (at: number, value: number): RunNews => ({
  kind: "progress",
  stage: "features",
  text: `minibatch ${at}`,
  part: 0.5,
  training: {
    epoch: 1,
    epochs: 2,
    batch: at,
    batches: 1000,
    loss: value,
    validationLoss: null,
    imagesPerSecond: null,
    secondsLeft: null,
  },
});

describe("a run from the page", () => {
  test("is none at first; then what is told of it is what the page is answered", async () => {
    expect(await state()).toBeNull();
    expect(await start()).toMatchObject({ id: "1", status: "starting", request: strokes, made: null });
    hand.tell({ kind: "progress", text: "Opening strokes" });
    expect(await state()).toMatchObject({ text: "Opening strokes", stages: [] });
    hand.tell(opened);
    hand.tell(batch(1, 0.5));
    hand.tell({ kind: "warning", text: "slow" });
    expect(await state()).toMatchObject({
      status: "running",
      made: { count: 60, folder: "runs/x" },
      stages: ["features"],
      part: 0.5,
      training: { batch: 1 },
      losses: { at: [0.001], values: [0.5] },
      warnings: ["slow"],
    });
    hand.tell({
      kind: "progress",
      stage: "cluster",
      text: "iteration 2",
      objective: { name: "inertia", restart: 0, from: 1, values: [9, 8] },
    });
    hand.tell({
      kind: "progress",
      stage: "cluster",
      text: "iteration 3",
      objective: { name: "inertia", restart: 0, from: 3, values: [7] },
    });
    expect(await state()).toMatchObject({
      stages: ["features", "cluster"],
      part: null,
      objective: { name: "inertia", iterations: [1, 2, 3], values: [9, 8, 7] },
    });
    hand.tell({
      kind: "progress",
      stage: "cluster",
      text: "iteration 1",
      objective: { name: "inertia", restart: 1, from: 1, values: [5] },
    });
    expect(await state()).toMatchObject({ objective: { iterations: [1], values: [5] } });
  });

  test("shows epochs: places, groups and pictures, each at its own address", async () => {
    await start();
    hand.tell(opened);
    hand.tell(epoch(1));
    hand.tell(epoch(2, false));
    hand.tell({ kind: "epoch", epoch: 3, loss: 0, validationLoss: null });
    expect((await state())?.epochs).toEqual([
      { epoch: 1, loss: 1, validationLoss: 2, seen: true, grouped: true },
      { epoch: 2, loss: 0.5, validationLoss: 1, seen: true, grouped: false },
      { epoch: 3, loss: 0, validationLoss: null, seen: false, grouped: false },
    ]);
    const bytes = async (path: string): Promise<ArrayBuffer> => {
      const response = await explorer.ask(`/api/live/1/${path}`);
      expect(response.status).toBe(200);
      return response.arrayBuffer();
    };
    expect([...new Float32Array(await bytes("places/2"))]).toEqual([2, 1, 2, 3, 4, 5]);
    expect([...new Int32Array(await bytes("groups/1"))]).toEqual([0, 1, 1]);
    expect([...new Int32Array(await bytes("classes"))]).toEqual([0, 1, 0]);
    const picture = async (name: string): Promise<unknown> => {
      const { width, height, data } = decode(await bytes(`pictures/${name}.png`));
      return [width, height, ...data];
    };
    // Two images of two lines, side by side.
    expect(await picture("0")).toEqual([2, 2, 1, 3, 2, 4]);
    expect(await picture("2")).toEqual([2, 2, 9, 7, 8, 2]);
  });

  test.each([
    "1/places/3",
    "1/places/x",
    "1/places/-1",
    "1/groups/2",
    "1/pictures/1",
    "1/pictures/99.png",
    "2/classes",
    "1/%2e%2e/runs",
    "..%2f..%2fetc",
  ])("has nothing at %s", async (path) => {
    await start();
    hand.tell(opened);
    hand.tell(epoch(2, false));
    const response = await explorer.ask(`/api/live/${path}`);
    expect(response.status).toBe(404);
    await response.arrayBuffer();
  });

  test("curves and epochs stay bounded, their ends among what is kept", async () => {
    await start();
    hand.tell(opened);
    for (let i = 1; i <= 1000; i++) hand.tell(batch(i, 1000 - i));
    for (let i = 1; i <= 1000; i++) hand.tell(epoch(i));
    const { losses, epochs } = (await state()) as LiveState;
    expect(losses.at.length).toBeLessThanOrEqual(400);
    expect([losses.at[0], losses.at.at(-1)]).toEqual([0.001, 1]);
    expect(losses.values.at(-1)).toBe(0);
    expect(epochs.length).toBeLessThanOrEqual(400);
    expect([epochs[0].epoch, epochs.at(-1)?.epoch]).toEqual([1, 1000]);
    const seen = epochs.filter((one) => one.seen);
    expect(seen.length).toBeLessThanOrEqual(100);
    expect([seen[0].epoch, seen.at(-1)?.epoch]).toEqual([1, 1000]);
  });

  test("pauses and goes on when it says that it does, not before", async () => {
    await start();
    hand.tell(opened);
    const wish = async (word: string): Promise<string | undefined> => {
      const response = await post(`/1/${word}`);
      expect(response.status).toBe(200);
      return ((await response.json()) as LiveAnswer).live?.status;
    };
    expect(await wish("pause")).toBe("pausing");
    hand.tell({ kind: "paused" });
    expect((await state())?.status).toBe("paused");
    expect(await wish("go-on")).toBe("running");
    // Paused again before the news of going on has come.
    expect(await wish("pause")).toBe("pausing");
    hand.tell({ kind: "going" });
    expect((await state())?.status).toBe("pausing");
    hand.tell({ kind: "paused" });
    expect(await wish("cancel")).toBe("cancelling");
    expect(await wish("pause")).toBe("cancelling");
    expect(hand.wishes).toEqual(["pause", "go on", "pause", "cancel"]);
    expect(await wish("cancel")).toBe("cancelling");
    expect(hand.wishes.at(-1)).toBe("kill");
    hand.end({ kind: "cancelled", resume: "unlabeled resume runs/x.partial" });
    await vi.waitFor(async () =>
      expect(await state()).toMatchObject({
        status: "cancelled",
        resume: "unlabeled resume runs/x.partial",
      }),
    );
  });

  test("that is done is found in the list of runs; the next one may then be started", async () => {
    await start();
    const busy = await post("", strokes);
    expect(await errorOf(busy)).toEqual([
      409,
      "explorer: one run is made at a time; got another while conv-ae+kmeans of strokes is. Wait for it, or cancel it.",
    ]);
    await writeTinyRun(join(folder, "runs", "a+b"), "pixels+kmeans");
    hand.end({ kind: "done", folder: join(folder, "runs", "a+b") });
    await vi.waitFor(async () => expect(await state()).toMatchObject({ status: "done", run: "a~2bb" }));
    expect((await explorer.ask("/api/runs/a~2bb")).status).toBe(200);
    expect(await start()).toMatchObject({ id: "2", status: "starting" });
    expect((await explorer.ask("/api/live/1/classes")).status).toBe(404);
  });

  test("that fails says why", async () => {
    await start();
    hand.end({ kind: "failed", error: "openSource: no such folder.", resume: null });
    await vi.waitFor(async () =>
      expect(await state()).toMatchObject({ status: "failed", error: "openSource: no such folder." }),
    );
  });

  test("is told to whoever watches: at once, and after changes", async () => {
    await start();
    const response = await explorer.ask("/api/live/events");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (what: string): Promise<void> => {
      while (!text.includes(what)) text += (await reader?.read())?.value ?? "";
    };
    await until('"status":"starting"');
    hand.tell(opened);
    await until('"status":"running"');
    await reader?.cancel();
  });

  test("is brought to safety before the server ends, and the terminal is told how to go on", async () => {
    await start();
    const closed = explorer.close();
    expect(hand.wishes).toEqual(["cancel"]);
    hand.end({ kind: "cancelled", resume: "unlabeled resume runs/x.partial" });
    await closed;
    expect(explorer.warnings.at(-1)).toBe(
      "unlabeled explore: the run that was being made is kept. Resume with: unlabeled resume runs/x.partial",
    );
    const pageFolder = await writeTinyPage(folder);
    explorer = await startTestExplorer({ runsFolder: join(folder, "runs"), pageFolder });
    // A server without a maker starts nothing.
    expect((await post("", strokes)).status).toBe(404);
    expect(await state()).toBeNull();
  });
});

describe("requests that are refused", () => {
  test("settings that the command line would not take, in its words", async () => {
    const response = await post("", { source: "strokes", options: { epochs: "0" } });
    expect(await errorOf(response)).toEqual([400, "unlabeled cluster: --epochs must be more; got 0."]);
    expect(await state()).toBeNull();
  });

  test.each([
    ["nothing", null],
    ["no options", { source: "strokes" }],
    ["another option", { source: "strokes", options: { out: "/etc" } }],
    ["force", { source: "strokes", options: { force: "true" } }],
    ["numbers", { source: "strokes", options: { epochs: 2 } }],
    ["a long source", { source: "x".repeat(5000), options: {} }],
    ["a long option", { source: "strokes", options: { method: "x".repeat(500) } }],
    ["more", { source: "strokes", options: {}, runsFolder: "/" }],
    ["a prototype", JSON.parse('{"source":"strokes","options":{"__proto__":{"method":"x"}}}')],
  ])("%s", async (_, body) => {
    expect((await post("", body)).status).toBe(400);
    expect(await state()).toBeNull();
  });

  test("wishes of another run, with a body, without a token, from elsewhere, by GET", async () => {
    await start();
    expect((await post("/2/cancel")).status).toBe(404);
    expect((await post("/1/cancel", { now: true })).status).toBe(400);
    expect((await post("/1/delete")).status).toBe(404);
    expect((await explorer.ask("/api/live/1/cancel")).status).toBe(404);
    const to = `http://127.0.0.1:${explorer.port}/api/live`;
    const bare = { method: "POST", body: JSON.stringify(strokes) };
    expect((await fetch(to, bare)).status).toBe(401);
    expect((await fetch(`${to}?token=${explorer.token}`, bare)).status).toBe(401);
    const headers = { Origin: "http://evil.example" };
    expect((await explorer.ask("/api/live", { ...bare, headers })).status).toBe(403);
    expect(hand.wishes).toEqual([]);
  });
});
