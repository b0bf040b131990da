import { beforeAll, describe, expect, test } from "vitest";
import { FormatError } from "../../errors.ts";
import { readModel } from "../../neural/index.ts";
import { sharedRuntime } from "../../neural/testing/runtimes.ts";
import { type AutoencoderModel, decoderFile, encoderFile, fit, parametersFromFiles } from "./index.ts";
import { digest } from "./testing/digests.ts";
import { spots } from "./testing/images.ts";

let model: AutoencoderModel;
let encoder: { readonly name: string; readonly bytes: Uint8Array };
let decoder: { readonly name: string; readonly bytes: Uint8Array };

beforeAll(async () => {
  const runtime = await sharedRuntime();
  const network = { widths: [3], codeSize: 2, epochs: 1 };
  model = await fit(spots(12), { architecture: "conv-ae", network }, { runtime });
  encoder = { name: "encoder.onnx", bytes: encoderFile(model) };
  decoder = { name: "decoder.onnx", bytes: decoderFile(model) };
});

describe("the files of a network", () => {
  test("say what they are", () => {
    const { metadata } = readModel(encoder.bytes, encoder.name);
    expect(Object.fromEntries(metadata instanceof Map ? metadata : Object.entries(metadata))).toMatchObject({
      "unlabeled.architecture": "conv-ae",
      "unlabeled.codeSize": "2",
      "unlabeled.layout": "NHWC",
    });
  });

  test("name weights and biases as the model does", () => {
    const { initializers } = readModel(decoder.bytes, decoder.name);
    for (const [name, { shape, data }] of Object.entries(model.parameters)) {
      if (!name.startsWith("decoder.")) continue;
      expect(initializers.get(name)).toMatchObject({ type: "float32", shape });
      const stored = initializers.get(name)?.data as Float32Array;
      expect(digest(stored), name).toBe(digest(data));
    }
  });
});

describe("files that are not of the network", () => {
  const read = (
    one = encoder,
    other = decoder,
    settings = model.settings,
  ): ReturnType<typeof parametersFromFiles> => parametersFromFiles(settings, one, other);

  test("cut off anywhere, they are refused", () => {
    const { bytes } = encoder;
    for (const share of [0, 0.01, 0.3, 0.9, 0.999]) {
      const cut = { ...encoder, bytes: bytes.slice(0, Math.floor(share * bytes.length)) };
      expect(() => read(cut)).toThrow(FormatError);
    }
    expect(() => read({ ...encoder, bytes: bytes.slice(0, -1) })).toThrow(/encoder\.onnx/);
  });

  test("a picture or a text is refused", () => {
    const text = new TextEncoder().encode("These are no weights, and never were.");
    expect(() => read(encoder, { ...decoder, bytes: text })).toThrow(FormatError);
    expect(() => read(encoder, { ...decoder, bytes: text })).toThrow(/decoder\.onnx/);
  });

  test("exchanged, they are refused", () => {
    expect(() => read({ ...decoder, name: encoder.name })).toThrow(
      new FormatError(
        'readAutoencoder: "encoder.onnx" must hold "encoder.0.weights" as 25 x 3 float32; got none. It belongs to another network than model.json.',
      ),
    );
  });

  test("those of a network of another size are refused", () => {
    const { design } = model.settings;
    const layers = design.encoder.layers.map((layer) =>
      layer.kind === "convolution" ? { ...layer, channels: 4 } : layer,
    );
    const settings = {
      ...model.settings,
      design: { ...design, encoder: { ...design.encoder, layers } },
    };
    expect(() => read(encoder, decoder, settings)).toThrow(
      new FormatError(
        'readAutoencoder: "encoder.onnx" must hold "encoder.0.weights" as 25 x 4 float32; got 25 x 3 float32. It belongs to another network than model.json.',
      ),
    );
  });

  test("settings whose layers do not go together are refused", () => {
    const { design } = model.settings;
    const settings = { ...model.settings, design: { ...design, variational: true } };
    expect(() => read(encoder, decoder, settings)).toThrow(
      new FormatError(
        "readAutoencoder: the layers in model.json must go together; got: one part gives 2 numbers, the next takes 4.",
      ),
    );
  });

  test("weights that are not finite are refused", () => {
    const { "encoder.0.bias": bias, ...parameters } = model.parameters;
    const data = bias.data.slice();
    data[1] = Number.NaN;
    const broken = encoderFile({
      ...model,
      parameters: { ...parameters, "encoder.0.bias": { ...bias, data } },
    });
    expect(() => read({ ...encoder, bytes: broken })).toThrow(
      new FormatError(
        'readAutoencoder: "encoder.0.bias" in "encoder.onnx" must be finite; got NaN. Make the run again.',
      ),
    );
  });
});
