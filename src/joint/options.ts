import { OptionError } from "../errors.ts";
import type { ImageSet } from "../images/index.ts";
import { didYouMean } from "../spelling.ts";
import type { AugmentationOptions, JointMethod, JointOptions, JointSettings } from "./types.ts";

/** What holds where an option is left out; `updateInterval` follows from the number of images. */
export const defaults = {
  seed: 0,
  architecture: "deep-ae",
  pretraining: "end-to-end",
  layerEpochs: 5,
  nRestarts: 20,
  maxIterations: 40,
  tolerance: 0.001,
  gamma: 0.1,
  batch: 256,
  learningRate: 1e-4,
} as const;

/** Minibatches between two updates, at most: IDEC's on MNIST. */
const INTERVAL = 140;

const methods: readonly JointMethod[] = ["dec", "idec"];
const known: readonly (keyof JointOptions)[] = [
  "method",
  "nClusters",
  "seed",
  "architecture",
  "network",
  "pretraining",
  "layerEpochs",
  "pretrained",
  "validation",
  "resume",
  "nRestarts",
  "updateInterval",
  "maxIterations",
  "tolerance",
  "gamma",
  "learningRate",
  "batch",
  "augment",
];

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkJointOptions(options: JointOptions, images: ImageSet): JointSettings {
  const { method, nClusters, augment = {} } = options;
  const fail = (what: string, rule: string, got: unknown, more = ""): never => {
    throw new OptionError(`joint.fit: ${what} must be ${rule}; got ${String(got)}.${more}`);
  };
  for (const name of Object.keys(options)) {
    if (!(known as readonly string[]).includes(name)) {
      fail("every option", `one of ${known.join(", ")}`, `"${name}"`, didYouMean(name, known));
    }
  }
  if (!methods.includes(method)) fail("method", `one of ${methods.join(", ")}`, `"${method}"`);
  if (!Number.isInteger(nClusters) || nClusters < 1 || nClusters > images.count) {
    fail("nClusters", `an integer in 1..${images.count} (the number of images)`, nClusters);
  }
  const pretraining = options.pretraining ?? defaults.pretraining;
  if (pretraining !== "end-to-end" && pretraining !== "layer-wise") {
    fail("pretraining", "one of end-to-end, layer-wise", `"${pretraining as string}"`);
  }
  if (method === "dec" && options.gamma !== undefined) {
    fail("gamma", "left out with dec, which has no reconstruction loss to weigh against", options.gamma);
  }
  const batch = options.batch ?? defaults.batch;
  const counts = {
    layerEpochs: options.layerEpochs ?? defaults.layerEpochs,
    nRestarts: options.nRestarts ?? defaults.nRestarts,
    batch,
    updateInterval:
      options.updateInterval ?? Math.min(INTERVAL, Math.max(1, Math.ceil(images.count / batch))),
    maxIterations: options.maxIterations ?? defaults.maxIterations,
  };
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) fail(name, "an integer of at least 1", value);
  }
  const seed = options.seed ?? defaults.seed;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, seed);
  }
  const tolerance = options.tolerance ?? defaults.tolerance;
  if (!(tolerance >= 0 && tolerance <= 1)) fail("tolerance", "a share in 0..1", tolerance);
  const gamma = method === "dec" ? 1 : (options.gamma ?? defaults.gamma);
  if (!(gamma > 0 && Number.isFinite(gamma))) fail("gamma", "a positive number", gamma);
  const learningRate = options.learningRate ?? defaults.learningRate;
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    fail("learningRate", "a positive number", learningRate);
  }
  return {
    method,
    nClusters,
    seed,
    pretraining: options.pretrained ? "given" : pretraining,
    tolerance,
    gamma,
    learningRate,
    optimizer: { kind: "adam", epsilon: 1e-7 },
    augment: checkAugment(augment, images, fail),
    ...counts,
  };
}

function checkAugment(
  { shift = 0, rotation = 0 }: AugmentationOptions,
  { height, width }: ImageSet,
  fail: (what: string, rule: string, got: unknown) => never,
): Required<AugmentationOptions> {
  const side = Math.min(height, width);
  if (!(shift >= 0 && shift < side)) {
    fail("augment.shift", `a number of pixels from 0 to below ${side} (the images' shorter side)`, shift);
  }
  if (!(rotation >= 0 && rotation <= 180)) fail("augment.rotation", "an angle in 0..180 degrees", rotation);
  return { shift, rotation };
}
