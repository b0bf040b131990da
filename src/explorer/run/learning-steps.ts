/** How K-Means and mixtures learn, iteration by iteration, on the plane of a run's code. */
import { z } from "zod";
import * as gaussianMixture from "../../cluster/gaussian-mixture/index.ts";
import * as kMeans from "../../cluster/k-means/index.ts";
import { UnlabeledError } from "../../errors.ts";
import type { Compute } from "../../kernels/index.ts";
import { type Matrix, takeRows } from "../../matrix/index.ts";
import { asAsked } from "../body.ts";
import type { StepsIteration, StepsRequest, StepsView } from "../protocol.ts";
import { Refusal } from "../refusal.ts";

/** Images, at most: enough to see, few enough to send the labels of every iteration. */
const SAMPLE = 3000;

/** Iterations, at most. */
const MOST_ITERATIONS = 100;

/** Points of an ellipse. */
const CORNERS = 48;

const schema = z.strictObject({
  by: z.enum(["k-means", "mixture"]),
  k: z.int().min(1).max(20),
  seed: z.int().min(0),
  init: z.enum(["random", "k-means++"]),
}) satisfies z.ZodType<StepsRequest>;

/** @throws {Refusal} 400 for anything that is no {@link StepsRequest}, with the place of the first fault */
export function stepsRequest(value: unknown): StepsRequest {
  return asAsked(schema, value, "steps must be asked as the protocol says");
}

/**
 * All iterations of one start.
 *
 * @param places count x 2
 * @throws {Refusal} 400 for more groups than images, and where a component of a mixture collapses
 */
export async function learningSteps(
  places: Float32Array,
  asked: StepsRequest,
  compute: Compute,
): Promise<StepsView> {
  const count = places.length / 2;
  const sample = spaced({ rows: count, cols: 2, data: places });
  try {
    const trace = asked.by === "k-means" ? kMeansSteps : mixtureSteps;
    const { converged, iterations } = await trace(sample, asked, compute);
    const { data } = sample;
    return {
      sample: sample.rows,
      count,
      places: base64(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
      objective: asked.by === "k-means" ? "inertia" : "meanLogLikelihood",
      converged,
      iterations,
    };
  } catch (error) {
    if (error instanceof UnlabeledError) throw new Refusal(400, error.message);
    throw error;
  }
}

type Traced = Pick<StepsView, "converged" | "iterations">;

async function kMeansSteps(
  samples: Matrix<Float32Array>,
  { k, seed, init }: StepsRequest,
  compute: Compute,
): Promise<Traced> {
  const options = { nClusters: k, seed, init, maxIterations: MOST_ITERATIONS };
  const tracing = kMeans.trace(samples, options, { compute });
  const iterations: StepsIteration[] = [];
  let next = await tracing.next();
  while (!next.done) {
    const step = next.value;
    const centers = pairs(step.centers);
    iterations.push(
      step.labels === undefined
        ? { centers, labels: null, value: null, changed: null, ellipses: [] }
        : {
            centers,
            labels: base64(Uint8Array.from(step.labels)),
            value: step.inertia,
            changed: step.changed,
            ellipses: [],
          },
    );
    next = await tracing.next();
  }
  return { converged: next.value.converged, iterations };
}

async function mixtureSteps(
  samples: Matrix<Float32Array>,
  { k, seed, init }: StepsRequest,
  compute: Compute,
): Promise<Traced> {
  const options = {
    ...{ nComponents: k, seed, init, maxIterations: MOST_ITERATIONS },
    covarianceType: "full",
  } as const;
  const tracing = gaussianMixture.trace(samples, options, { compute });
  const iterations: StepsIteration[] = [];
  let before: Int32Array | undefined;
  let next = await tracing.next();
  while (!next.done) {
    const { means, covariances, labels, meanLogLikelihood } = next.value;
    const last = before;
    iterations.push({
      centers: pairs(means),
      labels: base64(Uint8Array.from(labels)),
      value: meanLogLikelihood,
      changed: last ? labels.reduce((sum, label, i) => sum + (label === last[i] ? 0 : 1), 0) : null,
      ellipses: pairs(means).map((mean, c) => ellipse(mean, covariances.subarray(4 * c, 4 * c + 4))),
    });
    before = labels;
    next = await tracing.next();
  }
  return { converged: next.value, iterations };
}

/** The line at one standard deviation: the unit circle, through the Cholesky factor of the covariance. */
function ellipse(
  [x, y]: readonly [number, number],
  covariance: Float64Array,
): readonly (readonly [number, number])[] {
  const [xx = 0, xy = 0, , yy = 0] = covariance;
  const a = Math.sqrt(Math.max(xx, 0));
  const b = a > 0 ? xy / a : 0;
  const c = Math.sqrt(Math.max(yy - b * b, 0));
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [x + a * cos, y + b * cos + c * sin] as const;
  });
}

function pairs({ rows, data }: Matrix): readonly (readonly [number, number])[] {
  return Array.from({ length: rows }, (_, c) => [data[2 * c] as number, data[2 * c + 1] as number] as const);
}

/** At most so many rows, evenly spaced, in memory of their own. */
function spaced(places: Matrix<Float32Array>): Matrix<Float32Array> {
  const length = Math.min(places.rows, SAMPLE);
  return takeRows(
    places,
    Int32Array.from({ length }, (_, i) => Math.floor((i * places.rows) / length)),
  ) as Matrix<Float32Array>;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
