import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fit } from "../../cluster/gaussian-mixture/index.ts";
import { FormatError, InputError, UnlabeledError } from "../../errors.ts";
import type { RunRecord } from "../../experiment/index.ts";
import { tinyComparison, tinyRun } from "../../experiment/testing/tiny-run.ts";
import type { Chain } from "../../pipeline/index.ts";
import {
  createOutputFolder,
  csvField,
  modelFiles,
  parseAssignments,
  parseComparison,
  parseElbow,
  parseRun,
  parseStoredPictures,
  readModel,
  readRun,
  writeComparison,
  writeRun,
} from "./index.ts";

const report = { html: "<p>report</p>", figures: [{ name: "sizes.svg", content: "<svg/>" }] };
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function writtenRun(): Promise<string> {
  const out = join(folder, "run");
  const output = await createOutputFolder(out, { force: false });
  await writeRun(output, "", tinyRun(), report);
  await output.commit();
  return out;
}

async function writtenAndRead(chain: Chain, method = chain.method): Promise<Chain> {
  const files = new Map([...modelFiles(chain)].map(([name, content]) => [name, Buffer.from(content)]));
  const text = files.get("model.json")?.toString() ?? "";
  files.set("model.json", Buffer.from(text.replace(chain.method, method)));
  return readModel("model", async (name) => files.get(name) ?? new Uint8Array());
}

describe("a run folder", () => {
  test("lists the images to look at, with fields that no spreadsheet takes for formulas", async () => {
    const out = await writtenRun();
    const lines = (await readFile(join(out, "curation.csv"), "utf8")).split("\n");
    expect(lines).toEqual([
      "kind,rank,index,file,cluster,label,group,score",
      "near-duplicate,1,0,,0,dark,1,0",
      'near-duplicate,1,3,,1,"light, ""bright""",1,0.125',
      'disagreement,1,2,,0,"light, ""bright""",,0.5',
      "",
    ]);
    expect(["=1+1", " @a", "-1", "a-1", "+,", "\ta"].map(csvField)).toEqual([
      "'=1+1",
      "' @a",
      "'-1",
      "a-1",
      '"\'+,"',
      "'\ta",
    ]);
  });

  test("keeps what its report is drawn from", async () => {
    const out = await writtenRun();
    const bytes = await readFile(join(out, "pictures.safetensors.gz"));
    expect(parseStoredPictures(bytes, "p").exhibits).toEqual(tinyRun().exhibits);
    expect(() => parseStoredPictures(bytes.subarray(9), "p")).toThrow(/must be a whole gzip file/);
  });

  test("holds what the contract says, and nothing else", async () => {
    const out = await writtenRun();
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      "assignments.csv",
      "curation.csv",
      "figures",
      join("figures", "sizes.svg"),
      "model",
      join("model", "centers.npy"),
      join("model", "model.json"),
      join("model", "pipeline.onnx"),
      "pictures.safetensors.gz",
      "report.html",
      "run.json",
    ]);
    expect(await readdir(folder)).toEqual(["run"]);
  });

  test("gives back the run that was written, bit by bit", async () => {
    const { record, chain, assignment } = tinyRun();
    const stored = await readRun(await writtenRun());
    expect(stored.record).toEqual(record);
    expect(stored.chain).toEqual(chain);
    expect(stored.labels).toEqual(assignment.labels);
  });

  test("keeps assignments as CSV, class names quoted where they need it", async () => {
    const lines = (await readFile(join(await writtenRun(), "assignments.csv"), "utf8")).split("\n");
    expect(lines.slice(0, 4)).toEqual([
      "index,file,label,cluster,probability,distance",
      `0,,dark,0,,${Math.SQRT2 / 15}`,
      `1,,dark,0,,${Math.sqrt(5) / 15}`,
      `2,,"light, ""bright""",0,,${Math.sqrt(5) / 15}`,
    ]);
    expect(lines).toHaveLength(8);
    expect(lines[7]).toBe("");
  });

  test("a model that was started from given centers keeps them", async () => {
    const { chain } = tinyRun();
    const { clusterer } = chain;
    if (clusterer.kind !== "k-means") throw new TypeError("K-Means was expected");
    const init = { rows: 2, cols: 2, data: Float64Array.of(0, 0.25, 0.5, 1) };
    const given = { ...chain, clusterer: { ...clusterer, settings: { ...clusterer.settings, init } } };
    expect(await writtenAndRead(given)).toEqual(given);
  });

  test.each(["full", "tied", "diagonal", "spherical"] as const)(
    "a mixture with %s covariances comes back as it was, from any kind of start",
    async (covarianceType) => {
      const samples = { rows: 6, cols: 2, data: Float32Array.of(0, 0, 0, 1, 1, 0, 5, 5, 5, 6, 7, 5) };
      const means = { rows: 2, cols: 2, data: Float64Array.of(0, 0, 6, 6) };
      for (const init of ["k-means++", means] as const) {
        const options = { nComponents: 2, covarianceType, init, covarianceRegularization: 0.01 };
        const { labels: _labels, logDensities: _densities, ...clusterer } = await fit(samples, options);
        const chain: Chain = { ...tinyRun().chain, method: "pixels+gmm", clusterer };
        expect(await writtenAndRead(chain)).toEqual(chain);
      }
    },
  );

  test("a model whose clusterer is not that of its method is refused", async () => {
    await expect(writtenAndRead(tinyRun().chain, "pixels+gmm")).rejects.toThrow(
      'readRun: the clusterer in "model/model.json" must be that of "pixels+gmm"; got k-means.',
    );
  });

  test("that is missing, or something else, is refused with what it is", async () => {
    const output = await createOutputFolder(join(folder, "compare"), { force: false });
    const results = tinyComparison([0, 1]).results.map((record) => ({ ...record, run: `r-${record.seed}` }));
    await writeComparison(output, { ...tinyComparison([0, 1]), results }, report);
    await output.commit();
    const refusal = (path: string) => expect(readRun(join(folder, path))).rejects;
    await refusal("nowhere").toThrow("must be the folder of a run; got nothing there. Check the path");
    await refusal("compare").toThrow(
      `got a comparison of 2. Name one of its runs: ${join(folder, "compare", "r-0")}`,
    );
    await refusal("compare/report.html").toThrow("got a file. Give the folder that holds its run.json.");
    await refusal("compare/figures").toThrow("got a folder without run.json");
  });

  test.each([
    ["run.json", "{", "must hold JSON"],
    ["run.json", "", "got an empty file"],
    ["run.json", '{"format":"unlabeled-run","formatVersion":2}', "format version of at most 1; got 2"],
    ["run.json", '{"format":"unlabeled-run","formatVersion":1}', "must follow the format"],
    ["model/model.json", "[]", 'must have the format "unlabeled-model"; got none'],
    ["model/centers.npy", "", "got an empty file"],
    ["assignments.csv", "", 'must start with "index,file,label'],
    ["assignments.csv", "index,file,label,cluster,probability,distance\n0,,,0,,1\n", "must have 6 rows"],
  ])("with a damaged %s holding %j is refused", async (file, content, message) => {
    const out = await writtenRun();
    await writeFile(join(out, file), content);
    const error = await readRun(out).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
  });

  test.each<[string, string, string, string]>([
    ["model/model.json", '"sizes":[3,3]', '"sizes":[3]', "must have 2 cluster sizes; got 1"],
    [
      "model/model.json",
      '"clusterer":',
      '"manifold":{"kind":"umap","file":"map.safetensors"},"clusterer":',
      "must have a map as",
    ],
    ["run.json", '"clusters":2', '"clusters":3', "must belong to its run.json; got another model"],
  ])("with another %s, %j changed into %j, is refused", async (file, from, to, message) => {
    const out = await writtenRun();
    const text = JSON.stringify(JSON.parse(await readFile(join(out, file), "utf8")));
    expect(text).toContain(from);
    await writeFile(join(out, file), text.replace(from, to));
    const error = await readRun(out).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
  });

  test("with centers that are no finite numbers is refused", async () => {
    const out = await writtenRun();
    const bytes = await readFile(join(out, "model/centers.npy"));
    bytes.writeDoubleLE(Number.NaN, bytes.length - 8);
    await writeFile(join(out, "model/centers.npy"), bytes);
    await expect(readRun(out)).rejects.toThrow('centers.npy" must hold finite numbers; got NaN.');
  });

  test("with a file missing is refused by the file's name", async () => {
    const out = await writtenRun();
    await rm(join(out, "model", "centers.npy"));
    await expect(readRun(out)).rejects.toThrow(InputError);
    await expect(readRun(out)).rejects.toThrow('centers.npy" must be a readable file; got nothing there');
  });
});

describe("readers", () => {
  const readers = [parseRun, parseComparison, parseElbow];
  const ours = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      expect(error).toBeInstanceOf(UnlabeledError);
    }
  };

  test("text of any kind gives a record or an error of ours", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of readers) ours(() => read(text, "x.json"));
        ours(() => parseAssignments(text, "x.csv", 3));
      }),
    );
  });

  test("a run.json with one value exchanged gives a record or an error of ours", () => {
    const record = tinyRun().record as unknown as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(record)), fc.jsonValue(), (key, value) => {
        ours(() => parseRun(JSON.stringify({ ...record, [key]: value }), "run.json"));
      }),
    );
  });

  test("a record with a trained network comes back as it was written", async () => {
    const record: RunRecord = {
      ...tinyRun().record,
      settings: {
        ...tinyRun().record.settings,
        network: { epochs: 3, codeSize: 2, widths: [8, 4], loss: "bce", batch: 2, learningRate: 0.01 },
      },
      training: {
        architecture: "dense-ae",
        encoder: ["dense 2 → 8, sigmoid", "dense 8 → 2, sigmoid"],
        decoder: ["dense 2 → 8, sigmoid", "dense 8 → 2, sigmoid"],
        parameters: 84,
        codeSize: 2,
        loss: "bce",
        optimizer: "Adam",
        batch: 2,
        learningRate: 0.01,
        maxEpochs: 3,
        epochs: [
          { loss: 0.7, validationLoss: 0.6, seconds: 0.01 },
          { loss: 0.5, validationLoss: 0.65, seconds: 0.02 },
        ],
        keptEpoch: 1,
        stopReason: "no improvement",
        validation: "2 of the images",
        deadDimensions: [1],
        codeSpread: [0.25, 0.000001],
        runtime: "test",
      },
    };
    expect(parseRun(JSON.stringify(record), "run.json")).toEqual(record);
    const output = await createOutputFolder(join(folder, "run"), { force: false });
    await writeRun(output, "", { ...tinyRun(), record }, report);
    await output.commit();
    expect((await readRun(join(folder, "run"))).record).toEqual(record);
    const training = { ...record.training, stopReason: "bored" };
    expect(() => parseRun(JSON.stringify({ ...record, training }), "run.json")).toThrow(
      'training.stopReason in "run.json"',
    );
  });

  test("a record that is read and written again has the same bytes, whatever the order of its fields", () => {
    const { metrics, settings, ...rest } = tinyRun().record;
    const turned = (value: object): object => Object.fromEntries(Object.entries(value).reverse());
    const record = { metrics: turned(metrics), ...turned(rest), settings: turned(settings) };
    expect(JSON.stringify(parseRun(JSON.stringify(record), "run.json"))).toBe(JSON.stringify(record));
  });

  test("a fault in run.json is named by its place", () => {
    const record = tinyRun().record;
    const text = JSON.stringify({ ...record, source: { ...record.source, count: -6 } });
    expect(() => parseRun(text, "run.json")).toThrow('source.count in "run.json"');
  });

  test("a comparison comes back as it was written", async () => {
    const agreement = {
      methods: ["a", "b"],
      ari: [
        [0.5, 0.25],
        [0.25, null],
      ],
    };
    for (const [name, record] of Object.entries({
      plain: tinyComparison([3, 4]),
      agreeing: { ...tinyComparison([3, 4]), agreement },
    })) {
      const output = await createOutputFolder(join(folder, name), { force: false });
      await writeComparison(output, record, report);
      await output.commit();
      const text = await readFile(join(folder, name, "compare.json"), "utf8");
      expect(parseComparison(text, "compare.json")).toEqual(record);
    }
    const wrong = { ...tinyComparison([3]), agreement: { methods: ["a"], ari: [["high"]] } };
    const text = JSON.stringify({ format: "unlabeled-comparison", formatVersion: 1, ...wrong });
    expect(() => parseComparison(text, "compare.json")).toThrow('agreement.ari.0.0 in "compare.json"');
  });
});

test("clusters are read back from CSV whatever the names of the classes", () => {
  const name = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ") });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.nat(4)), { minLength: 1 }), (rows) => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const lines = rows.map(([label, cluster], i) => `${i},,${quoted(label)},${cluster},,0.5`);
      const text = `index,file,label,cluster,probability,distance\n${lines.join("\n")}\n`;
      expect(Array.from(parseAssignments(text, "x.csv", 5))).toEqual(rows.map(([, cluster]) => cluster));
    }),
  );
});
