/**
 * Pre-training layer by layer (Vincent et al. 2010, as DEC takes it): each layer of the encoder, with the one of the
 * decoder that undoes it, learns to restore what it is given from a copy of which a fifth is missing; the layers before it
 * stay as they are. The whole network is trained from there.
 */
import { OptionError } from "../errors.ts";
import type { AutoencoderSettings } from "../features/autoencoder/index.ts";
import type { ImageSet } from "../images/index.ts";
import {
  applyNetwork,
  constant,
  createOptimizer,
  type DenseLayer,
  type Layer,
  type LayerShape,
  mask,
  meanSquaredError,
  type Network,
  networkOutput,
  networkParameters,
  type ParameterSpec,
  type Runtime,
  randomMovement,
  type StateTensor,
  type TrainingProgram,
  train,
} from "../neural/index.ts";
import { createRandom } from "../random/index.ts";
import type { JointSettings, LayerStep } from "./types.ts";

/** Share of each layer's input that is missing in training, as in DEC. */
const MISSING = 0.2;

/** Weights and biases by name. */
type Weights = Readonly<Record<string, StateTensor>>;

/** A layer of the encoder and the one of the decoder that undoes it. */
interface Pair {
  readonly below: Network;
  readonly there: Network;
  readonly back: Network;
  /** Parameters of the layers below, and of the pair. */
  readonly fixed: readonly ParameterSpec[];
  readonly trained: readonly ParameterSpec[];
}

/**
 * Trains the layers of a network one after the other.
 *
 * @returns weights and biases from which the whole network may start
 * @throws {OptionError} if the network does not consist of dense layers and their mirror image
 */
export async function* trainLayers(
  images: ImageSet,
  { architecture, design }: AutoencoderSettings,
  settings: Pick<JointSettings, "seed" | "layerEpochs" | "augment">,
  context: {
    readonly runtime: Runtime;
    readonly signal?: AbortSignal | undefined;
    readonly now?: (() => number) | undefined;
  },
): AsyncGenerator<LayerStep, Weights, void> {
  const { encoder, decoder, centered = false } = design;
  const pairs = centered ? undefined : pairsOf(encoder, decoder);
  if (!pairs) {
    throw new OptionError(
      `joint.fit: pretraining must be end-to-end for ${architecture}; got layer-wise, which needs dense layers and a decoder that is their mirror image, as deep-ae has them.`,
    );
  }
  const rows = Int32Array.from({ length: images.count }, (_, i) => i);
  let weights: Weights = {};
  for (const [i, pair] of pairs.entries()) {
    const training = train(
      layerProgram(`${architecture} layer ${i + 1}`, pair, weights, design.optimizer),
      images,
      rows,
      { ...design, epochs: settings.layerEpochs, patience: Number.POSITIVE_INFINITY },
      {
        ...context,
        random: createRandom(settings.seed).stream("joint").stream("layer", i),
        augmentation: randomMovement(settings.augment),
        validate: async (_parameters, epoch) => ({ loss: 1 / epoch }), // so that the last epoch is kept
      },
    );
    let next = await training.next();
    for (; !next.done; next = await training.next()) {
      const { epoch, epochs, loss } = next.value;
      yield { stage: "layer", layer: i + 1, layers: pairs.length, epoch, epochs, loss };
    }
    weights = { ...weights, ...next.value.parameters };
  }
  return weights;
}

function layerProgram(
  name: string,
  { below, there, back, fixed, trained }: Pair,
  weights: Weights,
  optimizer: Parameters<typeof createOptimizer>[0],
): TrainingProgram {
  const { height, width, channels } = below.input;
  const constants = fixed.map(({ name: own, shape }) =>
    constant("float32", shape, (weights[own] as StateTensor).data),
  );
  return {
    name,
    imageLength: height * width * channels,
    parameters: trained,
    optimizer: createOptimizer(optimizer),
    objective(images, parameters, draws) {
      const given = applyNetwork(below, images, constants).output;
      const seen = draws ? mask(given, MISSING, draws) : given;
      const hidden = applyNetwork(there, seen, parameters.slice(0, 2)).output;
      return meanSquaredError(applyNetwork(back, hidden, parameters.slice(2)).output, given);
    },
  };
}

/** The pairs from the image inwards; undefined where the decoder does not mirror the encoder. */
function pairsOf(encoder: Network, decoder: Network): readonly Pair[] | undefined {
  const forward = denseOf(encoder, ["gaussian-noise", "masking"]);
  const backward = denseOf(decoder, ["reshape"])?.reverse();
  if (!forward || !backward || forward.length !== backward.length) return undefined;
  const specs = [...networkParameters(encoder, "encoder"), ...networkParameters(decoder, "decoder")];
  const own = (network: "encoder" | "decoder", index: number): ParameterSpec[] =>
    specs.filter(({ name }) => name.startsWith(`${network}.${index}.`));
  const pairs = forward.map(({ index, layer }, i): Pair => {
    const undoing = backward[i] as (typeof backward)[number];
    const below = { input: encoder.input, layers: forward.slice(0, i).map((before) => before.layer) };
    const size = numbersOf(networkOutput(below));
    return {
      below,
      there: { input: vector(size), layers: [layer] },
      back: { input: vector(layer.units), layers: [undoing.layer] },
      fixed: forward.slice(0, i).flatMap((before) => own("encoder", before.index)),
      trained: [...own("encoder", index), ...own("decoder", undoing.index)],
    };
  });
  const mirrored = pairs.every(
    ({ there, back }) => numbersOf(networkOutput(back)) === numbersOf(there.input),
  );
  return mirrored ? pairs : undefined;
}

/** Dense layers and their places; undefined where there are others than these and the ones to pass over. */
function denseOf(
  { layers }: Network,
  passedOver: readonly Layer["kind"][],
): { readonly index: number; readonly layer: DenseLayer }[] | undefined {
  const found = layers.flatMap((layer, index) => (layer.kind === "dense" ? [{ index, layer }] : []));
  const others = layers.filter(({ kind }) => kind !== "dense" && !passedOver.includes(kind));
  return others.length === 0 ? found : undefined;
}

function vector(channels: number): LayerShape {
  return { height: 1, width: 1, channels };
}

function numbersOf({ height, width, channels }: LayerShape): number {
  return height * width * channels;
}
