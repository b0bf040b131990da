/** UMAP as the map of a method, for clusters rather than for the eye: more dimensions, and near points close together. */
import * as umap from "../manifold/umap/index.ts";
import type { Samples } from "../matrix/index.ts";
import type { ManifoldModel, MapModel } from "./models.ts";
import { mapOnSample } from "./sampling.ts";
import type { ManifoldOptions, ManifoldStage, StageContext } from "./stages.ts";
import {
  leftOutStrangeness,
  memberships,
  neighborGraph,
  neighborsInViews,
  trainingCodes,
  weightedRows,
  weightedRowsTensor,
} from "./training-codes.ts";

/** As McInnes recommends before clustering: umap-learn's documentation, "Using UMAP for Clustering". */
const forClusters = { nDimensions: 10, minDist: 0 };
const NEIGHBORS = 20;

export const umapStage: ManifoldStage = mapOnSample({
  async *steps(samples: Samples, options: ManifoldOptions, context: StageContext) {
    const { seed, columns, neighbors = NEIGHBORS } = options;
    yield { part: "neighbors", epoch: 0, epochs: 1 };
    const tables = await neighborsInViews(samples, { columns, neighbors, seed }, context);
    const near = neighborGraph(tables);
    const steps = umap.layoutSteps(near.graph, { ...forClusters, seed }, context);
    let next = await steps.next();
    while (!next.done) {
      const { epoch, nEpochs } = next.value;
      yield { part: "layout", epoch, epochs: nEpochs };
      next = await steps.next();
    }
    const { embedding, settings } = next.value;
    const codes = trainingCodes(samples, near, columns);
    return { model: { kind: "umap", codes, places: embedding, settings }, samples: embedding };
  },
  async apply(model, samples, context) {
    const near = await memberships(map(model).codes, samples, context);
    return { samples: weightedRows(near, map(model).places), strangeness: near.strangeness };
  },
  leftOut: (model) => leftOutStrangeness(map(model).codes),
  graph: (model, features) => weightedRowsTensor(map(model).codes, features, map(model).places),
});

function map(model: ManifoldModel): MapModel {
  return model;
}
