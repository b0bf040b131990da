import { OptionError } from "../errors.ts";
import { type ImageSource, nClasses, type Scaling } from "../images/index.ts";
import type { Checkpoint } from "../neural/index.ts";
import {
  type ClusterOptions,
  type EncoderFile,
  type FeatureFit,
  type FeatureOptions,
  type Method,
  methodStages,
  scalesVectors,
  usesNetwork,
} from "../pipeline/index.ts";
import type { RunSettings } from "./record.ts";

/** Starts of a clusterer on pixels, and on other features, whose few numbers cost it little. */
const RESTARTS = { pixels: 1, features: 10 };

/** Settings as they are asked for, of several methods at once; what is left out follows from the method. */
export type AskedSettings = {
  readonly [K in keyof Omit<RunSettings, "scaling">]?: RunSettings[K] | undefined;
} & { readonly scaling?: Scaling | undefined };

/**
 * The settings of one method's runs. Wishes for a network concern the methods that have one, wishes for covariances
 * those with a mixture.
 */
export function settingsOf(method: Method, asked: AskedSettings = {}): RunSettings {
  const { clusterer, manifold } = methodStages(method);
  const { defaults, objective } = clusterer;
  const { network, covariance, neighbors, sample, resolution, scaling = "none" } = asked;
  const init = clusterer.inits.length > 0 ? (asked.init ?? defaults.init) : undefined;
  const raw = method.features.includes("pixels") && !manifold;
  return {
    ...(init && { init }),
    restarts: asked.restarts ?? defaults.restarts ?? (raw ? RESTARTS.pixels : RESTARTS.features),
    maxIterations: asked.maxIterations ?? defaults.maxIterations,
    tolerance: asked.tolerance ?? defaults.tolerance,
    ...(covariance && objective === "meanLogLikelihood" && { covariance }),
    ...(neighbors && (manifold || clusterer.graphs) && { neighbors }),
    ...(sample && (manifold || clusterer.graphs) && { sample }),
    ...(resolution && clusterer.graphs && { resolution }),
    ...(scaling !== "none" && scalesVectors(method) && { scaling }),
    ...(network && usesNetwork(method) && { network }),
  };
}

/** Number of clusters where nothing says one: neither the user, nor labels, nor the panel. */
export const DEFAULT_CLUSTERS = 10;

/** Features as one run has learned them, and as others may use them. */
export interface LearnedFeatures {
  readonly fit: FeatureFit;
  /** What learning them took. */
  readonly seconds: number;
}

/** One run, asked for. */
export interface RunRequest {
  /** As `parseMethod` reads it. */
  readonly method: string;
  /** The method as the user spelled it; default: `method`. */
  readonly requested?: string;
  readonly seed: number;
  /** Integer in 1..number of images; or `"auto"`: as many as the panel over 1..20 proposes. */
  readonly clusters: number | "auto";
  readonly settings: RunSettings;
  /** Side to which the source was asked to bring its images, kept for `repeat`. */
  readonly size?: number | undefined;
  /** The user's own network, for methods whose features are one (`onnx`); `settings` only name its file. */
  readonly encoder?: EncoderFile | undefined;
  /** Images for the validation loss of a network, none of them among those clustered. */
  readonly validation?: ImageSource | undefined;
  /** What the method's features have learned from the same images with the same seed and settings: used instead of learning it again. */
  readonly learned?: LearnedFeatures | undefined;
  /** Where an earlier, interrupted training of this run stood. */
  readonly resume?: Checkpoint | undefined;
  /** Images to assign and score instead of those clustered. */
  readonly score?: ImageSource | undefined;
}

/** Number of clusters for a source: as many as it has classes, where labels are known; never more than images. */
export function defaultClusters(source: ImageSource): number | "auto" {
  const classes = nClasses(source.images);
  return classes > 0 ? Math.min(classes, source.images.count) : "auto";
}

/** @throws {OptionError} unless the number of clusters is an integer in 1..count */
export function checkClusters(where: string, what: string, clusters: number, count: number): void {
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > count) {
    throw new OptionError(
      `${where}: ${what} must be an integer in 1..${count} (the number of images); got ${clusters}.`,
    );
  }
}

/** What of a request concerns its features. */
export type FeatureRequest = Pick<RunRequest, "seed" | "settings" | "encoder" | "validation" | "resume">;

/** The same as a features stage takes it. */
export function featureOptions(request: FeatureRequest): FeatureOptions {
  const { seed, settings, encoder, validation, resume } = request;
  const { encoder: _itsFile, ...network } = settings.network ?? {};
  return { seed, network, encoder, scaling: settings.scaling, validation: validation?.images, resume };
}

/** What of a run's settings concerns its clusterer. */
export function clusterOptions(nClusters: number, seed: number, settings: RunSettings): ClusterOptions {
  const { network: _ofNetworks, scaling: _ofVectors, ...choices } = settings;
  return { nClusters, seed, ...choices };
}
