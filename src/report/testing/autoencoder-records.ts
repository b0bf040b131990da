/** A run on the code of an autoencoder, with plausible figures and all pictures, for the tests of this folder. */
import type {
  CodeExhibit,
  CodeShapes,
  ReconstructedImages,
  ReconstructionExhibit,
} from "../../experiment/exhibits.ts";
import type {
  EpochRecord,
  Exhibits,
  MixtureExhibit,
  RunRecord,
  TrainingRecord,
} from "../../experiment/index.ts";
import { type ImageSet, sliceImages } from "../../images/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import { exhibitsOf, noiseImages, type RecordChoice, runRecord } from "./records.ts";

/** What a test may choose of a run with a network. */
export interface NetworkChoice extends RecordChoice {
  readonly codeSize?: number;
  readonly deadDimensions?: readonly number[];
  readonly training?: Partial<TrainingRecord>;
}

/** A run of `conv-ae+kmeans` whose training stopped two epochs after its best. */
export function autoencoderRun(choice: NetworkChoice = {}): RunRecord {
  const { codeSize = 10, deadDimensions = [3, 7], seed = 0, method = "conv-ae+kmeans" } = choice;
  const record = runRecord({ ...choice, method });
  return {
    ...record,
    settings: { ...record.settings, network: { epochs: 30, codeSize, widths: [16, 32] } },
    training: {
      architecture: method.replace(/[+:].*/, ""),
      encoder: [
        "convolution 3 × 3, 16 channels, stride 2, relu",
        "convolution 3 × 3, 32 channels, stride 2, relu",
        `dense 1568 → ${codeSize}, linear`,
      ],
      decoder: [
        `dense ${codeSize} → 1568, relu`,
        "transposed convolution 3 × 3, 16 channels, stride 2, relu",
        "transposed convolution 3 × 3, 1 channel, stride 2, sigmoid",
      ],
      parameters: 47_211,
      codeSize,
      loss: "mse",
      optimizer: "Adam",
      batch: 128,
      learningRate: 0.001,
      maxEpochs: 30,
      epochs: lossesOf(12, seed),
      keptEpoch: 10,
      stopReason: "no improvement",
      validation: "1,000 of the images, drawn with the seed",
      deadDimensions,
      codeSpread: Array.from({ length: codeSize }, (_, d) =>
        deadDimensions.includes(d) ? 0.00004 : 1.4 / (1 + ((d * 3) % 7) / 3),
      ),
      runtime: "onnxruntime-node 1.30.0, 2 threads",
      ...choice.training,
    },
    seconds: { total: 26.2, features: 25.1, manifold: 0, cluster: 1.1 },
    run: `runs/fashion-mnist-conv-ae-${seed}`,
  };
}

/** Losses that fall quickly, then slowly; the validation loss is least two epochs before the end. */
export function lossesOf(nEpochs: number, seed = 0): readonly EpochRecord[] {
  const random = createRandom(seed).stream("losses");
  return Array.from({ length: nEpochs }, (_, i) => ({
    loss: 0.012 + 0.16 / (1 + i) ** 1.5,
    validationLoss: 0.0131 + 0.1 / (1 + i) ** 1.7 + (i > nEpochs - 3 ? 0.001 : 0),
    seconds: 2 + random.integer(100) / 500,
  }));
}

/** Pictures of a run with a network: noise, and points in one cloud for each cluster. */
export function autoencoderExhibits(result: RunRecord, perGrid = 4, nPoints = 300): Exhibits {
  const codeSize = result.training?.codeSize ?? 3;
  return {
    ...exhibitsOf(result, perGrid),
    reconstructions: reconstructionsOf(result),
    code: cloudOf(result, codeSize, nPoints),
    ...(result.method.endsWith("+gmm") && { mixture: mixtureOf(result) }),
  };
}

function reconstructionsOf({ source }: RunRecord): ReconstructionExhibit {
  const { height, channels, classNames } = source;
  const images = noiseImages(20, height, channels, classNames);
  const plain = (from: number): ImageSet => sliceImages(noiseImages(100, height, channels), from, from + 10);
  const pairs = (first: number, errors: readonly number[]): ReconstructedImages => ({
    originals: {
      indices: errors.map((_, i) => first + i),
      images: sliceImages(images, 0, errors.length),
    },
    reconstructed: sliceImages(noiseImages(40, height, channels), 20, 20 + errors.length),
    errors,
  });
  return {
    typical: pairs(
      0,
      Array.from({ length: 20 }, (_, i) => 0.011 + 0.0001 * i),
    ),
    worst: pairs(
      500,
      Array.from({ length: 10 }, (_, i) => 0.09 - 0.002 * i),
    ),
    byEpoch: {
      originals: { indices: Array.from({ length: 10 }, (_, i) => i), images: sliceImages(images, 0, 10) },
      epochs: [1, 2, 4, 8, 12],
      images: [0, 10, 20, 30, 40].map(plain),
    },
  };
}

/** Two images in doubt, three unlikely ones, and two drawn from each component. */
function mixtureOf({ clusters, source }: RunRecord): MixtureExhibit {
  const { height, channels, classNames } = source;
  const exhibit = (indices: readonly number[]): MixtureExhibit["doubtful"]["originals"] => ({
    indices,
    images: noiseImages(indices.length, height, channels, classNames),
  });
  const shares = Array.from({ length: 2 * clusters }, (_, i) => [0.52, 0.475, 0.005][i % clusters] ?? 0);
  return {
    doubtful: {
      originals: exhibit([7, 4711]),
      probabilities: { rows: 2, cols: clusters, data: Float64Array.from(shares) },
    },
    unexplained: { originals: exhibit([12, 3, 99]), logDensities: [-31.25, -30, -28.5], median: -9.75 },
    drawn: { perCluster: 2, images: noiseImages(2 * clusters, height, channels) },
  };
}

function cloudOf(result: RunRecord, codeSize: number, nPoints: number): CodeExhibit {
  const { clusters: nClusters, source, seed } = result;
  const random = createRandom(seed).stream("cloud");
  const cols = Math.min(3, codeSize);
  const centers = Float32Array.from({ length: nClusters * cols }, () => 4 * random.float() - 2);
  const clusters = Int32Array.from({ length: nPoints }, (_, i) => i % nClusters);
  const nClasses = source.classNames?.length ?? 0;
  return {
    points: {
      rows: nPoints,
      cols,
      data: Float32Array.from(
        { length: nPoints * cols },
        (_, i) =>
          (centers[((Math.floor(i / cols) % nClusters) * cols + (i % cols)) as number] as number) +
          bell(random),
      ),
    },
    codeSize,
    clusters,
    ...(source.labelled && {
      classes: clusters.map((cluster, i) => (i % 5 === 0 ? i * 7 : cluster) % nClasses),
    }),
    centers: { rows: nClusters, cols, data: centers },
    ...(cols > 1 && { shapes: shapesOf(result, cols, centers) }),
  };
}

/** Circles; of a mixture ellipses, and then circles. */
function shapesOf({ clusters, method }: RunRecord, cols: number, data: Float32Array): readonly CodeShapes[] {
  const repeated = (numbers: readonly number[]): CodeShapes["flat"] => ({
    rows: clusters,
    cols: numbers.length,
    data: Float32Array.from(
      { length: clusters * numbers.length },
      (_, i) => numbers[i % numbers.length] ?? 0,
    ),
  });
  const centers = { rows: clusters, cols, data };
  const circles: CodeShapes = {
    ...{ kind: "circles", centers, flat: repeated([0.8, 0, 0.8]) },
    ...(cols > 2 && { solid: repeated([1, 0, 0, 1, 0, 1]) }),
  };
  const ellipses: CodeShapes = {
    ...{ kind: "ellipses", centers, flat: repeated([1, 0.5, 0.4]) },
    ...(cols > 2 && { solid: repeated([1, 0.5, 0, 0.4, 0.1, 0.9]) }),
  };
  return method.endsWith("+gmm") ? [ellipses, circles] : [circles];
}

// About normal, with a standard deviation of about 0.4.
function bell(random: Random): number {
  return 0.7 * (random.float() + random.float() + random.float() + random.float() - 2);
}
