/** Runs that are started from the explorer's page are those of the command line. */
import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import type { LiveAnswer, LiveState, StartRequest } from "../../explorer/protocol.ts";
import { record, type World } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const options = { method: "dense-ae+kmeans", clusters: "4", seed: "3", epochs: "2" };
const wanted: StartRequest = { source: "tiny", options };
const words = ["--method", "dense-ae+kmeans", "--clusters", "4", "--seed", "3", "--epochs", "2"];

/** A server of the explorer, as a page talks to it. */
interface Talk {
  get(path: string): Promise<Response>;
  post(path: string, body?: unknown): Promise<Response>;
  state(): Promise<LiveState>;
  start(request?: StartRequest): Promise<void>;
  /** Waits until the state is one that is wanted. */
  until(test: (state: LiveState) => boolean): Promise<LiveState>;
  /** Presses Ctrl-C at the terminal. */
  interrupt(): void;
}

const isOver = ({ status }: LiveState): boolean => ["done", "cancelled", "failed"].includes(status);

async function explore(talk: (talk: Talk) => Promise<void>) {
  let talked: Promise<void> | undefined;
  const onWrite: World["onWrite"] = (text, interrupt) => {
    const url = /http:[^\s"]+/.exec(text)?.[0];
    if (url === undefined) return;
    const to = new URL(url);
    const headers = { "X-Unlabeled-Token": to.searchParams.get("token") ?? "" };
    const get = (path: string): Promise<Response> => fetch(new URL(path, to), { headers });
    const post = (path: string, body: unknown = {}): Promise<Response> =>
      fetch(new URL(path, to), { headers, method: "POST", body: JSON.stringify(body) });
    const state = async (): Promise<LiveState> =>
      ((await (await get("/api/live")).json()) as LiveAnswer).live as LiveState;
    const start = async (request: StartRequest = wanted): Promise<void> => {
      expect((await post("/api/live", request)).status).toBe(201);
    };
    const until = (test: (state: LiveState) => boolean): Promise<LiveState> =>
      vi.waitUntil(
        async () => {
          const now = await state();
          return test(now) ? now : undefined;
        },
        { timeout: 120_000, interval: 5 },
      );
    talked = talk({ get, post, state, start, until, interrupt }).finally(interrupt);
  };
  const said = await record(["explore", "--no-open", "--threads", "1"], { onWrite });
  await talked;
  return said;
}

/** What a run is, apart from when and how fast it was made. */
async function madeIn(folder: string): Promise<unknown[]> {
  const {
    seconds: _,
    environment: _when,
    training,
    ...rest
  } = JSON.parse(await readFile(`${folder}/run.json`, "utf8"));
  const epochs = training.epochs.map(({ seconds: _time, ...epoch }: { seconds: number }) => epoch);
  const files = ["assignments.csv", "model/encoder.onnx"].map((name) => readFile(`${folder}/${name}`));
  return [rest, epochs, ...(await Promise.all(files)).map((bytes) => bytes.toString("base64"))];
}

/** The same run by the command. */
let byCommand: { readonly made: unknown[]; readonly files: readonly string[] } | undefined;
async function commandLine(): Promise<NonNullable<typeof byCommand>> {
  if (byCommand) return byCommand;
  await record(["cluster", "tiny", ...words, "--threads", "1", "--out", "by-command"]);
  byCommand = { made: await madeIn("by-command"), files: await filesBelow("by-command") };
  return byCommand;
}

test("a run from the page is watched and paused, and has the record and the files of the command line's", async () => {
  const { error, exitCode } = await explore(async ({ get, post, start, state, until }) => {
    await start();
    await post("/api/live/1/pause");
    const paused = await until(({ status }) => status === "paused");
    // Nothing is computed while others work.
    await record(["cluster", "tiny", "--clusters", "3", "--out", "meanwhile"]);
    expect(await state()).toEqual(paused);
    await post("/api/live/1/go-on");
    await until(({ epochs }) => epochs.length === 1);
    await post("/api/live/1/pause");
    await until(({ status }) => status === "paused");
    await post("/api/live/1/go-on");
    const over = await until(isOver);
    expect(over).toMatchObject({
      status: "done",
      run: "tiny-dense-ae~2bkmeans-3",
      made: { source: "tiny", count: 60, sample: 60, pictures: 10, clusters: 4, seed: 3 },
      training: { epoch: 2, epochs: 2 },
      objective: { name: "inertia" },
    });
    expect(over.stages).toEqual(["features", "cluster", "scores", "exhibits", "report"]);
    expect(over.epochs.map(({ epoch, seen, grouped }) => [epoch, seen, grouped])).toEqual([
      [1, true, true],
      [2, true, true],
    ]);
    const places = [1, 2].map(async (n) => (await get(`/api/live/1/places/${n}`)).arrayBuffer());
    const [first, second] = (await Promise.all(places)).map((bytes) => new Float32Array(bytes));
    expect([first.length, second.length]).toEqual([120, 120]);
    expect(first).not.toEqual(second);
    const groups = new Int32Array(await (await get("/api/live/1/groups/2")).arrayBuffer());
    expect(new Set(groups)).toEqual(new Set([0, 1, 2, 3]));
    expect((await get("/api/live/1/pictures/2.png")).status).toBe(200);
    expect((await get("/api/runs/tiny-dense-ae~2bkmeans-3")).status).toBe(200);
  });
  expect([exitCode, error]).toEqual([0, ""]);
  const { made, files } = await commandLine();
  expect(await madeIn("runs/tiny-dense-ae+kmeans-3")).toEqual(made);
  expect(await filesBelow("runs/tiny-dense-ae+kmeans-3")).toEqual(files);
});

test("what is cancelled, also in a pause, can be resumed, and ends as if it had not been", async () => {
  await explore(async ({ post, start, until }) => {
    await start();
    await until(({ epochs }) => epochs.length === 1);
    await post("/api/live/1/pause");
    await until(({ status }) => status === "paused");
    await post("/api/live/1/cancel");
    expect(await until(isOver)).toMatchObject({
      status: "cancelled",
      resume: "unlabeled resume runs/tiny-dense-ae+kmeans-3.partial",
      run: null,
    });
    // What it left is not touched by the next one.
    await start();
    const second = await until(({ made }) => made !== null);
    expect(second.made?.folder).toBe("runs/tiny-dense-ae+kmeans-3-2");
    await post("/api/live/2/cancel");
    await until(isOver);
  });
  const resumed = await record(["resume", "runs/tiny-dense-ae+kmeans-3.partial"]);
  expect([resumed.exitCode, resumed.error]).toEqual([0, ""]);
  expect(await madeIn("runs/tiny-dense-ae+kmeans-3")).toEqual((await commandLine()).made);
});

test("Ctrl-C at the server ends the run as Ctrl-C at the command does: with a checkpoint", async () => {
  const { error, exitCode } = await explore(async ({ start, until, interrupt }) => {
    await start();
    await until(({ training }) => training !== null);
    interrupt();
  });
  expect(exitCode).toBe(0);
  expect(error).toContain("Resume with: unlabeled resume runs/tiny-dense-ae+kmeans-3.partial");
  const resumed = await record(["resume", "runs/tiny-dense-ae+kmeans-3"]);
  expect([resumed.exitCode, resumed.error]).toEqual([0, ""]);
  expect(await madeIn("runs/tiny-dense-ae+kmeans-3")).toEqual((await commandLine()).made);
});

test("what the command line would not take is refused in its words, before or after the source is open", async () => {
  await explore(async ({ post, start, until }) => {
    const refused = async (source: string, given: StartRequest["options"], flags: string[]) => {
      const response = await post("/api/live", { source, options: given });
      const { error } = (await response.json()) as { error: string };
      const said = await record(["cluster", source, ...flags]);
      expect([response.status, `${error}\n`]).toEqual([400, said.error]);
    };
    await refused("tiny", { epochs: "0" }, ["--epochs", "0"]);
    await refused("tiny", { clusters: "many" }, ["--clusters", "many"]);
    await refused("tiny", { method: "pixel+kmeans" }, ["--method", "pixel+kmeans"]);
    await refused("tiny", { method: "pixels+kmeans", epochs: "2" }, ["--epochs", "2"]);
    await refused("tiny", { method: "pixels+kmeans,pca+gmm" }, ["--method", "pixels+kmeans,pca+gmm"]);
    for (const source of ["", "-", " --force"]) {
      const response = await post("/api/live", { source, options: {} });
      expect(response.status).toBe(400);
      expect(((await response.json()) as { error: string }).error).toContain("<source> must be");
    }
    const failed = async (request: StartRequest, flags: string[]) => {
      await start(request);
      const { status, error, resume } = await until(isOver);
      const said = await record(["cluster", request.source, ...flags]);
      expect([status, `${error}\n`, resume]).toEqual(["failed", said.error, null]);
    };
    await failed({ source: "tiny", options: { method: "onnx+kmeans" } }, ["--method", "onnx+kmeans"]);
    await failed({ source: "nowhere", options: {} }, []);
    await failed({ source: "tiny", options: { clusters: "61" } }, ["--clusters", "61"]);
  });
  expect(await filesBelow()).toEqual([]);
});

test("tells what there is to choose from", async () => {
  await explore(async ({ get }) => {
    const choices = await (await get("/api/live/choices")).json();
    expect(choices).toMatchObject({
      sources: [
        { name: "strokes", here: true },
        { name: "mnist", here: true },
        { name: "fashion-mnist", here: false },
      ],
      options: { epochs: { usual: "20; of dense-ae 40" }, seed: { usual: "0" } },
      folder: "runs",
    });
  });
});
