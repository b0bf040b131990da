/**
 * Graphs and maps of very many images are made of a sample, so that memory stays bounded: neighbours, edges, partitions and
 * places are held for the sample alone. The other images join by the rule for new images (training-codes.ts), as any image
 * would that comes later.
 */
import { OptionError } from "../errors.ts";
import { type Matrix, type Samples, takeRows } from "../matrix/index.ts";
import { createRandom, distinctIntegers } from "../random/index.ts";
import type {
  Assignment,
  ClustererStage,
  ClusterFit,
  ManifoldFit,
  ManifoldStage,
  StageContext,
} from "./stages.ts";

/**
 * Images that a graph or a map is made of at most, unless told otherwise. Neighbours, graph and partitions of so many take
 * about 1 GiB beside the features (docs/large-data.md).
 */
export const MOST_IN_GRAPH = 300_000;

/** Images that join at a time: their neighbours and shares are all that is held of them. */
const rowsAtOnce = 32_768;

/** Which rows are drawn, and which are left, both in rising order. */
export interface Drawn {
  readonly samples: Samples;
  readonly indices: Int32Array;
  readonly rest: Int32Array;
}

/**
 * A sample of the rows, where there are more than a graph or a map is to be made of.
 *
 * @param options.sample most rows; default {@link MOST_IN_GRAPH}
 * @param purpose names the random stream that the rows are drawn from
 * @returns undefined where all rows serve
 */
export function drawRows(
  samples: Samples,
  { sample = MOST_IN_GRAPH, seed }: { readonly sample?: number | undefined; readonly seed: number },
  purpose: "graph-sample" | "map-sample" | "panel-sample",
): Drawn | undefined {
  if (samples.rows <= sample) return undefined;
  const indices = distinctIntegers(createRandom(seed).stream(purpose), sample, samples.rows).sort();
  const rest = new Int32Array(samples.rows - sample);
  let next = 0;
  for (let i = 0, at = 0; i < samples.rows; i++) {
    if (indices[at] === i) at++;
    else rest[next++] = i;
  }
  return { samples: takeRows(samples, indices), indices, rest };
}

/** The clusterer, on a sample where there are too many images for it. */
export function onSample(stage: ClustererStage): ClustererStage {
  return {
    ...stage,
    async *steps(samples, options, context) {
      const drawn = drawRows(samples, options, "graph-sample");
      if (!drawn) return yield* stage.steps(samples, options, context);
      if (options.nClusters > drawn.samples.rows) {
        throw new OptionError(
          `graph: nClusters must be an integer in 1..${drawn.samples.rows} (the number of images that the graph is made of); got ${options.nClusters}. Make it of more (--sample).`,
        );
      }
      const fit = yield* stage.steps(drawn.samples, options, context);
      return joined(stage, fit, samples, drawn, context);
    },
  };
}

/** The map, of a sample where there are too many images for it. */
export function mapOnSample(stage: ManifoldStage): ManifoldStage {
  return {
    ...stage,
    async *steps(samples, options, context) {
      const drawn = drawRows(samples, options, "map-sample");
      if (!drawn) return yield* stage.steps(samples, options, context);
      const { model, samples: places } = yield* stage.steps(drawn.samples, options, context);
      const all = placesOfAll(samples.rows, places, drawn.indices);
      for (const rows of portions(drawn.rest)) {
        const { samples: located } = await stage.apply(model, takeRows(samples, rows), context);
        scatterRows(all, located, rows);
      }
      return {
        model,
        samples: all,
        notices: [sampleNotice("map", samples.rows, drawn)],
      } satisfies ManifoldFit;
    },
  };
}

async function joined(
  stage: ClustererStage,
  fit: ClusterFit,
  samples: Samples,
  { indices, rest, ...drawn }: Drawn,
  context: StageContext,
): Promise<ClusterFit> {
  const all = {
    labels: new Int32Array(samples.rows),
    distances: new Float64Array(samples.rows),
    ...(fit.probabilities && { probabilities: new Float64Array(samples.rows) }),
    ...(fit.margins && { margins: new Float64Array(samples.rows) }),
  };
  const put = (found: Assignment, rows: Int32Array): void => {
    rows.forEach((row, i) => {
      all.labels[row] = found.labels[i] as number;
      all.distances[row] = found.distances[i] as number;
      if (all.probabilities) all.probabilities[row] = found.probabilities?.[i] ?? 0;
      if (all.margins) all.margins[row] = found.margins?.[i] ?? 0;
    });
  };
  put(fit, indices);
  for (const rows of portions(rest))
    put(await stage.assign(fit.model, takeRows(samples, rows), context), rows);
  return {
    ...fit,
    ...all,
    inertia: all.distances.reduce((sum, distance) => sum + distance * distance, 0),
    notices: [...fit.notices, sampleNotice("graph", samples.rows, { ...drawn, indices, rest })],
  };
}

function sampleNotice(what: "graph" | "map", nSamples: number, { indices }: Drawn): string {
  return `The ${what} was made of ${grouped(indices.length)} of the ${grouped(nSamples)} images, drawn by the seed; the others ${what === "map" ? "found their places" : "joined"} as new images would. Choose how many with --sample.`;
}

/** Whole number with thousands separated, the same in every language. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function* portions(rows: Int32Array): Generator<Int32Array, void, void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) yield rows.subarray(from, from + rowsAtOnce);
}

function placesOfAll(rows: number, places: Matrix<Float32Array>, indices: Int32Array): Matrix<Float32Array> {
  const all = { rows, cols: places.cols, data: new Float32Array(rows * places.cols) };
  scatterRows(all, places, indices);
  return all;
}

/** Writes row i of the values to row `rows[i]` of the target. */
function scatterRows(target: Matrix<Float32Array>, values: Matrix<Float32Array>, rows: Int32Array): void {
  const { cols } = target;
  rows.forEach((row, i) => {
    target.data.set(values.data.subarray(i * cols, (i + 1) * cols), row * cols);
  });
}
