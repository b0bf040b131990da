import { describe, expect, test } from "vitest";
import { CancelledError, FormatError, InputError, OptionError } from "../../errors.ts";
import type { ImageSet } from "../../images/index.ts";
import {
  encodeModel,
  input,
  log,
  type Runtime,
  reshape,
  type Shape,
  scale,
  sum,
  type Tensor,
  toFloat,
} from "../../neural/index.ts";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import * as autoencoder from "../autoencoder/index.ts";
import { encode, fit } from "./index.ts";
import { networkInput } from "./inspect.ts";

/** Five images of 2 x 3 whose bytes are all different. */
function picture(channels: number): ImageSet {
  const pixels = Uint8Array.from({ length: 5 * 6 * channels }, (_, i) => i + 1);
  return { count: 5, height: 2, width: 3, channels, pixels };
}

interface Wish {
  /** Numbers of an image as the network takes it; default 6. */
  readonly numbers?: number;
  readonly type?: "uint8" | "float32" | "int32";
  readonly shape: Shape;
  readonly outputs?: (images: Tensor) => Readonly<Record<string, Tensor>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A network that gives what it is given, one number after the other. */
function network({ type = "float32", shape, numbers = 6, outputs, metadata = {} }: Wish): Uint8Array {
  const images = input("x", type, shape);
  const flat = (): Record<string, Tensor> => {
    return { y: reshape(type === "float32" ? images : toFloat(images, "float32"), [shape[0] ?? 1, numbers]) };
  };
  return encodeModel({ name: "foreign", metadata, inputs: [images], outputs: outputs?.(images) ?? flat() });
}

const file = (bytes: Uint8Array) => ({ name: "net.onnx", bytes });

/** Bytes of images with the channels first. */
function planes({ count, height, width, channels, pixels }: ImageSet): number[] {
  const length = height * width;
  return Array.from({ length: count * channels * length }, (_, i) => {
    const [image, channel, place] = [
      Math.floor(i / (channels * length)),
      Math.floor(i / length) % channels,
      i % length,
    ];
    return pixels[(image * length + place) * channels + channel] as number;
  });
}

describeRuntimes("a user's own network", (runtime: () => Runtime) => {
  const features = async (images: ImageSet, bytes: Uint8Array) =>
    fit(images, file(bytes), { runtime: runtime() });
  const units = (bytes: ArrayLike<number>): Float32Array => Float32Array.from(bytes, (byte) => byte / 255);

  test.each<[string, Wish, number]>([
    ["float32, channels first", { shape: ["n", 3, 2, 3] }, 3],
    ["float32, channels first, all sizes open", { shape: ["n", "c", "h", "w"] }, 3],
    ["float32, sizes without names", { shape: ["", 3, "", ""] }, 3],
    ["float32, one image at a time", { shape: [1, 3, 2, 3] }, 3],
    ["float32, two images at a time, which does not divide five", { shape: [2, 3, 2, 3] }, 3],
    ["float32, more images at a time than there are", { shape: [8, 3, 2, 3] }, 3],
  ])("that takes %s gets bytes / 255 in that order", async (_, wish, channels) => {
    const images = picture(channels);
    const { samples, model, notices } = await features(images, network({ ...wish, numbers: 18 }));
    expect(samples).toEqual({ rows: 5, cols: 18, data: units(planes(images)) });
    expect(notices).toEqual([]);
    expect(await encode(model, images, { runtime: runtime() })).toEqual(samples);
  });

  test.each<[string, Wish, number]>([
    ["channels last", { shape: ["n", 2, 3, 3] }, 3],
    ["one axis", { shape: ["n", 18] }, 3],
    ["one axis of any size", { shape: ["n", "numbers"] }, 3],
    ["rows and columns of grey images", { shape: ["n", 2, 3] }, 1],
  ])("that takes %s gets them as they lie", async (_, wish, channels) => {
    const images = picture(channels);
    const { samples } = await features(images, network({ ...wish, numbers: 6 * channels }));
    expect(samples).toEqual({ rows: 5, cols: 6 * channels, data: units(images.pixels) });
  });

  test("that takes bytes gets them as they are", async () => {
    const images = picture(1);
    const { samples, model } = await features(images, network({ type: "uint8", shape: [2, 2, 3, 1] }));
    expect(samples.data).toEqual(Float32Array.from(images.pixels));
    expect(model.input).toEqual({
      name: "x",
      type: "uint8",
      layout: "NHWC",
      shape: [2, 3, 1],
      repeat: 1,
      batch: 2,
    });
  });

  test.each<[string, Shape, (i: number) => number]>([
    ["first", ["n", 3, 2, 3], (i) => Math.floor(i / 18) * 6 + (i % 6)],
    ["last", ["n", 2, 3, 3], (i) => Math.floor(i / 3)],
  ])("of colours, channels %s, gets grey images three times, which is said", async (_, shape, byteAt) => {
    const images = picture(1);
    const { samples, notices } = await features(images, network({ shape, numbers: 18 }));
    const expected = Array.from({ length: 90 }, (_, i) => images.pixels[byteAt(i)] as number);
    expect(samples).toEqual({ rows: 5, cols: 18, data: units(expected) });
    expect(notices).toEqual(['"net.onnx" takes 3 channels: the one of the grey images was given 3 times.']);
  });

  test("gives the output named code, flattened", async () => {
    const images = picture(1);
    const outputs = (x: Tensor) => ({ half: scale(x, 0.5), code: reshape(scale(x, 255), ["n", 3, 2, 1, 1]) });
    const { samples, model } = await features(images, network({ shape: ["n", 1, 2, 3], outputs }));
    expect(model.output).toEqual({ name: "code", length: 6 });
    expect(samples.data).toEqual(Float32Array.from(images.pixels));
  });

  test("gives, where none is named code, the first of floats, in single precision", async () => {
    const images = picture(1);
    const outputs = (x: Tensor) => ({
      bytes: x,
      double: scale(toFloat(x, "float64"), 1 / 3),
      single: toFloat(x, "float32"),
    });
    const bytes = network({ type: "uint8", shape: ["n", 1, 2, 3], outputs });
    const { samples, model } = await features(images, bytes);
    expect(model.output).toEqual({ name: "double", length: 6 });
    expect(samples.data).toEqual(Float32Array.from(images.pixels, (byte) => byte / 3));
    const none = features(
      images,
      network({ type: "uint8", shape: ["n", 1, 2, 3], outputs: (x) => ({ y: x }) }),
    );
    await expect(none).rejects.toThrow(FormatError);
    await expect(none).rejects.toThrow(
      'onnx: "net.onnx" must have an output of float32 or float64; got "y" (uint8 n x 1 x 2 x 3).',
    );
  });

  test("that gives numbers that are not finite is refused, with the image", async () => {
    const images = { ...picture(1), pixels: picture(1).pixels.fill(0, 12, 18) };
    const outputs = (x: Tensor) => ({ y: log(sum(reshape(x, ["n", 6]), [1], true)) });
    const refused = features(images, network({ shape: ["n", 1, 2, 3], outputs }));
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(
      'onnx: "y" of "net.onnx" must be finite numbers; got -Infinity for image 2.',
    );
  });

  test("whose output has no row for each image is refused", async () => {
    const outputs = (x: Tensor) => ({ y: sum(reshape(x, ["n", 6]), [0]) });
    const refused = features(picture(1), network({ shape: ["n", 1, 2, 3], outputs }));
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(
      'onnx: "y" of "net.onnx" must have as many numbers for each image, the images along its first axis; got 6 for 5 images.',
    );
  });

  test("that fails on the images is refused with the words of the runtime", async () => {
    // Leaves its sizes open, and then makes rows of 7 numbers of 30.
    const refused = features(picture(1), network({ shape: ["n", "c", "h", "w"], numbers: 7 }));
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(
      /^onnx: "net.onnx" must be able to take images as 5 x 1 x 2 x 3; got a failure\. run: .*reshape/i,
    );
  });

  test("that is no ONNX model, or half of one, or of unknown operators is refused by its name", async () => {
    const whole = network({ shape: ["n", 1, 2, 3] });
    const images = picture(1);
    for (const bytes of [new Uint8Array(), Uint8Array.of(1, 2, 3), whole.subarray(0, whole.length / 2)]) {
      const refused = features(images, bytes);
      await expect(refused).rejects.toThrow(FormatError);
      await expect(refused).rejects.toThrow('"net.onnx" must be an ONNX model');
    }
    const outputs = (x: Tensor) => {
      const y = reshape(x, ["n", 6]);
      if (y.source.kind !== "node") throw new TypeError("a node was expected");
      return { y: { ...y, source: { ...y.source, node: { ...y.source.node, operator: "Telepathy" } } } };
    };
    const refused = features(images, network({ shape: ["n", 1, 2, 3], outputs }));
    await expect(refused).rejects.toThrow(FormatError);
    await expect(refused).rejects.toThrow(
      new RegExp(`onnx: "net.onnx" must be an ONNX model that ${runtime().name} can load; .*Telepathy`),
    );
  });

  test("may be the encoder of an autoencoder of ours, unchanged", async () => {
    const images = picture(3);
    const context = { runtime: runtime() };
    const options = { architecture: "dense-ae", network: { epochs: 1, widths: [4], codeSize: 2 } };
    const trained = await autoencoder.fit(images, options, context);
    const { samples, model } = await features(images, autoencoder.encoderFile(trained));
    expect(samples).toEqual(await autoencoder.encode(trained, images, context));
    expect(model.input).toMatchObject({ type: "uint8", layout: "NHWC", shape: [2, 3, 3] });
    expect(model.output).toEqual({ name: "code", length: 2 });
  });

  test("takes no images of another size than those of the fit", async () => {
    const { model } = await features(picture(1), network({ shape: ["n", "c", "h", "w"] }));
    const turned = encode(model, { ...picture(1), height: 3, width: 2 }, { runtime: runtime() });
    await expect(turned).rejects.toThrow(InputError);
    await expect(turned).rejects.toThrow("images must be 2 x 3 x 1");
  });
});

test("without a network there is an error that says how to give one", async () => {
  await expect(fit(picture(1), undefined)).rejects.toThrow(OptionError);
  await expect(fit(picture(1), undefined)).rejects.toThrow("Give it with --encoder.");
});

test("a signal that has fired stops it", async () => {
  const signal = AbortSignal.abort();
  const stopped = fit(picture(1), file(network({ shape: ["n", 1, 2, 3] })), { signal });
  await expect(stopped).rejects.toThrow(CancelledError);
});

describe("what a network takes", () => {
  const grey = { height: 28, width: 28, channels: 1 };
  const colour = { height: 32, width: 32, channels: 3 };
  const tiny = { height: 3, width: 3, channels: 3 };
  const found = (shape: Shape, image: typeof grey, metadata = {}) =>
    networkInput("net.onnx", [{ name: "x", type: "float32", shape }], metadata, image);

  test.each([
    [["n", 1, 28, 28], grey, "NCHW", [1, 28, 28], 1],
    [["n", 28, 28, 1], grey, "NHWC", [28, 28, 1], 1],
    [["n", "c", 28, 28], grey, "NCHW", [1, 28, 28], 1],
    [["n", 28, 28, "c"], grey, "NHWC", [28, 28, 1], 1],
    [["n", "h", "w", 3], grey, "NHWC", [28, 28, 3], 3],
    [["n", 3, "h", "w"], grey, "NCHW", [3, 28, 28], 3],
    [["n", "h", "w", 3], colour, "NHWC", [32, 32, 3], 1],
    [["n", "", "", ""], colour, "NCHW", [3, 32, 32], 1],
    [["n", 3, 3, 3], tiny, "NCHW", [3, 3, 3], 1],
    [["n", 3072], colour, "flat", [3072], 1],
    [["n", 28, 28], grey, "flat", [28, 28], 1],
  ] as const)("%j for images of %j is %s", (shape, image, layout, size, repeat) => {
    expect(found(shape, image)).toEqual({ name: "x", type: "float32", layout, shape: size, repeat });
  });

  test("is what the metadata say, where the sizes leave it open", () => {
    expect(found(["n", 3, 3, 3], tiny, { "unlabeled.layout": "NHWC" }).layout).toBe("NHWC");
    expect(found(["n", "a", "b", "c"], colour, { "unlabeled.layout": "NHWC" }).shape).toEqual([32, 32, 3]);
    expect(found(["n", 3, 3, 3], tiny, { "unlabeled.layout": "upside down" }).layout).toBe("NCHW");
    expect(found(["n", "c", 3, 3], tiny).layout).toBe("NHWC");
    expect(found(["n", "c", 3, 3], tiny, { "unlabeled.layout": "NCHW" }).layout).toBe("NCHW");
  });

  test.each([
    [
      ["n", 1, 32, 32],
      grey,
      'must be 32 x 32 x 1 (height x width x channels), as "net.onnx" takes; got 28 x 28 x 1. Bring the images to that size: --size 32.',
    ],
    [
      ["n", 224, 224, 3],
      grey,
      'must be 224 x 224 x 3 (height x width x channels), as "net.onnx" takes; got 28 x 28 x 1. Bring the images to that size: --size 224.',
    ],
    [
      ["n", 3, 64, "w"],
      colour,
      'must be 64 x any x 3 (height x width x channels), as "net.onnx" takes; got 32 x 32 x 3.',
    ],
    [["n", 1, 28, 28], colour, "got 32 x 32 x 3. Use a network for images of 3 channels."],
    [
      ["n", 4, 28, 28],
      grey,
      'must be 28 x 28 x 4 (height x width x channels), as "net.onnx" takes; got 28 x 28 x 1. Use a network for grey images.',
    ],
    [
      ["n", 1024],
      grey,
      'must have 1024 numbers each, as "net.onnx" takes; got 784 (28 x 28 x 1). Bring the images to that size: --size 32.',
    ],
    [["n", 1000], grey, 'must have 1000 numbers each, as "net.onnx" takes; got 784 (28 x 28 x 1).'],
    [["n", 32, 32], colour, "must be 32 x 32 x 1"],
  ] as const)("%j refuses images of %j: %s", (shape, image, message) => {
    expect(() => found(shape, image)).toThrow(InputError);
    expect(() => found(shape, image)).toThrow(message);
  });

  const x = { name: "x", type: "float32", shape: ["n", 1, 28, 28] as Shape };
  test.each([
    [[], "got none."],
    [[x, { ...x, name: "mask" }], 'got "x" (float32 n x 1 x 28 x 28), "mask" (float32 n x 1 x 28 x 28).'],
    [[{ ...x, type: "int64" }], 'got "x" (int64 n x 1 x 28 x 28).'],
    [[{ ...x, type: "float16" }], 'got "x" (float16 n x 1 x 28 x 28).'],
    [[{ ...x, shape: [] }], 'got "x" (float32).'],
    [[{ ...x, shape: ["", 1, 1, 28, 28] }], 'got "x" (float32 any x 1 x 1 x 28 x 28).'],
    [[{ ...x, shape: [0, 1, 28, 28] }], 'got "x" (float32 0 x 1 x 28 x 28).'],
    [[{ ...x, shape: [1e9, 1, 28, 28] }], 'got "x" (float32 1000000000 x 1 x 28 x 28).'],
  ])("inputs %j are no image", (inputs, message) => {
    const refused = (): unknown => networkInput("net.onnx", inputs, {}, grey);
    expect(refused).toThrow(FormatError);
    expect(refused).toThrow(
      'onnx: "net.onnx" must have one input without a default, an image of uint8 or float32 with 2 to 4 axes, the batch first;',
    );
    expect(refused).toThrow(message);
  });
});
