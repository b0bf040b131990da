import type { ImageSet } from "../../images/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import {
  encodeModel,
  input,
  networkParameters,
  type Runtime,
  type Session,
  scale,
  type TensorValues,
  toFloat,
} from "../../neural/index.ts";
import { designParameters, type ModelCore, networkTensors, numbersOf } from "./graphs.ts";
import { eachBlock, pixelsValue } from "./use.ts";

/** The encoder of a model whose weights change while it is used. */
export interface ChangingEncoder {
  /**
   * Codes of images by the given weights, whitened as the model whitens them.
   *
   * @param parameters of the encoder, by name; others are ignored
   * @returns images x codeSize
   */
  encode(
    parameters: TensorValues,
    images: ImageSet,
    signal: AbortSignal | undefined,
  ): Promise<Matrix<Float32Array>>;
  /** Frees it. */
  release(): Promise<void>;
}

/** Loads a model's encoder so that its weights are inputs. */
export async function openEncoder(model: ModelCore, runtime: Runtime): Promise<ChangingEncoder> {
  const { design } = model.settings;
  const { encoder } = design;
  const length = numbersOf(encoder.input);
  const images = input("images", "uint8", ["batch", length]);
  const all = designParameters(design).map(({ name, shape }) => input(name, "float32", shape));
  const own = networkParameters(encoder, "encoder").map(({ name }) => name);
  const { code } = networkTensors(model, scale(toFloat(images, "float32"), 1 / 255), all);
  const session = await runtime.load(
    encodeModel({ name: "encoder", inputs: [images, ...all.slice(0, own.length)], outputs: { code } }),
  );
  return {
    async encode(parameters, set, signal) {
      await session.set(
        Object.fromEntries(own.map((name) => [name, parameters[name] as TensorValues[string]])),
      );
      return encodeAll(session, model, set, signal);
    },
    release: () => session.release(),
  };
}

async function encodeAll(
  session: Session,
  { settings }: ModelCore,
  images: ImageSet,
  signal: AbortSignal | undefined,
): Promise<Matrix<Float32Array>> {
  const { encoder, codeSize } = settings.design;
  const length = numbersOf(encoder.input);
  const data = new Float32Array(images.count * codeSize);
  await eachBlock(images.count, [encoder], signal, async (from, to) => {
    const pixels = { ...pixelsValue(images, from, to), shape: [to - from, length] };
    const results = await session.run({ images: pixels }, { fetch: ["code"], transfer: true });
    data.set(results.code?.data as Float32Array, from * codeSize);
  });
  return { rows: images.count, cols: codeSize, data };
}
