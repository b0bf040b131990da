import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FormatError, InputError, UnlabeledError } from "../../errors.ts";
import { tinyRun } from "../../experiment/testing/tiny-run.ts";
import { architectures } from "../../features/autoencoder/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { encodeModel, input, type Runtime, reshape, scale } from "../../neural/index.ts";
import { sharedRuntime } from "../../neural/testing/runtimes.ts";
import { assignImages, type Chain } from "../../pipeline/index.ts";
import { fitChain } from "../../pipeline/testing/fit-chain.ts";
import { createRandom } from "../../random/index.ts";
import { createOutputFolder, modelFiles, readModel, readRun, writeRun } from "./index.ts";

const random = createRandom(3).stream("images");
/** 30 images of noise: what a network learns of them does not matter here. */
const images: ImageSet = {
  count: 30,
  height: 6,
  width: 5,
  channels: 1,
  pixels: Uint8Array.from({ length: 900 }, () => random.integer(256)),
};

let runtime: Runtime;
let folder = "";
beforeAll(async () => {
  runtime = await sharedRuntime();
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const small: Readonly<Record<string, readonly number[]>> = {
  "vanilla-ae": [],
  "dense-ae": [7, 6],
  "conv-ae": [2, 3],
};

function fitted(architecture: string): Promise<Chain> {
  const network = { epochs: 1, batch: 10, codeSize: 3, widths: small[architecture] ?? [8, 7] };
  return fitChain(`${architecture}+kmeans`, images, { nClusters: 3, network }, { runtime });
}

type Files = Map<string, Uint8Array>;

function filesOf(chain: Chain): Files {
  const bytes = (content: string | Uint8Array): Uint8Array =>
    typeof content === "string" ? new TextEncoder().encode(content) : content;
  return new Map([...modelFiles(chain)].map(([name, content]) => [name, bytes(content)]));
}

function back(files: Files): Promise<Chain> {
  return readModel("model", async (name) => {
    const found = files.get(name);
    if (found) return found;
    throw new InputError(`"${name}" is missing`);
  });
}

/** The bytes of another file in place of one. */
function exchanged(files: Files, name: string, bytes: Uint8Array): Files {
  return new Map([...files, [name, bytes]]);
}

/** `model.json` changed as an object. */
// biome-ignore lint/suspicious/noExplicitAny: any field may be changed to anything
function edited(files: Files, change: (model: any) => void): Files {
  const model = JSON.parse(new TextDecoder().decode(files.get("model.json")));
  change(model);
  return exchanged(files, "model.json", new TextEncoder().encode(JSON.stringify(model)));
}

/** The same with digests for arrays, which would be compared element by element, for minutes. */
function digested(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${value.constructor.name} ${createHash("sha256").update(bytes).digest("hex")}`;
  }
  if (value instanceof Map) return digested(Object.fromEntries(value));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, digested(inner)]));
}

async function refusal(files: Files): Promise<string> {
  const error = await back(files).then(
    () => "was read",
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(FormatError);
  return (error as Error).message;
}

describe("a chain with a trained network", () => {
  test.each(Object.keys(architectures))(
    "of %s comes back from its files, and assigns the same",
    async (name) => {
      const chain = await fitted(name);
      const files = filesOf(chain);
      expect([...files.keys()].sort()).toEqual([
        "centers.npy",
        "decoder.onnx",
        "encoder.onnx",
        "model.json",
        "pipeline.onnx",
      ]);
      const read = await back(files);
      expect(digested(read)).toEqual(digested(chain));
      const context = { runtime };
      expect(await assignImages(read, images, context)).toEqual(await assignImages(chain, images, context));
      expect(digested(filesOf(read))).toEqual(digested(files));
    },
  );

  test("comes back through a run folder; a missing file is named", async () => {
    const chain = await fitted("dense-ae");
    const run = tinyRun();
    const labels = Int32Array.of(0, 1, 2, 0, 1, 2);
    const record = { ...run.record, method: chain.method, clusters: 3 };
    const output = await createOutputFolder(join(folder, "run"), { force: false });
    const assignment = { ...run.assignment, labels };
    await writeRun(output, "", { ...run, record, chain, assignment }, { html: "<p>report</p>", figures: [] });
    await output.commit();
    expect((await readdir(join(folder, "run", "model"))).sort()).toEqual([
      ...["centers.npy", "decoder.onnx", "encoder.onnx", "model.json", "pipeline.onnx"],
    ]);
    expect(await readRun(join(folder, "run"))).toEqual({ record, chain, labels });

    await writeFile(join(folder, "run", "model", "decoder.onnx"), "not a network");
    await expect(readRun(join(folder, "run"))).rejects.toThrow(FormatError);
    await expect(readRun(join(folder, "run"))).rejects.toThrow(
      `"${join(folder, "run", "model")}/decoder.onnx" must be an ONNX model; got 13 bytes`,
    );
    await rm(join(folder, "run", "model", "decoder.onnx"));
    await expect(readRun(join(folder, "run"))).rejects.toThrow(InputError);
    await expect(readRun(join(folder, "run"))).rejects.toThrow("decoder.onnx");
  });
});

describe("files of a network that are damaged", () => {
  let files: Files;
  beforeAll(async () => {
    files = filesOf(await fitted("dense-ae"));
  });
  const bytesOf = (name: string): Uint8Array => files.get(name) ?? new Uint8Array();

  test.each(["encoder.onnx", "decoder.onnx"])("%s, cut anywhere, is refused", async (name) => {
    const whole = bytesOf(name);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        const message = await refusal(exchanged(files, name, whole.subarray(0, length)));
        expect(message).toContain(`"model/${name}" must be an ONNX model; got ${length} bytes`);
      }),
      { numRuns: 30 },
    );
  });

  test.each(["encoder.onnx", "decoder.onnx"])(
    "%s with a changed byte is read or refused by us",
    async (name) => {
      const whole = bytesOf(name);
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
          const error = await back(exchanged(files, name, whole.with(at, byte))).catch((failure) => failure);
          if (error instanceof Error) expect(error).toBeInstanceOf(UnlabeledError);
        }),
        { numRuns: 100 },
      );
    },
  );

  test("that belong to another network are refused, with what is missing", async () => {
    const other = filesOf(await fitted("denoising-ae"));
    const swapped = exchanged(files, "encoder.onnx", bytesOf("decoder.onnx"));
    expect(await refusal(swapped)).toContain(
      '"model/encoder.onnx" must hold "encoder.1.weights" as 30 x 7 float32; got none. It belongs to another network than model.json.',
    );
    const foreign = exchanged(files, "encoder.onnx", other.get("encoder.onnx") ?? new Uint8Array());
    expect(await refusal(foreign)).toContain(
      '"model/encoder.onnx" must hold "encoder.1.weights" as 30 x 7 float32; got 30 x 8 float32.',
    );
  });

  test("weights that are not finite are refused", async () => {
    const chain = await fitted("dense-ae");
    if (chain.features.kind !== "autoencoder") throw new TypeError("an autoencoder was expected");
    const { parameters } = chain.features;
    const bias = { shape: [7], data: new Float32Array(7).fill(Number.NaN) };
    const sick = {
      ...chain,
      features: { ...chain.features, parameters: { ...parameters, "encoder.1.bias": bias } },
    };
    expect(await refusal(filesOf(sick))).toContain(
      '"encoder.1.bias" in "model/encoder.onnx" must be finite; got NaN',
    );
  });

  test.each<[string, (model: { [key: string]: never }) => void, string]>([
    // biome-ignore-start lint/suspicious/noExplicitAny: any field may be changed to anything
    ["an unknown kind of features", (m: any) => (m.features.kind = "dreams"), "features.kind"],
    [
      "an unknown architecture",
      (m: any) => (m.features.settings.architecture = "x"),
      "features.settings.architecture",
    ],
    [
      "an unknown layer",
      (m: any) => (m.features.settings.design.encoder.layers[1].kind = "attention"),
      "features.settings.design.encoder.layers.1.kind",
    ],
    [
      "an unknown activation",
      (m: any) => (m.features.settings.design.encoder.layers[1].activation = "swish"),
      "features.settings.design.encoder.layers.1.activation",
    ],
    [
      "a code of no size",
      (m: any) => (m.features.settings.design.codeSize = 0),
      "features.settings.design.codeSize",
    ],
    [
      "other widths",
      (m: any) => (m.features.settings.design.encoder.layers[1].units = 9),
      "got 30 x 7 float32",
    ],
    [
      "a code of another size",
      (m: any) => (m.features.settings.design.codeSize = 2),
      "must hold float64 of 3 x 2",
    ],
    [
      "a layer less",
      (m: any) => m.features.settings.design.decoder.layers.splice(-2),
      "the layers in model.json must go together; got: one part gives 7 numbers, the next takes 30.",
    ],
    [
      "another method",
      (m: any) => (m.method = "conv-ae+kmeans"),
      'features in "model/model.json" must be those of "conv-ae+kmeans"; got "dense-ae".',
    ],
    [
      "images of another size",
      (m: any) => (m.shape.height = 7),
      "must be of images of 7 x 5 x 1, as its shape says; got 6 x 5 x 1.",
    ],
    ["no training", (m: any) => delete m.features.training, "features.training"],
    // biome-ignore-end lint/suspicious/noExplicitAny: see above
  ])("a model.json with %s is refused", async (_, change, message) => {
    expect(await refusal(edited(files, change))).toContain(message);
  });
});

describe("a chain with the user's own network", () => {
  const pixels = input("x", "float32", [4, 1, 6, 5]);
  const bytes = encodeModel({
    name: "own",
    inputs: [pixels],
    outputs: { code: scale(reshape(pixels, [4, 30]), 2) },
  });
  const fit = (): Promise<Chain> =>
    fitChain("onnx+kmeans", images, { nClusters: 3, encoder: { name: "own.onnx", bytes } }, { runtime });

  test("keeps a copy of it, has no pipeline.onnx, and assigns the same when read", async () => {
    const chain = await fit();
    const files = filesOf(chain);
    expect([...files.keys()].sort()).toEqual(["centers.npy", "encoder.onnx", "model.json"]);
    expect(files.get("encoder.onnx")).toEqual(bytes);
    const read = await back(files);
    expect(read).toEqual(chain);
    const context = { runtime };
    expect(await assignImages(read, images, context)).toEqual(await assignImages(chain, images, context));
  });

  test("is refused where its files do not go together", async () => {
    const files = filesOf(await fit());
    expect(await refusal(exchanged(files, "encoder.onnx", bytes.subarray(0, 50)))).toContain(
      '"model/encoder.onnx" must be an ONNX model; got 50 bytes',
    );
    const shorter = edited(files, (model) => {
      model.features.input.shape = [1, 6, 4];
    });
    expect(await refusal(shorter)).toContain(
      'the input in "model/model.json" must take the 30 numbers of an image; got one of 1 x 6 x 4.',
    );
    const longer = edited(files, (model) => {
      model.features.output.length = 31;
    });
    expect(await refusal(longer)).toContain('"model/centers.npy" must hold float64 of 3 x 31');
  });

  test("another network in its place is seen when images are assigned", async () => {
    const x = input("x", "float32", [4, 1, 6, 5]);
    const other = encodeModel({ name: "other", inputs: [x], outputs: { code: reshape(x, [8, 15]) } });
    const read = await back(exchanged(filesOf(await fit()), "encoder.onnx", other));
    const assigned = assignImages(read, images, { runtime });
    await expect(assigned).rejects.toThrow(InputError);
    await expect(assigned).rejects.toThrow('"code" of "own.onnx" must have 30 numbers for each image');
  });
});
