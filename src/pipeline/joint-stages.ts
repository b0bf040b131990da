/**
 * Methods that learn features and clusters together. They begin with the features of another method, which a comparison
 * may have learned already, and end with a network of their own and its centers; a new image gets the cluster of its
 * nearest center, to which its Student-t assignment is the largest.
 */

import { OptionError } from "../errors.ts";
import type { ImageSet } from "../images/index.ts";
import { assignCodes, type JointMethod, type JointModel, steps } from "../joint/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import {
  atLeast,
  divide,
  indexOfLeast,
  power,
  shift,
  sqrt,
  sum,
  type Tensor,
  type TrainingProgress,
} from "../neural/index.ts";
import { distancesToOwn, squaredDistances } from "./center-distances.ts";
import { featureStages } from "./features.ts";
import { kMeansStage } from "./k-means-stage.ts";
import type { ClusterModel, StudentModel } from "./models.ts";
import { ownShares, shareMargins } from "./shares.ts";
import type {
  Assignment,
  ClustererStage,
  ClusterFit,
  ClusterOptions,
  ClusterStep,
  ClusterTensors,
  FeatureFit,
  FeatureOptions,
  StageContext,
} from "./stages.ts";

/** Where a joint training stands. */
export interface JointStep {
  readonly training?: TrainingProgress;
  readonly step?: ClusterStep;
}

/** What a joint training ends with. */
export interface JointFit {
  /** As the training leaves them. */
  readonly features: FeatureFit;
  readonly fit: ClusterFit;
}

/** Images, and features to begin with, to features and groups. */
export interface JointStage {
  /** Word of the features that it begins with. */
  readonly features: string;
  /** Whether the decoder is trained along, so that centers can be drawn. */
  readonly drawsCenters: boolean;
  /** Starts as K-Means does on those features, and assigns as the training ends. */
  readonly clusterer: ClustererStage;
  steps(
    images: ImageSet,
    learned: FeatureFit,
    options: ClusterOptions & FeatureOptions,
    context: StageContext,
  ): AsyncGenerator<JointStep, JointFit, void>;
}

/** Updates of the targets, at most, and the share of changed labels that ends it, unless told otherwise. */
const defaults = { ...kMeansStage.defaults, maxIterations: 40, tolerance: 0.001 };

/** The rule of a finished joint training; before it, K-Means. */
const studentStage: ClustererStage = {
  ...kMeansStage,
  defaults,
  inits: [],
  objective: "changed",
  assign: async (model, samples) => assigned(student(model), samples),
  margins: async (model, samples, labels) => shareMargins(softAssignmentsOf(student(model), samples), labels),
  // The training draws codes to centers: images that were part of it say nothing of others (7 % of new ones lay beyond
  // 99 % of them). Validation images can be calibrated with, where a run has them.
  leftOut: undefined,
  centers: (model) => student(model).centers,
  probabilities: async (model, samples) => softAssignmentsOf(student(model), samples),
  graph,
};

/** Joint methods by their names. */
export const jointMethods: ReadonlyMap<string, JointStage> = new Map([
  ["dec", jointStage("dec")],
  ["idec", jointStage("idec")],
]);

function jointStage(method: JointMethod): JointStage {
  return {
    features: "deep-ae",
    drawsCenters: method === "idec",
    clusterer: studentStage,
    async *steps(images, learned, options, context) {
      const { nClusters, seed, restarts, maxIterations, tolerance } = options;
      if (learned.model.kind !== "autoencoder") {
        throw new OptionError(
          `${method}: features must be those of an autoencoder; got ${learned.model.kind}.`,
        );
      }
      const asked = { method, nClusters, seed, nRestarts: restarts, maxIterations, tolerance };
      const training = steps(images, { ...asked, pretrained: learned.model }, context);
      let next = await training.next();
      while (!next.done) {
        const step = next.value;
        if (step.stage === "clustering") {
          const { iteration, loss, changed, batch, batches } = step;
          yield { step: { restart: 0, iteration, loss, changed: changed ?? 1, batch, batches } };
        }
        next = await training.next();
      }
      const { model, labels, notices } = next.value;
      const { autoencoder, kind: _joint, ...centers } = model;
      const samples = await codesOf(autoencoder, images, context);
      const assignment = assigned({ kind: "student-t", ...centers }, samples);
      return {
        features: { ...learned, model: autoencoder, samples },
        fit: {
          ...assignment,
          labels,
          model: { kind: "student-t", ...centers },
          inertia: assignment.distances.reduce((total, distance) => total + distance * distance, 0),
          scores: { modularity: model.check.end },
          converged: model.converged,
          iterations: model.iterations,
          history: model.history.map((one) => one.changed),
          notices,
        },
      };
    },
  };
}

function codesOf(
  model: JointModel["autoencoder"],
  images: ImageSet,
  context: StageContext,
): Promise<Samples> {
  const stage = featureStages.get(model.settings.architecture);
  if (!stage) throw new TypeError(`no features ${model.settings.architecture}`);
  return stage.apply(model, images, context);
}

function softAssignmentsOf(model: StudentModel, samples: Samples): Matrix<Float32Array> {
  return assignCodes(model, floats(samples)).probabilities;
}

function assigned(model: StudentModel, samples: Samples): Assignment {
  const { labels, probabilities } = assignCodes(model, floats(samples));
  return {
    labels,
    probabilities: ownShares(probabilities, labels),
    margins: shareMargins(probabilities, labels),
    distances: distancesToOwn(samples, model.centers, labels),
  };
}

/** Student's t distribution with one degree of freedom. */
function graph(model: ClusterModel, features: Tensor): ClusterTensors {
  const squares = atLeast(squaredDistances(features, student(model).centers), 0);
  const kernels = power(shift(squares, 1), -1);
  return {
    cluster: indexOfLeast(squares, 1),
    distances: sqrt(squares),
    probabilities: divide(kernels, sum(kernels, [1], true)),
  };
}

function floats(samples: Samples): Matrix<Float32Array> {
  if (samples.data instanceof Float32Array) return { ...samples, data: samples.data };
  throw new TypeError("codes of a network were expected; got bytes");
}

function student(model: ClusterModel): StudentModel {
  if (model.kind === "student-t") return model;
  throw new TypeError(`centers of a joint training were expected; got ${model.kind}`);
}
