/**
 * A long command, networks, several runs, clustering, writing, is killed at ten random moments; each time `resume` ends
 * with what the uninterrupted one ended with. (test/kill.long.test.ts kills at the events of checkpoints, and again and again.)
 */
import { existsSync, watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { strokes, writeIdx } from "../../src/images/index.ts";
import { createRandom } from "../../src/random/index.ts";
import { type Ended, startProgram } from "../built-program.ts";

const methods = "denoising-ae+kmeans,pixels+minibatch-kmeans";
const words = [
  ...["compare", "images", "--methods", methods, "--runs", "2"],
  ...["--clusters", "4", "--epochs", "10", "--widths", "32,16", "--restarts", "2", "--threads", "2"],
];
/** Kills, of which the issue wants ten; fewer where the machine has other work. */
const kills = Number(process.env.KILLS ?? 10);
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
  // Read, not drawn each time: what is drawn costs a second.
  const { count, height, width, pixels } = strokes({ count: 300 });
  await mkdir(join(folder, "images"));
  const idx = writeIdx({ shape: [count, height, width], data: pixels });
  await writeFile(join(folder, "images/train-images-idx3-ubyte"), idx);
});
afterAll(() => rm(folder, { recursive: true }));

interface Watched extends Ended {
  /** Events among the files of the folder in the making. */
  readonly events: number;
  readonly milliseconds: number;
}

/** When the program is killed: after so many events in its folder, or so long after the folder appeared. */
type Moment = { readonly event: number } | { readonly milliseconds: number };

async function unlabeled(given: readonly string[], name: string, killAt?: Moment): Promise<Watched> {
  const { child, ended } = startProgram(given, folder);
  let events = 0;
  let appeared = 0;
  const partial = join(folder, `${name}.partial`);
  let watcher: ReturnType<typeof watch> | undefined;
  const timer = setInterval(() => {
    // The command is begun for good when it has written down what was asked.
    if (!watcher && existsSync(join(partial, "resume.json"))) {
      appeared = performance.now();
      watcher = watch(partial, { recursive: true }, () => {
        if (++events === (killAt && "event" in killAt ? killAt.event : -1)) child.kill("SIGKILL");
      });
      watcher.on("error", () => {}); // the folder goes away in the end
    }
    const since = performance.now() - appeared;
    if (appeared > 0 && killAt && "milliseconds" in killAt && since >= killAt.milliseconds)
      child.kill("SIGKILL");
  }, 1);
  try {
    return { ...(await ended), events, milliseconds: performance.now() - appeared };
  } finally {
    clearInterval(timer);
    watcher?.close();
  }
}

/** Bytes of all files that do not tell the time: models, labels, figures of labels. */
async function filesOf(run: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = (await readdir(join(folder, run), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const found = new Map<string, Uint8Array>();
  for (const path of names.sort()) {
    const name = path.slice(join(folder, run).length + 1);
    found.set(name, /\.(html|json)$|loss|figures/.test(name) ? new Uint8Array() : await readFile(path));
  }
  return found;
}

/** Records without what depends on the clock. */
async function recordOf(run: string): Promise<unknown> {
  const text = await readFile(join(folder, run, "compare.json"), "utf8");
  return JSON.parse(text, (key, value) =>
    ["seconds", "createdAt", "imagesPerSecond", "run", "out"].includes(key) ? undefined : value,
  );
}

test("killed with -9 at ten seeded moments, a comparison ends each time as if it had never been", async () => {
  const whole = await unlabeled([...words, "--out", "whole"], "whole");
  expect(whole).toMatchObject({ exitCode: 0, signal: null, error: "" });
  const [files, record] = [await filesOf("whole"), await recordOf("whole")];

  const random = createRandom(11).stream("kill -9");
  let killed = 0;
  for (let trial = 0; trial < kills; trial++) {
    // Half of the moments by the clock, which mostly meet training; half by what is written, which meet all the files.
    const killAt: Moment =
      trial % 2 === 0
        ? { milliseconds: random.float() * 0.9 * whole.milliseconds }
        : { event: 1 + random.integer(Math.max(1, Math.floor(0.9 * whole.events))) };
    const name = `killed-${trial}`;
    const ended = await unlabeled([...words, "--out", name], name, killAt);
    if (ended.signal === "SIGKILL") {
      killed++;
      const resumed = await unlabeled(["resume", `${name}.partial`], name);
      expect([trial, killAt, resumed.exitCode, resumed.error]).toEqual([trial, killAt, 0, ""]);
    }
    expect((await readdir(folder)).sort()).toEqual(["images", name, "whole"]);
    const again = await filesOf(name);
    expect([...again.keys()]).toEqual([...files.keys()]);
    for (const [file, bytes] of again) {
      expect([trial, file, Buffer.compare(bytes, files.get(file) ?? new Uint8Array())]).toEqual([
        trial,
        file,
        0,
      ]);
    }
    expect(await recordOf(name)).toEqual(record);
    await rm(join(folder, name), { recursive: true });
  }
  expect(killed).toBeGreaterThanOrEqual(0.8 * kills); // a machine that is suddenly faster may be done before
});

test("a half-written file is not taken for a whole one", async () => {
  const name = "torn";
  const ended = await unlabeled([...words, "--out", name], name, { event: 30 });
  expect(ended.signal).toBe("SIGKILL");
  // As a kill in the middle of a write would leave it, had files not been written beside their place.
  const partial = join(folder, `${name}.partial`);
  const checkpoint = join(partial, "checkpoints/training.safetensors");
  const bytes = await readFile(checkpoint);
  await writeFile(checkpoint, bytes.subarray(0, bytes.length / 2));
  const torn = await unlabeled(["resume", name], name);
  expect(torn.exitCode).toBe(2);
  expect(torn.error).toContain("training.safetensors");
  await writeFile(checkpoint, bytes);
  await writeFile(`${checkpoint}.new`, bytes.subarray(0, 100)); // what a kill does leave
  expect(await unlabeled(["resume", name], name)).toMatchObject({ exitCode: 0, error: "" });
  expect([...(await filesOf(name)).keys()]).toEqual([...(await filesOf("whole")).keys()]);
});
