import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openRuntime, type Runtime } from "../../neural/index.ts";
import { anyRuntime } from "../../neural/testing/runtimes.ts";
import { parseElbow, parseRun } from "../../node/index.ts";
import { record, type World } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

/** A network small enough to be trained in no time. */
const small = ["--widths", "8", "--code-size", "2", "--epochs", "2", "--batch", "16"];
/** Few clusters have few pictures in the report, which takes more time than so small a run. */
const few = ["--clusters", "3"];
const trained = ["cluster", "tiny", "--method", "dense-ae+kmeans", ...few, ...small];

/** A world that counts runtimes. */
function countingWorld(change: Partial<Runtime> = {}) {
  const opened: (number | undefined)[] = [];
  let closed = 0;
  const world: World = {
    openRuntime: async (threads) => {
      opened.push(threads);
      const runtime = await openRuntime({ only: anyRuntime, threads });
      const close = (): void => {
        closed++;
        runtime.close();
      };
      return { ...runtime, ...change, close };
    },
  };
  return { world, opened, closed: () => closed };
}

describe("a method that trains a network", () => {
  test("takes the flags into the run's settings, only those that were given, and into the network", async () => {
    const words = [...trained, "--loss", "bce", "--learning-rate", "0.01", "--out", "o", "--json"];
    const { out, exitCode } = await record(words);
    expect(exitCode).toBe(0);
    const [result] = JSON.parse(out).results;
    expect(result.settings.network).toEqual({
      ...{ widths: [8], codeSize: 2, epochs: 2, batch: 16, loss: "bce", learningRate: 0.01 },
    });
    expect(result.training).toMatchObject({
      ...{ architecture: "dense-ae", codeSize: 2, batch: 16, loss: "bce", learningRate: 0.01, maxEpochs: 2 },
    });
    expect(result.training.epochs).toHaveLength(2);
    const stored = parseRun(await readFile("o/run.json", "utf8"), "run.json");
    expect(stored.settings).toEqual(result.settings);
    expect((await filesBelow("o/model")).sort()).toEqual([
      ...["centers.npy", "decoder.onnx", "encoder.onnx", "familiarity.json", "model.json", "pipeline.onnx"],
    ]);
    const plain = await record([
      "cluster",
      "tiny",
      "--method",
      "vae+kmeans",
      ...few,
      "--epochs",
      "1",
      "--json",
    ]);
    expect(JSON.parse(plain.out).results[0].settings.network).toEqual({ epochs: 1 });
  });

  test("shows epoch, minibatch, losses, speed and time left", async () => {
    const { progress } = await record(trained);
    expect(progress).toContainEqual(
      expect.stringMatching(
        /^dense-ae\+kmeans, seed 0: epoch 2\/2, minibatch 4 of 4, loss 0\.\d+, validation loss 0\.\d+, \d+ images\/s, 0 s left$/,
      ),
    );
    const order = [
      "dense-ae+kmeans, seed 0: epoch 1/2",
      "iteration 1",
      "scores",
      "number of clusters: 1, the 1. of 20",
    ];
    const places = order.map((text) => progress.findIndex((line) => line.includes(text)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  test("is judged on the validation split where it is trained on the training split, else on a tenth", async () => {
    const judged = async (words: readonly string[]) => {
      const { opened, out } = await record([...trained, "--json", "--force", "--out", "o", ...words]);
      const [{ training }] = JSON.parse(out).results;
      return [opened.map(([, { split, limit }]) => [split, limit]), training.validation];
    };
    expect(await judged(["--split", "train"])).toEqual([
      [
        ["train", undefined],
        ["validation", undefined],
      ],
      "10 images of the validation split",
    ]);
    expect(await judged(["--split", "train", "--limit", "20", "--score", "test"])).toEqual([
      [
        ["train", 20],
        ["test", 20],
        ["validation", undefined],
      ],
      "2 images of the validation split",
    ]);
    expect(await judged([])).toEqual([[["all", undefined]], "6 of the images, which were not trained on"]);
  });

  test("keeps a tenth where a source has no test images", async () => {
    const { openTiny } = await import("../testing/recorder.ts");
    const { OptionError } = await import("../../errors.ts");
    const open: typeof openTiny = (location, options) => {
      if (options.split !== "train") throw new OptionError("openSource: no such part");
      return openTiny(location, options);
    };
    const { out } = await record([...trained, "--split", "train", "--json"], { open });
    expect(JSON.parse(out).results[0].training.validation).toBe("4 of the images, which were not trained on");
  });

  test("opens one runtime for the whole command, with its threads, and closes it", async () => {
    const { world, opened, closed } = countingWorld();
    const methods = ["--methods", "pixels+kmeans,dense-ae+kmeans,vae+kmeans"];
    const words = ["compare", "tiny", ...methods, ...few, ...small];
    expect((await record([...words, "--runs", "2", "--threads", "1"], world)).exitCode).toBe(0);
    expect(opened).toEqual([1]);
    expect(closed()).toBe(1);
    const failing = ["cluster", "tiny", "--method", "vae+kmeans", ...small, "--learning-rate", "1e30"];
    expect((await record(failing, world)).exitCode).toBe(2);
    expect(opened).toEqual([1, 2]);
    expect(closed()).toBe(2);
  });

  test("pixels alone open no runtime", async () => {
    const { world, opened } = countingWorld();
    await record(["cluster", "tiny", ...few, "--out", "o"], world);
    await record(["assign", "o", "tiny"], world);
    await record(["repeat", "o"], world);
    await record(["elbow", "tiny", "--to", "3"], world);
    expect(opened).toEqual([]);
  });

  test("a slower runtime is told once, and on standard error", async () => {
    const { world } = countingWorld({ notice: "networks run on WebAssembly." });
    const { out, error } = await record([...trained, "--runs", "2", "--json", "--out", "a"], world);
    expect(error).toBe("unlabeled: networks run on WebAssembly.\n");
    expect(JSON.parse(out).results).toHaveLength(2);
  });

  test("a loss that is not finite ends with 2, its cause and remedy, and leaves nothing", async () => {
    const words = ["cluster", "tiny", "--method", "vae+kmeans", ...small, "--learning-rate", "1e30"];
    const { exitCode, error } = await record(words);
    expect(error).toMatch(
      /^unlabeled cluster: the loss must stay finite; got .* lower the learning rate .*\n$/,
    );
    expect(exitCode).toBe(2);
    expect(await filesBelow()).toEqual([]);
  });

  test("in a comparison, it keeps the runs that are done, and does not advise to go on", async () => {
    const methods = ["--methods", "pixels+kmeans,vae+kmeans", "--learning-rate", "1e30", "--out", "o"];
    const { exitCode, error } = await record(["compare", "tiny", ...few, ...small, ...methods]);
    expect(exitCode).toBe(2);
    expect(error).toContain(
      "unlabeled: what was done before is kept in o.partial. Going on from it with the",
    );
    expect(error).not.toContain("unlabeled resume");
    expect(await filesBelow("o.partial")).toContain("pixels+kmeans-0/run.json");
  });

  test("in a comparison, wishes for networks stay out of the records of other methods", async () => {
    const methods = ["--methods", "pixels+kmeans,dense-ae+kmeans"];
    const words = ["compare", "tiny", ...methods, ...few, ...small, "--json"];
    const { results } = JSON.parse((await record(words)).out);
    expect(results.map(({ settings }: { settings: object }) => "network" in settings)).toEqual([false, true]);
  });

  test("assign gives the images of the run the clusters that the run gave them", async () => {
    await record([...trained, "--out", "run"]);
    const { world, opened, closed } = countingWorld();
    const { exitCode } = await record(["assign", "run", "tiny", "--out", "a.csv", "--threads", "1"], world);
    expect(exitCode).toBe(0);
    expect([opened, closed()]).toEqual([[1], 1]);
    const clusters = async (file: string) =>
      (await readFile(file, "utf8")).split("\n").map((line) => line.split(",")[3]);
    expect(await clusters("a.csv")).toEqual(await clusters("run/assignments.csv"));
  });

  test("repeat trains again as the run did, on as many threads, and finds the same labels", async () => {
    await record([...trained, "--split", "train", "--threads", "1", "--out", "run"]);
    const { world, opened } = countingWorld();
    const again = await record(["repeat", "run", "--json"], world);
    expect(JSON.parse(again.out)).toMatchObject({ same: true, different: 0, count: 40, metricsSame: true });
    expect(again.opened.map(([, { split }]) => split)).toEqual(["train", "validation"]);
    expect(opened).toEqual([1]);
    const other = await record(["repeat", "run"], countingWorld({ version: "0.1" }).world);
    expect(other.error).toMatch(
      /^unlabeled: the network was trained with onnxruntime-\S+ \S+, 1 thread, and now with onnxruntime-\S+ 0\.1, 1 thread: it may end slightly different\.\n$/,
    );
  });
});

describe("elbow of a network's code", () => {
  test("trains once, shows it, and gives a curve that does not rise", async () => {
    const words = ["elbow", "tiny", "--method", "dense-ae+kmeans", ...small, "--to", "4", "--json"];
    const { out, progress, exitCode, opened } = await record([...words, "--split", "train"]);
    expect(exitCode).toBe(0);
    const { inertia, method } = JSON.parse(out);
    expect(method).toBe("dense-ae+kmeans");
    for (let i = 1; i < 4; i++) expect(inertia[i]).toBeLessThanOrEqual(inertia[i - 1]);
    const epochs = progress.filter((line) => line.includes("minibatch 3 of 3"));
    expect(epochs).toHaveLength(2);
    expect(opened.map(([, { split }]) => split)).toEqual(["train", "validation"]);
    const stored = parseElbow(await readFile("runs/tiny-elbow-0/elbow.json", "utf8"), "elbow.json");
    expect(stored.inertia).toEqual(inertia);
  });

  test("its report names every setting that the curve came from", async () => {
    const words = ["elbow", "tiny", "--method", "dense-ae+kmeans", ...small, "--to", "3", "--init", "random"];
    await record([...words, "--restarts", "2", "--learning-rate", "0.01", "--out", "e"]);
    const report = await readFile("e/report.html", "utf8");
    for (const option of ["--init random", "--restarts 2", "--learning-rate 0.01", "--epochs 2"]) {
      expect(report).toContain(option);
    }
    const { settings } = parseElbow(await readFile("e/elbow.json", "utf8"), "elbow.json");
    expect(settings).toMatchObject({ init: "random", restarts: 2, network: { learningRate: 0.01 } });
  });
});
