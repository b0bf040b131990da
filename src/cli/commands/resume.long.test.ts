import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeModel, input, scale } from "../../neural/index.ts";
import { anyRuntime } from "../../neural/testing/runtimes.ts";
import { openTiny, record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const small = ["--widths", "8", "--code-size", "2", "--epochs", "3", "--batch", "1"];
/** Few clusters have few pictures in the report, which takes more time than so small a run. */
const few = ["--clusters", "3"];
const trained = ["cluster", "tiny", "--method", "denoising-ae+kmeans", ...few, ...small];
const checkpoint = "o.partial/checkpoints/training.safetensors";
const network = ["model/encoder.onnx", "model/decoder.onnx", "model/centers.npy", "assignments.csv"];

const contents = async (folder: string, names: readonly string[] = network) =>
  Promise.all(names.map(async (name) => (await readFile(`${folder}/${name}`)).toString("base64")));

/** Result of `trained` without interruption. */
let whole = "";
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
  whole = join(folder, "whole");
  await record([...trained, "--out", whole]);
});
afterAll(() => rm(join(whole, ".."), { recursive: true }));

/** Changes a file, runs, and puts the file back. */
async function withFile(file: string, content: Uint8Array | string, words: readonly string[]) {
  const before = await readFile(file);
  await writeFile(file, content);
  const recording = await record(words);
  await writeFile(file, before);
  return recording;
}

describe("a run that is interrupted and resumed ends as one that never was", () => {
  test.each([
    "features",
    "epoch 1/3, minibatch 8 of 54",
    "epoch 1/3, minibatch 54 of 54",
    "epoch 2/3, minibatch 32 of 54",
    "epoch 3/3, minibatch 54",
    "iteration 1",
    "number of clusters: 5",
  ])("at %s", async (cancelAt) => {
    const { exitCode, error } = await record([...trained, "--out", "o"], { cancelAt });
    expect(error).toBe("unlabeled: cancelled. Resume with: unlabeled resume o.partial\n");
    expect(exitCode).toBe(130);
    expect(await filesBelow()).not.toContain("o");
    const resumed = await record(["resume", "o.partial", "--json"]);
    expect(resumed).toMatchObject({ exitCode: 0, error: "" });
    expect(JSON.parse(resumed.out).results[0].run).toBe("o");
    expect(await contents("o")).toEqual(await contents(whole));
    expect(await filesBelow("o")).toEqual(await filesBelow(whole));
    expect(await filesBelow()).not.toContain("o.partial");
  });

  test("also where it is interrupted again and again, and where Ctrl-C falls between two epochs", async () => {
    await record([...trained, "--out", "o"], { cancelAt: "minibatch 8 of 54" });
    for (const cancelAt of ["epoch 1/3, minibatch 54", "epoch 2/3", "epoch 2/3, minibatch 54", "epoch 3/3"]) {
      const { exitCode, progress } = await record(["resume", "o"], { cancelAt });
      expect(exitCode).toBe(130);
      expect(progress.filter((line) => line.includes("epoch")).length).toBeLessThanOrEqual(3);
    }
    expect((await record(["resume", "o/"])).exitCode).toBe(0);
    expect(await contents("o")).toEqual(await contents(whole));
  });

  test("a checkpoint is there after every epoch, and goes on from there", async () => {
    await record([...trained, "--out", "o"], { cancelAt: "iteration 1" });
    const { progress } = await record(["resume", "o"]);
    expect(progress.filter((line) => line.includes("epoch"))).toEqual([]);
  });

  test("a comparison keeps the runs that it has finished, and their pictures", async () => {
    const methods = ["--methods", "pixels+kmeans,dense-ae+kmeans"];
    const words = ["compare", "tiny", ...methods, "--runs", "2", ...few, ...small];
    await record([...words, "--out", "whole"]);
    await record([...words, "--out", "o"], { cancelAt: "Run 4 of 4: dense-ae+kmeans, seed 1: epoch 2/3" });
    const before = await filesBelow("o.partial");
    expect(before).toContain("dense-ae+kmeans-0/run.json");
    expect(before.filter((name) => name.includes("checkpoints/pictures"))).toHaveLength(2);
    const { progress, exitCode } = await record(["resume", "o"]);
    expect(exitCode).toBe(0);
    expect(progress.filter((line) => /Run [123]/.test(line))).toEqual([]);
    expect(await filesBelow("o")).toEqual(await filesBelow("whole"));
    expect(await contents("o/dense-ae+kmeans-1")).toEqual(await contents("whole/dense-ae+kmeans-1"));
    const figures = (await filesBelow("whole/figures")).filter((name) => !name.includes("seconds"));
    expect(await contents("o/figures", figures)).toEqual(await contents("whole/figures", figures));
    const scores = async (folder: string) =>
      JSON.parse(await readFile(`${folder}/compare.json`, "utf8")).results.map(
        ({ metrics, run, history }: Record<string, unknown>) => ({ metrics, run, history }),
      );
    expect(await scores("o")).toEqual(await scores("whole"));
  });

  // Of images without labels: resume.long.test.ts.
  test("a comparison has the same report and record, byte for byte", async () => {
    const still = { now: () => 0 }; // on a clock that stands still nothing but the work itself could differ
    const asked = ["--methods", "pixels+kmeans,dense-ae+kmeans", "--runs", "2", ...few];
    const quick = ["--widths", "8", "--code-size", "2", "--epochs", "1"];
    const words = ["compare", "tiny", ...asked, ...quick, "--split", "train", "--score", "test"];
    await record([...words, "--out", "o"], still);
    await rename("o", "whole");
    await record([...words, "--out", "o"], { ...still, cancelAt: "Run 2 of 4" });
    await record(["resume", "o"], { ...still, cancelAt: "Run 4 of 4" });
    const { exitCode, error } = await record(["resume", "o"], still);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
    const figures = (await filesBelow("whole/figures")).map((name) => `figures/${name}`);
    expect(figures).toContain("figures/method-agreement.svg");
    const names = ["compare.json", "report.html", ...figures];
    expect(await contents("o", names)).toEqual(await contents("whole", names));
    const { agreement } = JSON.parse(await readFile("o/compare.json", "utf8"));
    expect(agreement.ari.flat().map((value: unknown) => typeof value)).toEqual(new Array(4).fill("number"));
  });

  test("runs of pixels alone are made anew where they are missing", async () => {
    const words = ["cluster", "tiny", "--runs", "3", ...few];
    await record([...words, "--out", "whole"]);
    await record([...words, "--out", "o"], { cancelAt: "Run 3 of 3" });
    const { progress, exitCode } = await record(["resume", "o"]);
    expect(exitCode).toBe(0);
    expect(progress.filter((line) => /Run [12]/.test(line))).toEqual([]);
    const names = [0, 1, 2].map((seed) => `pixels+kmeans-${seed}/assignments.csv`);
    expect(await contents("o", names)).toEqual(await contents("whole", names));
  });

  test("so does an elbow curve", async () => {
    const words = ["elbow", "tiny", "--method", "dense-ae+kmeans", ...small, "--to", "5"];
    await record([...words, "--out", "whole"]);
    for (const cancelAt of ["epoch 2/3, minibatch 32", "number of clusters: 4"]) {
      const [first, again] = [
        await record([...words, "--out", "o"], { cancelAt }),
        await record(["resume", "o"]),
      ];
      expect([first.exitCode, again.exitCode]).toEqual([130, 0]);
      expect(await contents("o", ["elbow.json"])).toEqual(await contents("whole", ["elbow.json"]));
      await rm("o", { recursive: true });
    }
  });

  test("on the images that it was begun with: split, limit, score and validation", async () => {
    const part = ["--split", "train", "--limit", "10", "--score", "holdout", "--threads", "1"];
    const words = ["cluster", "tiny", "--method", "vae+kmeans", ...few, ...small, ...part];
    const begun = await record([...words, "--out", "o"], { cancelAt: "epoch 2/3" });
    const resumed = await record(["resume", "o", "--json"]);
    expect(resumed.opened).toEqual(begun.opened);
    expect(JSON.parse(resumed.out).results[0].scored.split).toBe("holdout");
    expect(JSON.parse(await readFile("o/run.json", "utf8")).environment.threads).toBe(1);
  });
});

describe("a folder of which only the last rename is missing", () => {
  test.each([
    ["cluster", ["cluster", "tiny", ...few]],
    ["compare", ["compare", "tiny", ...few, "--runs", "2", "--methods", "pixels+kmeans,pca+kmeans"]],
    ["elbow", ["elbow", "tiny", "--to", "4"]],
  ])("of %s is moved into place, and its result printed", async (_, words) => {
    const { out } = await record([...words, "--out", "o", "--json"]);
    await rename("o", "o.partial");
    const resumed = await record(["resume", "o", "--json"]);
    expect(resumed).toMatchObject({ exitCode: 0, error: "", opened: [] });
    expect(JSON.parse(resumed.out)).toEqual(JSON.parse(out));
    expect((await filesBelow()).filter((name) => !name.includes("/"))).toEqual(["o"]);
  });
});

describe("a new run in the place of an interrupted one", () => {
  test("refuses to throw a checkpoint away, unless forced", async () => {
    await record([...trained, "--out", "o"], { cancelAt: "epoch 2/3" });
    const refused = await record([...trained, "--out", "o"]);
    expect(refused.exitCode).toBe(2);
    expect(refused.error).toBe(
      'unlabeled cluster: "o.partial" must not exist; got an interrupted run. Go on with it: unlabeled resume o.partial, or begin anew with --force.\n',
    );
    expect(await filesBelow()).toContain(checkpoint);
    expect((await record(["cluster", "tiny", ...few, "--out", "o", "--force"])).exitCode).toBe(0);
    expect((await filesBelow()).filter((name) => !name.includes("/"))).toEqual(["o"]);
  });

  test("replaces one that had nothing to lose", async () => {
    await record(["cluster", "tiny", ...few, "--out", "o"], { cancelAt: "iteration 1" });
    expect((await record(["cluster", "tiny", ...few, "--out", "o"])).exitCode).toBe(0);
    expect((await filesBelow()).filter((name) => !name.includes("/"))).toEqual(["o"]);
  });

  test("a name with a space is quoted in the command that goes on", async () => {
    const { error } = await record(["cluster", "tiny", ...few, "--out", "my runs"], {
      cancelAt: "iteration 1",
    });
    expect(error).toContain('unlabeled resume "my runs.partial"\n');
  });
});

describe("resume refuses", () => {
  test("what is no interrupted run, one that is finished, and one that is going on", async () => {
    await record(["cluster", "tiny", ...few, "--out", "done"]);
    expect((await record(["resume", "done"])).error).toContain(
      'got nothing there. "done" is finished already.',
    );
    await mkdir("photos.partial");
    await writeFile("photos.partial/cat.png", "");
    expect((await record(["resume", "photos"])).error).toContain(
      "got something that unlabeled did not write",
    );
    await record(["cluster", "tiny", ...few, "--out", "o"], { cancelAt: "iteration 1" });
    const marker = JSON.stringify({ format: "unlabeled-partial", pid: process.ppid, host: hostname() });
    const busy = await withFile("o.partial/unlabeled-partial.json", marker, ["resume", "o"]);
    expect(busy.error).toContain(`got a run that is still going on (process ${process.ppid})`);
    expect(busy.exitCode).toBe(2);
    await cp("done", "o", { recursive: true });
    const taken = await record(["resume", "o"]);
    expect(taken.error).toContain('got "o". Move that one away, and resume again.');
    expect(await filesBelow()).toContain("o.partial/resume.json");
  });

  test("images that have changed since", async () => {
    await record([...trained, "--out", "o"], { cancelAt: "epoch 2/3" });
    const open: typeof openTiny = (location, options) => ({ ...openTiny(location, options), sha256: "new" });
    const { error, exitCode } = await record(["resume", "o"], { open });
    expect(error).toBe(
      'unlabeled resume: "tiny" must hold the images that "o.partial" was begun with (all-60...); got others (new...). Put those back, or begin anew with --force.\n',
    );
    expect(exitCode).toBe(2);
    expect((await record(["resume", "o"])).exitCode).toBe(0);
  });

  test("another network of the user's own", async () => {
    const network = (factor: number): Uint8Array => {
      const x = input("x", "float32", ["n", 196]);
      return encodeModel({ name: "own", inputs: [x], outputs: { code: scale(x, factor) } });
    };
    await writeFile("own.onnx", network(1));
    const words = [
      "cluster",
      "tiny",
      ...few,
      "--method",
      "onnx+kmeans",
      "--encoder",
      "own.onnx",
      "--out",
      "o",
    ];
    expect((await record(words, { cancelAt: "iteration 1" })).exitCode).toBe(130);
    const other = await withFile("own.onnx", network(2), ["resume", "o"]);
    expect(other.error).toBe(
      'unlabeled resume: "own.onnx" must be the network that "o.partial" was begun with; got another. Put that one back, or begin anew with --force.\n',
    );
    expect((await record(["resume", "o"])).exitCode).toBe(0);
  });

  test("a checkpoint that is cut or changed anywhere, and says what to do", async () => {
    await record([...trained, "--out", "o"], { cancelAt: "epoch 2/3" });
    const whole = await readFile(checkpoint);
    const places = [0, 1, 7, 8, 9, 100, 1000, whole.length >> 1, whole.length - 1];
    for (const place of places) {
      const changed = Uint8Array.from(whole);
      changed[place] = (changed[place] as number) ^ 16;
      for (const content of [whole.subarray(0, place), changed]) {
        const { error, exitCode } = await withFile(checkpoint, content, ["resume", "o"]);
        expect(error).toMatch(
          /^unlabeled resume: "o\.partial\/checkpoints\/training\.safetensors" must [^\n]* Delete that file to train again from the start, or begin all anew with --force\.\n$/,
        );
        expect(exitCode).toBe(2);
      }
    }
    await rm(checkpoint); // the advice
    expect((await record(["resume", "o"])).exitCode).toBe(0);
  }, 120_000);

  test("a checkpoint of another run, of other settings, or of other images", async () => {
    await record([...trained, "--out", "o"], { cancelAt: "epoch 2/3" });
    const interrupted = async (words: readonly string[]) => {
      await record([...words, "--out", "other", "--force"], { cancelAt: "epoch 2/3" });
      return readFile("other.partial/checkpoints/training.safetensors");
    };
    const foreign: [readonly string[], string][] = [
      [
        [...trained, "--seed", "1"],
        "must be a checkpoint of denoising-ae+kmeans, seed 0; got one of denoising-ae+kmeans, seed 1.",
      ],
      [trained.map((word) => word.replace("denoising", "sparse")), "got one of sparse-ae+kmeans, seed 0."],
      [
        [...trained, "--learning-rate", "0.1"],
        "unlabeled resume: the checkpoint must be of the same images, network and settings",
      ],
      [[...trained, "--limit", "59"], "must be a checkpoint of the images of this run; got one of others."],
    ];
    for (const [words, message] of foreign) {
      const { error, exitCode } = await withFile(checkpoint, await interrupted(words), ["resume", "o"]);
      expect(error).toContain(message);
      expect(exitCode).toBe(2);
    }
    const model = await withFile(checkpoint, '{"format":"unlabeled-model"}', ["resume", "o"]);
    expect(model.error).toContain("got one that is damaged or of another kind");
    expect((await record(["resume", "o"])).exitCode).toBe(0);
  }, 120_000);

  test("a resume.json that is cut, or in which anything was changed", async () => {
    await record(["cluster", "tiny", ...few, "--out", "o"], { cancelAt: "iteration 1" });
    const file = "o.partial/resume.json";
    const text = await readFile(file, "utf8");
    for (let i = 0; i < text.length - 2; i += 7) {
      const { error, exitCode } = await withFile(file, text.slice(0, i), ["resume", "o"]);
      expect(error).toMatch(/^unlabeled resume: .*resume\.json" must hold JSON; got .*\n$/);
      expect(exitCode).toBe(2);
    }
    const changes: [string, string, string][] = [
      ['"seed": 0', '"seed": 1', "must be as it was written; got content that does not fit its digest"],
      ['"tiny"', '"huge"', "must be as it was written"],
      ["unlabeled-resume", "unlabeled-run", 'must have the format "unlabeled-resume"; got "unlabeled-run"'],
      ['"formatVersion": 1', '"formatVersion": 2', "A newer version of unlabeled wrote it"],
      ['"command": "cluster"', '"command": "assign"', "command in"],
    ];
    for (const [from, to, message] of changes) {
      expect(text).toContain(from);
      const { error, exitCode } = await withFile(file, text.replace(from, to), ["resume", "o"]);
      expect(error).toContain(message);
      expect(exitCode).toBe(2);
    }
    await rm(file);
    expect((await record(["resume", "o"])).error).toContain("got none of its settings");
  });

  test("finished runs of which something is missing or damaged", async () => {
    const words = ["cluster", "tiny", "--runs", "3", ...few, "--out", "o"];
    await record(words, { cancelAt: "Run 3 of 3" });
    const [pictures = ""] = (await filesBelow("o.partial/checkpoints")).filter((name) =>
      /pictures/.test(name),
    );
    const file = `o.partial/checkpoints/${pictures}`;
    const damaged = await withFile(file, "", ["resume", "o"]);
    expect(damaged.error).toMatch(/pictures-\d\.safetensors" must be a whole file of unlabeled/);
    const run = "o.partial/pixels+kmeans-1/run.json";
    const other = await readFile("o.partial/pixels+kmeans-0/run.json", "utf8");
    const swapped = await withFile(run, other, ["resume", "o"]);
    expect(swapped.error).toContain("must be of pixels+kmeans, seed 1");
    const assigned = "o.partial/pixels+kmeans-0/assignments.csv";
    const short = (await readFile(assigned, "utf8")).split("\n").slice(0, 50).join("\n");
    const cut = await withFile(assigned, short, ["resume", "o"]);
    expect(cut.error).toContain(
      'pixels+kmeans-0/assignments.csv" must have 60 rows, as run.json says; got 49.',
    );
    await rename(assigned, "elsewhere.csv");
    const lost = await record(["resume", "o"]);
    expect(lost.error).toContain(
      'assignments.csv" must be there; got nothing. Delete the folder of pixels+kmeans, seed 0 to make that run again.',
    );
    await rename("elsewhere.csv", assigned);
    await rm(file);
    const missing = await record(["resume", "o"]);
    expect(missing.error).toContain("must be there; got nothing. Delete the folder of pixels+kmeans, seed");
    expect([damaged, swapped, cut, lost, missing].map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 2]);
  });
});

test("another version, or another runtime, is told before it goes on", async () => {
  await record([...trained, "--out", "o"], { cancelAt: "epoch 2/3" });
  const openRuntime = async () => {
    const { openRuntime: open } = await import("../../neural/index.ts");
    return { ...(await open({ only: anyRuntime, threads: 2 })), version: "0.1" };
  };
  const { error, exitCode } = await record(["resume", "o"], { openRuntime });
  expect(error).toMatch(
    /^unlabeled: the run was begun with onnxruntime-\S+ \S+, 2 threads; this is onnxruntime-\S+ 0\.1, 2 threads: it may end slightly different from an uninterrupted one\.\n$/,
  );
  expect(exitCode).toBe(0);
});

test("a resumed comparison of images without labels has the same report and record, byte for byte", async () => {
  const open: typeof openTiny = (location, options) => {
    const source = openTiny(location, options);
    const { labels, classNames, ...images } = source.images;
    return { ...source, images };
  };
  const world = { open, now: () => 0 }; // on a clock that stands still nothing but the work itself could differ
  const asked = ["--methods", "pixels+kmeans,dense-ae+kmeans", "--runs", "2", "--clusters", "5"];
  const words = ["compare", "tiny", ...asked, "--widths", "8", "--code-size", "2", "--epochs", "1"];
  await record([...words, "--out", "o"], world);
  await rename("o", "whole");
  await record([...words, "--out", "o"], { ...world, cancelAt: "Run 2 of 4" });
  await record(["resume", "o"], { ...world, cancelAt: "Run 4 of 4" });
  const { exitCode, error } = await record(["resume", "o"], world);
  expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
  const figures = (await filesBelow("whole/figures")).map((name) => `figures/${name}`);
  expect(figures).toContain("figures/method-agreement.svg");
  for (const name of ["compare.json", "report.html", ...figures]) {
    const [resumed, whole] = [await readFile(`o/${name}`), await readFile(`whole/${name}`)];
    expect([name, resumed.equals(whole)]).toEqual([name, true]);
  }
});
