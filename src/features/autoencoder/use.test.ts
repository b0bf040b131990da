import { beforeAll, describe, expect, test } from "vitest";
import { CancelledError, InputError } from "../../errors.ts";
import { sliceImages, takeImages } from "../../images/index.ts";
import type { Runtime } from "../../neural/index.ts";
import { describeRuntimes, sharedRuntime } from "../../neural/testing/runtimes.ts";
import { recorded } from "../../neural/training/testing/trainings.ts";
import {
  type AutoencoderModel,
  decode,
  decoderFile,
  encode,
  encoderFile,
  fit,
  parametersFromFiles,
  reconstruct,
  reconstructionErrors,
} from "./index.ts";
import { digest, digests } from "./testing/digests.ts";
import { imagesOf, small, spots } from "./testing/images.ts";
import { eachBlock } from "./use.ts";

const colour = { height: 8, width: 8, channels: 3 };
const cases = {
  "conv-ae": { shape: small, network: { widths: [2, 3], codeSize: 4 } },
  vae: { shape: colour, network: { widths: [6], codeSize: 3 } },
  "dense-ae": { shape: { height: 28, width: 28, channels: 1 }, network: { widths: [8], codeSize: 2 } },
} as const;
type CaseName = keyof typeof cases;
const caseNames = Object.keys(cases) as CaseName[];

/** One trained network of each case; trained natively, used on either runtime. */
const models = new Map<CaseName, AutoencoderModel>();
const modelOf = (name: CaseName): AutoencoderModel => models.get(name) as AutoencoderModel;

beforeAll(async () => {
  const runtime = await sharedRuntime();
  for (const name of caseNames) {
    const { shape, network } = cases[name];
    const choices = { ...network, epochs: 2, batch: 16, learningRate: 0.01 };
    models.set(name, await fit(spots(40, shape), { architecture: name, network: choices }, { runtime }));
  }
});

describeRuntimes("using a network", (runtime: () => Runtime) => {
  const context = (): { readonly runtime: Runtime } => ({ runtime: runtime() });
  const apart = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
    Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);

  test.each(caseNames)("images to codes, codes to images, images to images: %s", async (name) => {
    const { shape, network } = cases[name];
    const images = spots(5, shape, 2);
    const codes = await encode(modelOf(name), images, context());
    expect([codes.rows, codes.cols, codes.data.length]).toEqual([5, network.codeSize, 5 * network.codeSize]);
    expect(codes.data.every(Number.isFinite)).toBe(true);
    const decoded = await decode(modelOf(name), codes, context());
    expect(decoded).toMatchObject({ count: 5, ...shape });
    expect(decoded.pixels.length).toBe(images.pixels.length);
    const { images: again, errors } = await reconstruct(modelOf(name), images, context());
    expect(again).toMatchObject({ count: 5, ...shape });
    // Within rounding, and clipping to bytes, the errors are those of the pictures.
    const length = images.pixels.length / 5;
    errors.forEach((error, i) => {
      let total = 0;
      for (let j = i * length; j < (i + 1) * length; j++) {
        total += ((images.pixels[j] - again.pixels[j]) / 255) ** 2 / length;
      }
      expect(error).toBeGreaterThanOrEqual(total - 1e-3);
      expect(Math.abs(Math.sqrt(error) - Math.sqrt(total))).toBeLessThan(0.03);
    });
    expect(await reconstructionErrors(modelOf(name), images, context())).toEqual(errors);
    if (name !== "conv-ae") expect(again.pixels).toEqual(decoded.pixels);
  });

  test.each(caseNames)("what an image becomes does not depend on those beside it: %s", async (name) => {
    const images = spots(9, cases[name].shape, 3);
    const together = await encode(modelOf(name), images, context());
    const { errors } = await reconstruct(modelOf(name), images, context());
    for (const i of [0, 5, 8]) {
      const alone = takeImages(images, [i]);
      const code = await encode(modelOf(name), alone, context());
      const { cols } = together;
      expect(apart(code.data, together.data.subarray(i * cols, (i + 1) * cols))).toBeLessThan(1e-5);
      const [error] = await reconstructionErrors(modelOf(name), alone, context());
      expect(Math.abs(error - errors[i])).toBeLessThan(1e-6);
    }
  });

  test("more images than a block takes come out like fewer", async () => {
    const { runtime: spied, runs } = recorded(runtime());
    const images = spots(1030, small, 4);
    const all = await encode(modelOf("conv-ae"), images, { runtime: spied });
    const last = await encode(modelOf("conv-ae"), sliceImages(images, 1020, 1030), { runtime: spied });
    expect(runs.map(({ images: block }) => block.shape[0])).toEqual([1024, 6, 10]);
    expect(apart(last.data, all.data.subarray(1020 * 4))).toBeLessThan(1e-5);
    const decoded = await decode(modelOf("conv-ae"), all, context());
    const few = await decode(modelOf("conv-ae"), last, context());
    expect(apart(few.pixels, decoded.pixels.subarray(1020 * 63))).toBeLessThanOrEqual(1);
  });

  test.each(caseNames)("the files alone give what encode and decode give: %s", async (name) => {
    const { height, width, channels } = cases[name].shape;
    const images = spots(3, cases[name].shape, 5);
    const codes = await encode(modelOf(name), images, context());
    const encoder = await runtime().load(encoderFile(modelOf(name)));
    expect(encoder.inputs).toEqual([
      { name: "images", type: "uint8", shape: ["batch", height, width, channels] },
    ]);
    expect(encoder.outputs).toEqual([{ name: "code", type: "float32", shape: ["batch", codes.cols] }]);
    const value = { type: "uint8", shape: [3, height, width, channels], data: images.pixels } as const;
    const { code } = await encoder.run({ images: value }, { fetch: ["code"] });
    expect(code.data).toEqual(codes.data);
    await encoder.release();

    const decoder = await runtime().load(decoderFile(modelOf(name)));
    expect(decoder.outputs).toEqual([
      { name: "images", type: "float32", shape: ["batch", height, width, channels] },
    ]);
    const made = await decoder.run({ code }, { fetch: ["images"] });
    const bytes = Array.from(made.images.data as Float32Array, (light) =>
      Math.round(255 * Math.min(1, Math.max(0, light))),
    );
    expect(bytes).toEqual([...(await decode(modelOf(name), codes, context())).pixels]);
    await decoder.release();
  });

  test.each(caseNames)("a model from its two files is the same: %s", async (name) => {
    const model = modelOf(name);
    const parameters = parametersFromFiles(
      JSON.parse(JSON.stringify(model.settings)),
      { name: "encoder.onnx", bytes: encoderFile(model) },
      { name: "decoder.onnx", bytes: decoderFile(model) },
    );
    expect(digests(parameters)).toEqual(digests(model.parameters));
    expect(digest(encoderFile({ ...model, parameters }))).toBe(digest(encoderFile(model)));
  });

  test("a clone works like the model", async () => {
    const images = spots(4);
    const model = modelOf("conv-ae");
    const clone = structuredClone(model);
    expect(await encode(clone, images, context())).toEqual(await encode(model, images, context()));
    expect(await reconstruct(clone, images, context())).toEqual(await reconstruct(model, images, context()));
  });
});

describe("a network in use", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await sharedRuntime();
  });

  test("conv-ae takes faint and strong images alike, and gives each back in its own strength", async () => {
    const strong = spots(6, small, 6);
    const halves = strong.pixels.map((value) => value - (value % 2));
    const [even, faint] = [
      imagesOf(halves, small),
      imagesOf(
        halves.map((value) => value / 2),
        small,
      ),
    ];
    const [codes, faintCodes] = [
      await encode(modelOf("conv-ae"), even, { runtime }),
      await encode(modelOf("conv-ae"), faint, { runtime }),
    ];
    faintCodes.data.forEach((value, i) => expect(value).toBeCloseTo(codes.data[i], 4));
    const [whole, half] = [
      await reconstructionErrors(modelOf("conv-ae"), even, { runtime }),
      await reconstructionErrors(modelOf("conv-ae"), faint, { runtime }),
    ];
    half.forEach((error, i) => expect(error / whole[i]).toBeCloseTo(1 / 4, 3));
  });

  test("black images have a code, and come back black", async () => {
    const black = imagesOf(new Uint8Array(63), small);
    const codes = await encode(modelOf("conv-ae"), black, { runtime });
    expect(codes.data.every(Number.isFinite)).toBe(true);
    const { images, errors } = await reconstruct(modelOf("conv-ae"), black, { runtime });
    expect([...images.pixels]).toEqual(new Array<number>(63).fill(0));
    expect(errors[0]).toBeLessThan(1e-4);
  });

  test("no images give no codes, and no codes no images", async () => {
    const none = sliceImages(spots(1), 0, 0);
    expect(await encode(modelOf("conv-ae"), none, { runtime })).toEqual({
      rows: 0,
      cols: 4,
      data: new Float32Array(0),
    });
    const empty = { rows: 0, cols: 4, data: new Float32Array(0) };
    expect(await decode(modelOf("conv-ae"), empty, { runtime })).toMatchObject({
      count: 0,
      pixels: new Uint8Array(0),
    });
    expect((await reconstruct(modelOf("conv-ae"), none, { runtime })).errors.length).toBe(0);
  });

  test("the caller's pixels stay the caller's, Node's buffers included", async () => {
    const { pixels, ...shape } = spots(4);
    const buffer = Buffer.from(pixels.slice().buffer); // with memory of its own, as from a file
    const images = { ...shape, pixels: buffer };
    const codes = await encode(modelOf("conv-ae"), images, { runtime });
    expect(codes).toEqual(await encode(modelOf("conv-ae"), { ...shape, pixels }, { runtime }));
    expect(Uint8Array.from(buffer)).toEqual(pixels);
  });

  test("images and codes of another size are refused", async () => {
    const turned = spots(2, { height: 7, width: 9, channels: 1 });
    const message =
      "images must be 9 x 7 x 1 (height x width x channels), as those that the network was trained on; got 7 x 9 x 1.";
    await expect(encode(modelOf("conv-ae"), turned, { runtime })).rejects.toThrow(
      new InputError(`encode: ${message}`),
    );
    await expect(reconstruct(modelOf("conv-ae"), turned, { runtime })).rejects.toThrow(
      new InputError(`reconstruct: ${message}`),
    );
    const codes = { rows: 1, cols: 3, data: new Float32Array(3) };
    await expect(decode(modelOf("conv-ae"), codes, { runtime })).rejects.toThrow(
      new InputError("decode: codes must have 4 columns; got 3."),
    );
  });

  test("a signal cancels between blocks", async () => {
    const signal = AbortSignal.abort();
    await expect(encode(modelOf("conv-ae"), spots(2), { signal })).rejects.toThrow(CancelledError);
  });

  test("blocks cover everything once, and shrink as networks widen", async () => {
    const blocks = async (count: number, widest: number): Promise<[number, number][]> => {
      const found: [number, number][] = [];
      const network = { input: { height: 1, width: 1, channels: widest }, layers: [] };
      await eachBlock(count, [network], undefined, async (from, to) => {
        found.push([from, to]);
      });
      return found;
    };
    expect(await blocks(2050, 10)).toEqual([
      [0, 1024],
      [1024, 2048],
      [2048, 2050],
    ]);
    expect(await blocks(5, 2 ** 23)).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    expect(await blocks(2, 2 ** 30)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(await blocks(0, 10)).toEqual([]);
  });
});
