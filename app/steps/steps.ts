/** The steps of a clusterer, as they are shown one by one. */
import type { StepsRequest, StepsView } from "../../src/explorer/protocol.ts";
import { count, images, short } from "../state/words.ts";

/** What is shown, as the address has it. */
export interface StepsAddress extends StepsRequest {
  /** Number of the step. */
  readonly at: number;
}

/** Reads `k-means,5,0,random,3`; what makes no sense is as usual. */
export function readSteps(said: string | null, clusters: number): StepsAddress {
  const [by, k, seed, init, at] = (said ?? "").split(",");
  const whole = (text: string | undefined, least: number, most: number, otherwise: number): number => {
    const value = /^\d{1,15}$/.test(text ?? "") ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : otherwise;
  };
  return {
    by: by === "mixture" ? "mixture" : "k-means",
    k: whole(k, 1, 20, Math.min(20, Math.max(2, clusters))),
    seed: whole(seed, 0, Number.MAX_SAFE_INTEGER, 0),
    init: init === "k-means++" ? "k-means++" : "random",
    at: whole(at, 0, 10_000, 0),
  };
}

export function writeSteps({ by, k, seed, init, at }: StepsAddress): string {
  return [by, k, seed, init, at].join(",");
}

/** One step that is shown. */
export interface Move {
  /** Which half of an iteration of K-Means, or a whole one of EM. */
  readonly kind: "start" | "assign" | "update" | "em";
  /** 0: the start. */
  readonly iteration: number;
  /** Iteration after which the centers lie as they are drawn. */
  readonly centersOf: number;
  /** Group of each image; null: none yet. */
  readonly labels: Uint8Array | null;
  readonly title: string;
  readonly text: string;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Where the images lie, and what happens to them. Iterations of K-Means are two steps each. */
export function movesOf(steps: StepsView): {
  readonly places: Float32Array;
  readonly moves: readonly Move[];
} {
  const places = new Float32Array(bytesOf(steps.places).buffer);
  const moves: Move[] = [];
  const k = steps.iterations[0]?.centers.length ?? 0;
  const centersWord = k === 1 ? "center" : "centers";
  steps.iterations.forEach(({ labels, value, changed }, iteration) => {
    const groups = labels === null ? null : bytesOf(labels);
    const change =
      changed === null ? "" : `${images(changed)} ${changed === 1 ? "changes its" : "change their"} cluster.`;
    if (steps.objective === "meanLogLikelihood") {
      const likelihood = `The mean log-likelihood is ${short(value ?? 0)}.`;
      moves.push({
        ...{ kind: iteration === 0 ? "start" : "em", iteration, centersOf: iteration, labels: groups },
        title: iteration === 0 ? "The start" : `Iteration ${count(iteration)}`,
        text:
          iteration === 0
            ? `${count(k)} normal distributions are laid around as many images; each image has the colour of the likeliest. ${likelihood}`
            : `Expectation: how likely each image is to come from each distribution. Maximization: weights, centers and shapes of the distributions follow. ${change} ${likelihood}`,
      });
      return;
    }
    if (groups === null) {
      moves.push({
        ...{ kind: "start", iteration, centersOf: 0, labels: null },
        title: "The start",
        text: `${count(k)} images are the first ${centersWord}; no image has a cluster yet.`,
      });
      return;
    }
    moves.push({
      ...{ kind: "assign", iteration, centersOf: iteration - 1, labels: groups },
      title: `Iteration ${count(iteration)}, first half`,
      text: `Each image takes the colour of its nearest center. ${change}`,
    });
    moves.push({
      ...{ kind: "update", iteration, centersOf: iteration, labels: groups },
      title: `Iteration ${count(iteration)}, second half`,
      text: `Each center moves to the mean of its images. The inertia, the sum of squared distances to the centers, is ${short(value ?? 0)}.`,
    });
  });
  return { places, moves };
}
