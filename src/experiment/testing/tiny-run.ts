import { pixels } from "../../features/pixels/index.ts";
import type { ImageSet, ImageSource } from "../../images/index.ts";
import { createRandom } from "../../random/index.ts";
import type { RunRecord, RunResult } from "../index.ts";
import { pickExhibits, sourceRecord, summarize } from "../index.ts";
import type { ComparisonRecord } from "../record.ts";

/** Six images of 2 x 1: three dark, three light; the third is labelled wrongly, so that the scores are not all 1. */
export const tinyImages: ImageSet = {
  count: 6,
  height: 2,
  width: 1,
  channels: 1,
  pixels: Uint8Array.of(0, 0, 0, 51, 51, 0, 255, 255, 204, 255, 255, 204),
  labels: Int32Array.of(0, 0, 1, 1, 1, 1),
  classNames: ["dark", 'light, "bright"'],
};

/** The images as a source. */
export function tinySource(change: Partial<ImageSource> = {}): ImageSource {
  return { name: "tiny", location: "tiny", split: "all", images: tinyImages, sha256: "00ff", ...change };
}

/** A run on them, worked out by hand; no clusterer is needed to have it. */
export function tinyRun(seed = 0): RunResult {
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1);
  const centers = { rows: 2, cols: 2, data: Float64Array.of(1 / 15, 1 / 15, 14 / 15, 14 / 15) };
  // Each cluster: one image at distance sqrt(2) / 15, two at sqrt(1 + 4) / 15.
  const near = Math.SQRT2 / 15;
  const far = Math.sqrt(5) / 15;
  const distances = Float64Array.of(near, far, far, near, far, far);
  const inertia = 24 / 225;
  const source = tinySource();
  const settings = { init: "random", maxIterations: 300, tolerance: 0 } as const;
  const record: RunRecord = {
    format: "unlabeled-run",
    formatVersion: 1,
    method: "pixels+kmeans",
    requested: "pixels+kmeans",
    seed,
    clusters: 2,
    settings: { ...settings, restarts: 1 },
    source: sourceRecord(source),
    converged: true,
    iterations: 2,
    history: [inertia, inertia],
    notices: [],
    metrics: { inertia, accuracy: 5 / 6, purity: 5 / 6 },
    sizes: [3, 3],
    confusion: [
      [2, 1],
      [0, 3],
    ],
    order: [0, 1],
    seconds: { total: 0.5, features: 0.125, manifold: 0, cluster: 0.375 },
    environment: {
      unlabeled: "0.0.1",
      random: "test",
      runtime: "test",
      threads: 1,
      createdAt: "2026-01-02T03:04:05.000Z",
    },
  };
  const choice = { labels, distances, margins: distances, nClusters: 2 };
  return {
    record,
    scored: source,
    learned: { fit: { model: { kind: "pixels" }, samples: pixels(tinyImages) }, seconds: 0.125 },
    assignment: { labels, distances },
    curation: {
      rows: [
        { kind: "near-duplicate", rank: 1, index: 0, group: 1, score: 0 },
        { kind: "near-duplicate", rank: 1, index: 3, group: 1, score: 0.125 },
        { kind: "disagreement", rank: 1, index: 2, score: 0.5 },
      ],
    },
    exhibits: pickExhibits(tinyImages, choice, createRandom(seed)),
    chain: {
      kind: "chain",
      method: "pixels+kmeans",
      shape: { height: 2, width: 1, channels: 1 },
      features: { kind: "pixels" },
      clusterer: {
        kind: "k-means",
        settings: { ...settings, nClusters: 2, nRestarts: 1, seed, algorithm: "auto" },
        centers,
        sizes: Int32Array.of(3, 3),
        inertia,
        iterations: 2,
        converged: true,
        restart: 0,
        history: [
          { restart: 0, iteration: 1, inertia, changed: 6, relocated: [1] },
          { restart: 0, iteration: 2, inertia, changed: 0, relocated: [] },
        ],
      },
    },
  };
}

/** Runs of several seeds, taken together. */
export function tinyComparison(seeds: readonly number[]): ComparisonRecord {
  const results = seeds.map((seed) => tinyRun(seed).record);
  return { source: sourceRecord(tinySource()), results, summary: summarize(results) };
}
