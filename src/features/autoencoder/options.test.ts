import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { describeNetwork, networkOutput, networkParameters } from "../../neural/index.ts";
import {
  type ArchitectureName,
  type AutoencoderOptions,
  architectures,
  checkAutoencoderOptions,
  isArchitecture,
} from "./index.ts";
import { parameterCount } from "./options.ts";

const mnist = { height: 28, width: 28, channels: 1 };
const names = Object.keys(architectures) as ArchitectureName[];
const check = (architecture: string, options: AutoencoderOptions = {}, image = mnist, seed = 0) =>
  checkAutoencoderOptions("fit", architecture, options, image, seed);
const asOptions = (options: object): AutoencoderOptions => options as AutoencoderOptions;

describe("the networks of the sources", () => {
  const layersOf = (name: string, image = mnist): readonly string[] => {
    const { encoder, decoder } = check(name, {}, image).design;
    return [...describeNetwork(encoder), "code", ...describeNetwork(decoder)];
  };

  test("vanilla-ae has one hidden layer of 32", () => {
    expect(layersOf("vanilla-ae")).toEqual(["dense 32, relu", "code", "dense 784, linear", "as 28 x 28 x 1"]);
  });

  test("dense-ae is seed 004's: 784-784-64-32-3-32-64-784, sigmoid", () => {
    expect(layersOf("dense-ae")).toEqual([
      "normal noise 0.4",
      ...[784, 64, 32].map((units) => `dense ${units}, sigmoid`),
      "dense 3, linear",
      "code",
      "sigmoid",
      ...[32, 64, 784].map((units) => `dense ${units}, sigmoid`),
      "as 28 x 28 x 1",
    ]);
  });

  test("deep-ae is that of DEC: 500-500-2000-10, relu, with a linear code", () => {
    const relu = (...units: number[]): string[] => units.map((n) => `dense ${n}, relu`);
    const layers = [
      ...relu(500, 500, 2000),
      "dense 10, linear",
      "code",
      ...relu(2000, 500, 500),
      "dense 784, linear",
      "as 28 x 28 x 1",
    ];
    expect(layersOf("deep-ae")).toEqual(layers);
    expect(layersOf("denoising-ae")).toEqual(["20 % set to 0", ...layers]);
    // 784-500-500-2000-10 and back, weights and biases.
    expect(parameterCount(check("deep-ae").design)).toBe(
      784 * 500 * 2 + 500 * 500 * 2 + 500 * 2000 * 2 + 2000 * 10 * 2 + (500 + 500 + 2000) * 2 + 10 + 784,
    );
  });

  test("seed-conv-ae is seed 000's", () => {
    expect(layersOf("seed-conv-ae")).toEqual([
      "convolution 16, 3 x 3, stride 1, relu (28 x 28 x 1 to 28 x 28 x 16)",
      ...[784, 392, 196, 10].map((units) => `dense ${units}, relu`),
      "code",
      ...[196, 392].map((units) => `dense ${units}, relu`),
      "dense 784, sigmoid",
      "as 28 x 28 x 1",
    ]);
    expect(check("seed-conv-ae").design).toMatchObject({
      loss: "bce",
      batch: 100,
      learningRate: 1,
      optimizer: { kind: "adadelta", rho: 0.95 },
    });
  });

  test("vae gives means and log variances, and is trained on cross-entropy", () => {
    const { design } = check("vae");
    expect(design).toMatchObject({ variational: true, codeSize: 10, loss: "bce" });
    expect(networkOutput(design.encoder).channels).toBe(20);
    expect(networkOutput(design.decoder)).toEqual(mnist);
  });

  test("sparse-ae penalizes a wide code", () => {
    expect(check("sparse-ae").design).toMatchObject({ codeSize: 64, penalties: { codeL1: 1e-4 } });
  });
});

describe.each(names)("%s", (name) => {
  test.each([
    { height: 1, width: 1, channels: 1 },
    { height: 9, width: 7, channels: 1 },
    { height: 8, width: 8, channels: 3 },
    { height: 64, width: 64, channels: 4 },
    { height: 3, width: 50, channels: 1 },
  ])("fits images of $height x $width x $channels and gives them back", (image) => {
    const { encoder, decoder, codeSize, variational } = check(name, {}, image).design;
    expect(encoder.input).toEqual(image);
    expect(networkOutput(encoder)).toEqual({
      height: 1,
      width: 1,
      channels: variational ? 2 * codeSize : codeSize,
    });
    expect(decoder.input).toEqual({ height: 1, width: 1, channels: codeSize });
    expect(networkOutput(decoder)).toEqual(image);
  });

  test("has at most 784 units in its first dense layer, however large the images", () => {
    const large = { height: 100, width: 90, channels: 1 };
    const { encoder } = check(name, {}, large).design;
    const [first] = encoder.layers.flatMap((layer) => (layer.kind === "dense" ? [layer.units] : []));
    expect(first).toBeLessThanOrEqual(784);
  });

  test("takes every choice", () => {
    const { hidden } = architectures[name];
    const widths = [5, 4, 3].slice(0, hidden.most);
    const options = { epochs: 7, codeSize: 6, loss: "bce", batch: 9, learningRate: 0.25, widths } as const;
    const { design, architecture, seed } = check(
      name,
      hidden.most > 0 ? options : { ...options, widths: [] },
      mnist,
      3,
    );
    expect({ architecture, seed }).toEqual({ architecture: name, seed: 3 });
    expect(design).toMatchObject({ epochs: 7, codeSize: 6, loss: "bce", batch: 9, learningRate: 0.25 });
    const sizes = design.encoder.layers.flatMap((layer) =>
      layer.kind === "dense" ? [layer.units] : layer.kind === "convolution" ? [layer.channels] : [],
    );
    expect(sizes).toEqual(expect.arrayContaining(widths));
    // Cross-entropy needs an output in [0, 1].
    expect(design.decoder.layers.at(-2)).toMatchObject({ activation: "sigmoid" });
    expect(check(name, { ...options, loss: "mse", widths }).design.loss).toBe("mse");
  });

  test("takes an option that is undefined as one that is absent", () => {
    const nothing = { epochs: undefined, codeSize: undefined, widths: undefined, loss: undefined };
    const undefinedAll = asOptions({ ...nothing, batch: undefined, learningRate: undefined });
    expect(check(name, undefinedAll)).toEqual(check(name));
  });

  test("is plain data", () => {
    const settings = check(name);
    expect(structuredClone(settings)).toEqual(settings);
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });
});

describe("options out of range", () => {
  test.each<[string, object, string]>([
    ["epochs", { epochs: 0 }, "epochs must be an integer in 1..1000000; got 0."],
    ["epochs", { epochs: 1.5 }, "epochs must be an integer in 1..1000000; got 1.5."],
    ["epochs", { epochs: "3" }, "epochs must be an integer in 1..1000000; got 3."],
    ["epochs", { epochs: Number.NaN }, "epochs must be an integer in 1..1000000; got NaN."],
    ["code size", { codeSize: 0 }, "codeSize must be an integer in 1..65536; got 0."],
    ["code size", { codeSize: 65_537 }, "codeSize must be an integer in 1..65536; got 65537."],
    ["batch", { batch: -1 }, "batch must be an integer in 1..1000000; got -1."],
    ["widths", { widths: [64, 0] }, "each of widths must be an integer in 1..65536; got 0."],
    ["widths", { widths: 64 }, "widths must be a list of numbers; got 64."],
    [
      "widths",
      { widths: [] },
      "widths of dense-ae must be 1 to 12 numbers (units of the dense layers before the code); got 0.",
    ],
    ["rate", { learningRate: 0 }, "learningRate must be a positive number; got 0."],
    [
      "rate",
      { learningRate: Number.POSITIVE_INFINITY },
      "learningRate must be a positive number; got Infinity.",
    ],
    ["rate", { learningRate: Number.NaN }, "learningRate must be a positive number; got NaN."],
    ["rate", { learningRate: "0.1" }, "learningRate must be a positive number; got 0.1."],
    ["loss", { loss: "l1" }, 'loss must be one of mse, bce; got "l1".'],
    [
      "name",
      { codesize: 3 },
      'options must be among epochs, codeSize, widths, loss, batch, learningRate; got "codesize". Did you mean "codeSize"?',
    ],
    [
      "name",
      { dropout: 3 },
      'options must be among epochs, codeSize, widths, loss, batch, learningRate; got "dropout".',
    ],
  ])("are refused: %s %o", (_, options, message) => {
    expect(() => check("dense-ae", asOptions(options))).toThrow(new OptionError(`fit: ${message}`));
  });

  test("vanilla-ae has no widths", () => {
    expect(() => check("vanilla-ae", { widths: [3] })).toThrow(
      new OptionError(
        "fit: widths of vanilla-ae must be 0 numbers (it has none: its only hidden layer is the code); got 1.",
      ),
    );
  });

  test("a misspelt architecture is met with the right one", () => {
    expect(() => check("conv_ae")).toThrow(
      new OptionError(
        `fit: architecture must be one of ${names.join(", ")}; got "conv_ae". Did you mean "conv-ae"?`,
      ),
    );
    expect(() => check("toString")).toThrow(OptionError);
    expect(names.every(isArchitecture)).toBe(true);
    expect(isArchitecture("pixels")).toBe(false);
  });

  test("a network too large for memory is refused before anything is made", () => {
    const photo = { height: 200, width: 150, channels: 3 };
    expect(() => check("seed-conv-ae", {}, photo)).toThrow(
      new OptionError(
        "fit: seed-conv-ae must have at most 134217728 weights, so that training fits into memory; got 412157330 for images of 200 x 150 x 3. Use smaller images or widths.",
      ),
    );
    for (const name of names.filter((other) => other !== "seed-conv-ae")) {
      expect(parameterCount(check(name, {}, photo).design)).toBeLessThan(134_217_728);
    }
  });

  test("parameters are counted as the layers hold them", () => {
    const { design } = check(
      "conv-ae",
      { widths: [2, 3], codeSize: 4 },
      { height: 8, width: 6, channels: 1 },
    );
    // 8 x 6 to 4 x 3 by 5 x 5, which is below 4 pixels across; then 3 x 3 at stride 1.
    const convolutions = 25 * 2 + 2 + (9 * 2 * 3 + 3);
    const dense = 4 * 3 * 3 * 512 + 512 + (512 * 512 + 512) + (512 * 4 + 4);
    const back = 4 * 512 + 512 + (512 * 512 + 512) + (512 * 48 + 48);
    expect(parameterCount(design)).toBe(convolutions + dense + back);
    expect(networkParameters(design.encoder, "e").length).toBe(10);
  });
});
