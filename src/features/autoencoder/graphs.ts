/** An autoencoder as tensors: what is trained, what is looked at between epochs, and what is used afterwards. */
import {
  add,
  applyNetwork,
  atLeast,
  binaryCrossEntropy,
  constant,
  createOptimizer,
  type Draws,
  divide,
  encodeModel,
  exp,
  input,
  type LayerShape,
  meanAbsolute,
  meanSquaredError,
  multiply,
  networkParameters,
  normal,
  type ParameterSpec,
  power,
  reshape,
  scale,
  slice,
  square,
  standardNormalDivergence,
  sum,
  type Tensor,
  type TrainingProgram,
  toFloat,
  totalSquares,
} from "../../neural/index.ts";
import type { Design } from "./architectures.ts";
import { type Centering, centeredParameters } from "./centering.ts";
import type { AutoencoderModel } from "./model.ts";
import { unwhiten, whiten, whiteningParameters } from "./whitening.ts";

/** Weights and biases of encoder and decoder, in the order in which training takes them. */
export function designParameters(design: Design): readonly ParameterSpec[] {
  return [...networkParameters(design.encoder, "encoder"), ...networkParameters(design.decoder, "decoder")];
}

/**
 * What training makes small, compiled later: reconstruction loss, penalties, noise.
 *
 * @param centering means around which it is trained
 */
export function trainingProgram(name: string, design: Design, centering: Centering = []): TrainingProgram {
  return {
    name,
    imageLength: numbersOf(design.encoder.input),
    parameters: designParameters(design),
    objective: (images, trained, draws) => objective(design, centering, images, trained, draws).total,
    optimizer: createOptimizer(design.optimizer),
  };
}

/**
 * A model that gives loss (without noise and penalties), reconstructions and raw codes of images (uint8, batch x numbers)
 * for parameters that come in as inputs.
 *
 * @param centering means around which these parameters are trained
 */
export function evaluationModel(name: string, design: Design, centering: Centering = []): Uint8Array {
  const images = input("images", "uint8", ["batch", numbersOf(design.encoder.input)]);
  const parameters = designParameters(design).map(({ name: as, shape }) => input(as, "float32", shape));
  const { fit, reconstruction, means } = objective(
    design,
    centering,
    unitInterval(images),
    parameters,
    undefined,
  );
  return encodeModel({
    name,
    inputs: [images, ...parameters],
    outputs: { loss: fit, reconstruction, code: means },
  });
}

/** What training looks at. */
interface ObjectiveParts {
  /** What it makes small. */
  readonly total: Tensor;
  /** The network's own code, before it is whitened: of a variational one, the means. */
  readonly means: Tensor;
  /** Without penalties on code and weights. */
  readonly fit: Tensor;
  readonly reconstruction: Tensor;
}

function objective(
  design: Design,
  centering: Centering,
  given: Tensor,
  trained: readonly Tensor[],
  draws: Draws | undefined,
): ObjectiveParts {
  const { encoder, decoder, codeSize, variational, loss, penalties } = design;
  const parameters = centeredParameters(centering, designParameters(design), trained);
  const taken = networkParameters(encoder, "").length;
  const { images, factors } = evenImages(design, given);
  const encoded = applyNetwork(encoder, images, parameters.slice(0, taken), draws).output;
  const means = variational ? slice(encoded, 1, 0, codeSize) : encoded;
  const logVariances = variational ? slice(encoded, 1, codeSize, 2 * codeSize) : undefined;
  const code = logVariances && draws ? sampled(means, logVariances, draws) : means;
  const decoded = applyNetwork(decoder, code, parameters.slice(taken), draws);
  const reconstruction =
    loss === "bce"
      ? binaryCrossEntropy(decoded.beforeActivation, images)
      : meanSquaredError(decoded.output, images);
  // The bound is a sum over pixels; its mean has the same minimum and the scale of the other losses.
  const fit = logVariances
    ? add(reconstruction, scale(standardNormalDivergence(means, logVariances), 1 / numbersOf(encoder.input)))
    : reconstruction;
  let total = fit;
  if (penalties.codeL1) total = add(total, scale(meanAbsolute(code), penalties.codeL1));
  if (penalties.weightsL2) {
    const matrices = designParameters(design).flatMap(({ role }, i) =>
      role === "weights" ? [parameters[i] as Tensor] : [],
    );
    total = add(total, scale(totalSquares(matrices), penalties.weightsL2));
  }
  return { total, means, fit, reconstruction: factors ? divide(decoded.output, factors) : decoded.output };
}

/** A network that is trained further, as tensors. */
export interface NetworkTensors {
  /** As they are clustered: batch x codeSize, whitened as the model whitens them. */
  readonly code: Tensor;
  /** Reconstruction loss and penalties, without noise. */
  readonly loss: Tensor;
}

/**
 * Code and loss of a trained model whose parameters are to be trained on with another aim.
 *
 * @param images batch x numbers, in [0, 1]
 * @param parameters as {@link designParameters} lists them
 */
export function networkTensors(
  model: ModelCore,
  images: Tensor,
  parameters: readonly Tensor[],
): NetworkTensors {
  const { design } = model.settings;
  const { total, means } = objective(design, [], images, parameters, undefined);
  const whitening = whiteningParameters(design.whitening, design.codeSize, "forward");
  const [constants] = stored(model, whitening, []);
  return { code: whiten(means, constants), loss: total };
}

/** Mean square below which an image counts as black, which no factor makes brighter. */
const BLACK = 1e-8;

/**
 * Images as the network sees them, and what they were multiplied with.
 *
 * @param given batch x numbers, in [0, 1]
 */
function evenImages(
  { imageRms, encoder }: Design,
  given: Tensor,
): { readonly images: Tensor; readonly factors?: Tensor } {
  if (imageRms === undefined) return { images: given };
  const meanSquares = scale(sum(square(given), [1], true), 1 / numbersOf(encoder.input));
  const factors = scale(power(atLeast(meanSquares, BLACK), -0.5), imageRms);
  return { images: multiply(given, factors), factors };
}

/** The code drawn from its distribution, so that gradients pass (Kingma and Welling 2014, section 2.4). */
function sampled(means: Tensor, logVariances: Tensor, draws: Draws): Tensor {
  return add(means, multiply(exp(scale(logVariances, 0.5)), normal(means, draws)));
}

/** What of a model the graphs need. */
export type ModelCore = Pick<AutoencoderModel, "settings" | "parameters">;

/** A tensor, and names for the weights in it. */
export interface NamedTensor {
  readonly tensor: Tensor;
  /** What each image was multiplied with before it was encoded, batch x 1, where it was. */
  readonly factors?: Tensor;
  readonly constantNames: ReadonlyMap<Tensor, string>;
}

/**
 * Code of images as part of a graph.
 *
 * @param images uint8, batch x numbers, or batch x height x width x channels
 * @returns float32, batch x codeSize; whitened unless `raw`
 */
export function encodedTensor(
  model: ModelCore,
  images: Tensor,
  { raw = false }: { readonly raw?: boolean } = {},
): NamedTensor {
  const { encoder, codeSize, variational, whitening } = model.settings.design;
  const [weights, whitened, constantNames] = stored(
    model,
    networkParameters(encoder, "encoder"),
    raw ? [] : whiteningParameters(whitening, codeSize, "forward"),
  );
  const flat = reshape(unitInterval(images), [images.shape[0] ?? 1, numbersOf(encoder.input)]);
  const seen = evenImages(model.settings.design, flat);
  const output = applyNetwork(encoder, seen.images, weights).output;
  const code = variational ? slice(output, 1, 0, codeSize) : output;
  return {
    tensor: whiten(code, whitened),
    constantNames,
    ...(seen.factors && { factors: seen.factors }),
  };
}

/** Images of codes as part of a graph: float32, batch x codeSize to batch x numbers. */
export function decodedTensor(model: ModelCore, code: Tensor): NamedTensor {
  const { decoder, codeSize, whitening } = model.settings.design;
  const [weights, whitened, constantNames] = stored(
    model,
    networkParameters(decoder, "decoder"),
    whiteningParameters(whitening, codeSize, "backward"),
  );
  const own = unwhiten(code, whitened);
  return { tensor: applyNetwork(decoder, own, weights).output, constantNames };
}

interface Named {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The model's numbers as constants: of the network, of the whitening, and all their names. */
function stored(
  model: ModelCore,
  network: readonly Named[],
  whitening: readonly Named[],
): [Tensor[], Tensor[], Map<Tensor, string>] {
  const constantNames = new Map<Tensor, string>();
  const made = ({ name, shape }: Named): Tensor => {
    const found = model.parameters[name];
    if (!found) throw new TypeError(`the model has no "${name}"`);
    const tensor = constant("float32", shape, found.data);
    constantNames.set(tensor, name);
    return tensor;
  };
  return [network.map(made), whitening.map(made), constantNames];
}

/** Bytes 0..255 as numbers in [0, 1]. */
function unitInterval(images: Tensor): Tensor {
  return scale(toFloat(images, "float32"), 1 / 255);
}

/** Number of numbers in an image. */
export function numbersOf({ height, width, channels }: LayerShape): number {
  return height * width * channels;
}
