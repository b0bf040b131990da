/**
 * The leading principal components of samples, roughly: enough for a place to start from. Directions come from a seeded part of the
 * samples by a block power iteration; all samples are then projected upon them.
 */
import { isByteMatrix, type Samples, symmetricEigen, takeRows } from "../../matrix/index.ts";
import { distinctIntegers, type Random } from "../../random/index.ts";

/** Samples from which the directions are found. */
const partRows = 2000;
const nIterations = 8;
/** Directions iterated beside the wanted ones. */
const extraDirections = 4;

/** Projections of centered samples, rows x count; directions beyond the samples' own are zero. */
export function principalPlaces(samples: Samples, count: number, random: Random): Float32Array {
  const { rows, cols } = samples;
  const part = rows > partRows ? takeRows(samples, distinctIntegers(random, partRows, rows).sort()) : samples;
  const mean = meanOf(part);
  const width = Math.min(count + extraDirections, cols);
  let directions: Float64Array = Float64Array.from({ length: width * cols }, () => random.float() - 0.5);
  orthonormalize(directions, width, cols);
  for (let iteration = 0; iteration < nIterations; iteration++) {
    const places = project(part, mean, directions, width);
    directions = backProject(part, mean, places, width);
    orthonormalize(directions, width, cols);
  }
  // Within the subspace, the axes of the largest variance come first.
  const places = project(part, mean, directions, width);
  const { vectors } = symmetricEigen(scatter(places, width), width);
  const wanted = Math.min(count, width);
  const axes = new Float64Array(wanted * cols);
  for (let a = 0; a < wanted; a++) {
    for (let w = 0; w < width; w++) {
      const weight = vectors[a * width + w] as number;
      for (let j = 0; j < cols; j++) {
        axes[a * cols + j] = (axes[a * cols + j] as number) + weight * (directions[w * cols + j] as number);
      }
    }
  }
  const projected = project(samples, mean, axes, wanted);
  const out = new Float32Array(rows * count);
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < wanted; a++) out[i * count + a] = projected[i * wanted + a] as number;
  }
  return out;
}

function meanOf({ rows, cols, data }: Samples): Float64Array {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) mean[j] = (mean[j] as number) + (data[i * cols + j] as number) / rows;
  }
  return mean;
}

/** rows x width: scalar products of the centered rows with the directions (width x cols). */
function project(
  samples: Samples,
  mean: Float64Array,
  directions: Float64Array,
  width: number,
): Float64Array {
  const { rows, cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const places = new Float64Array(rows * width);
  for (let w = 0; w < width; w++) {
    const direction = directions.subarray(w * cols, (w + 1) * cols);
    const offset = direction.reduce((sum, value, j) => sum + value * (mean[j] as number), 0);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < cols; j++) sum += (data[i * cols + j] as number) * (direction[j] as number);
      places[i * width + w] = (sum - offset) * unit;
    }
  }
  return places;
}

/** width x cols: sums of the centered rows, weighed by their places. */
function backProject(
  { rows, cols, data }: Samples,
  mean: Float64Array,
  places: Float64Array,
  width: number,
): Float64Array {
  const directions = new Float64Array(width * cols);
  for (let w = 0; w < width; w++) {
    const direction = directions.subarray(w * cols, (w + 1) * cols);
    let total = 0;
    for (let i = 0; i < rows; i++) {
      const weight = places[i * width + w] as number;
      total += weight;
      for (let j = 0; j < cols; j++) {
        direction[j] = (direction[j] as number) + weight * (data[i * cols + j] as number);
      }
    }
    for (let j = 0; j < cols; j++) direction[j] = (direction[j] as number) - total * (mean[j] as number);
  }
  return directions;
}

/** Gram and Schmidt, twice; a direction that depends on those before it becomes zero. */
function orthonormalize(directions: Float64Array, width: number, cols: number): void {
  for (let w = 0; w < width; w++) {
    const own = directions.subarray(w * cols, (w + 1) * cols);
    const length = Math.sqrt(dot(own, own));
    for (let pass = 0; pass < 2; pass++) {
      for (let v = 0; v < w; v++) {
        const other = directions.subarray(v * cols, (v + 1) * cols);
        const share = dot(own, other);
        for (let j = 0; j < cols; j++) own[j] = (own[j] as number) - share * (other[j] as number);
      }
    }
    const rest = Math.sqrt(dot(own, own));
    const scale = rest > 1e-10 * length ? 1 / rest : 0;
    for (let j = 0; j < cols; j++) own[j] = (own[j] as number) * scale;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function scatter(places: Float64Array, width: number): Float64Array {
  const table = new Float64Array(width * width);
  for (let at = 0; at < places.length; at += width) {
    for (let r = 0; r < width; r++) {
      for (let c = 0; c < width; c++) {
        table[r * width + c] =
          (table[r * width + c] as number) + (places[at + r] as number) * (places[at + c] as number);
      }
    }
  }
  return table;
}
