/** A mixture in the kernels' memory: one set of samples, on which any number of iterations may run. */
import { type KernelCompute, type LoadedSamples, loadSamples } from "../../kernels/index.ts";
import { floatsOf, type Matrix, type Samples } from "../../matrix/index.ts";
import { hasMatrices } from "./options.ts";
import { type Moments, maximized, precisionsOf } from "./parameters.ts";
import type { GaussianMixtureSettings, MixtureAssignment, MixtureParameters } from "./types.ts";

export interface Session {
  readonly where: string;
  readonly loaded: LoadedSamples;
  readonly settings: GaussianMixtureSettings;
  readonly groups: number;
  readonly signal: AbortSignal | undefined;
}

/** Rows of a tile of the kernel (assembly/mixture.ts). */
const TILE = 32;

/** Groups of rows, at most, and the rows that make one worth its sums. */
const MOST_GROUPS = 64;
const LEAST_GROUP_ROWS = 1024;

/** Memory, at most, for the sums of all groups; two groups are made even beyond it. */
const GROUP_BYTES = 2 ** 27;

/** What the kernel sums; numbers as assembly/mixture.ts takes them. */
const summed = { nothing: 0, squares: 2, products: 3 } as const;

/** Loads the samples and makes all tables. The caller releases `session.loaded`. */
export async function openSession(
  where: string,
  compute: KernelCompute,
  samples: Samples,
  settings: GaussianMixtureSettings,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const { nComponents: k } = settings;
  const loaded = await loadSamples(where, compute, floatsOf(samples), signal);
  try {
    const { rows, cols: d, allocate, set } = loaded;
    const padded = 4 * Math.ceil(d / 4);
    const triangular = hasMatrices(settings.covarianceType);
    const sumBytes = 8 * (1 + d + (triangular ? padded ** 2 : d));
    const wanted = Math.min(
      MOST_GROUPS,
      Math.ceil(rows / LEAST_GROUP_ROWS),
      Math.max(2, Math.floor(GROUP_BYTES / (k * sumBytes))),
    );
    const groupRows = TILE * Math.ceil(rows / wanted / TILE);
    const groups = Math.ceil(rows / groupRows);
    const scratchBytes = 8 * TILE * (2 * padded + k);
    const factorBytes = 8 * (triangular ? blockedLength(d) : d);
    set({
      nCenters: k,
      mixPadded: padded,
      mixMeans: allocate(k * d * 8),
      mixFactors: allocate((settings.covarianceType === "tied" ? 1 : k) * factorBytes),
      mixFactorBytes: settings.covarianceType === "tied" ? 0 : factorBytes,
      mixTriangular: triangular ? 1 : 0,
      mixConstants: allocate(k * 8),
      mixGroupRows: groupRows,
      mixSums: allocate(groups * k * sumBytes),
      mixSumBytes: sumBytes,
      mixTotals: allocate(groups * 8),
      labels: allocate(rows * 4),
      distances: allocate(rows * 8),
      workerScratch: allocate(compute.threads * scratchBytes),
      scratchBytes,
    });
    return { where, loaded, settings, groups, signal };
  } catch (error) {
    loaded.release();
    throw error;
  }
}

/** Numbers of a triangular factor in blocks of four columns. */
function blockedLength(d: number): number {
  let length = 0;
  for (let j = 0; j < d; j += 4) length += 4 * Math.min(j + 4, d);
  return length;
}

/** Writes parameters where the kernel reads them. */
function place(session: Session, parameters: MixtureParameters): void {
  const { where, loaded, settings } = session;
  const { cols: d, unit, compute, get, rows } = loaded;
  const { triangular, factors, logPeaks } = precisionsOf(where, parameters, settings, rows);
  const { memory } = compute;
  placeMeans(session, parameters);
  const length = triangular ? blockedLength(d) : d;
  const target = memory.float64(get("mixFactors"), factors.length * length);
  for (const [c, factor] of factors.entries()) {
    const own = target.subarray(c * length, (c + 1) * length);
    if (triangular) writeBlocked(factor, d, unit, own);
    else own.set(factor.map((value) => value * unit));
  }
  const constants = memory.float64(get("mixConstants"), logPeaks.length);
  constants.set(logPeaks.map((peak, c) => peak + Math.log(parameters.weights[c] as number)));
}

function placeMeans({ loaded }: Session, { means }: MixtureParameters): void {
  const { unit, compute, get } = loaded;
  const target = compute.memory.float64(get("mixMeans"), means.data.length);
  target.set(means.data.map((value) => value / unit));
}

/** Four columns at a time, each block as far down as its last column reaches. */
function writeBlocked(lower: Float64Array, d: number, unit: number, out: Float64Array): void {
  let at = 0;
  for (let first = 0; first < d; first += 4) {
    for (let i = 0; i < Math.min(first + 4, d); i++) {
      for (let j = first; j < first + 4; j++) {
        out[at++] = j < d && i <= j ? (lower[j * d + i] as number) * unit : 0;
      }
    }
  }
}

/** One expectation and maximization. */
export async function iterate(
  session: Session,
  parameters: MixtureParameters,
): Promise<{ parameters: MixtureParameters; meanLogLikelihood: number }> {
  const { loaded, settings } = session;
  place(session, parameters);
  await run(session, { hard: false, sums: true });
  return {
    parameters: maximized(momentsOf(session), parameters, settings),
    meanLogLikelihood: totalLogLikelihood(session) / loaded.rows,
  };
}

/**
 * Maximization for samples whose components are known.
 *
 * @param start means near those of the components, and what components without samples get
 */
export async function maximizedFor(
  session: Session,
  labels: Int32Array,
  start: MixtureParameters,
): Promise<MixtureParameters> {
  const { loaded, settings } = session;
  placeMeans(session, start);
  loaded.compute.memory.int32(loaded.get("labels"), loaded.rows).set(labels);
  await run(session, { hard: true, sums: true });
  return maximized(momentsOf(session), start, settings);
}

/** Expectation alone. */
export async function expected(
  session: Session,
  parameters: MixtureParameters,
): Promise<MixtureAssignment & { readonly meanLogLikelihood: number }> {
  const { loaded } = session;
  place(session, parameters);
  await run(session, { hard: false, sums: false });
  const { memory } = loaded.compute;
  return {
    labels: Int32Array.from(memory.int32(loaded.get("labels"), loaded.rows)),
    logDensities: Float64Array.from(memory.float64(loaded.get("distances"), loaded.rows)),
    meanLogLikelihood: totalLogLikelihood(session) / loaded.rows,
  };
}

/** Responsibilities, nSamples x nComponents. */
export async function shares(session: Session, parameters: MixtureParameters): Promise<Matrix<Float64Array>> {
  const { loaded, settings } = session;
  const length = loaded.rows * settings.nComponents;
  const output = loaded.allocate(8 * length);
  loaded.set({ output });
  place(session, parameters);
  await run(session, { hard: false, sums: false });
  const data = Float64Array.from(loaded.compute.memory.float64(output, length));
  return { rows: loaded.rows, cols: settings.nComponents, data };
}

async function run(
  { loaded, settings, groups, signal }: Session,
  { hard, sums }: { readonly hard: boolean; readonly sums: boolean },
): Promise<void> {
  const moments = hasMatrices(settings.covarianceType) ? summed.products : summed.squares;
  loaded.set({ mixHard: hard ? 1 : 0, mixMoments: sums ? moments : summed.nothing });
  const { rows, stride } = loaded;
  const perSample = moments === summed.products ? stride * stride : stride;
  await loaded.run([["mixture", groups]], signal, rows * settings.nComponents * perSample);
}

function totalLogLikelihood({ loaded, groups }: Session): number {
  return loaded.compute.memory.float64(loaded.get("mixTotals"), groups).reduce((a, b) => a + b, 0);
}

/** Sums over the groups, in their order, in the samples' own units. */
function momentsOf({ loaded, settings, groups }: Session): Moments {
  const { cols: d, unit, compute, get } = loaded;
  const { nComponents: k } = settings;
  const length = get("mixSumBytes") / 8;
  const padded = get("mixPadded");
  const all = compute.memory.float64(get("mixSums"), groups * k * length);
  const added = new Float64Array(k * length);
  for (let i = 0; i < all.length; i++) {
    const at = i % added.length;
    added[at] = (added[at] as number) + (all[i] as number);
  }
  const triangular = hasMatrices(settings.covarianceType);
  const sizes = new Float64Array(k);
  const sums = new Float64Array(k * d);
  const seconds = new Float64Array(k * d * (triangular ? d : 1));
  for (let c = 0; c < k; c++) {
    const own = added.subarray(c * length, (c + 1) * length);
    sizes[c] = own[0] as number;
    for (let i = 0; i < d; i++) {
      sums[c * d + i] = (own[1 + i] as number) * unit;
      if (!triangular) seconds[c * d + i] = (own[1 + d + i] as number) * unit ** 2;
      else {
        for (let j = 0; j <= i; j++) {
          seconds[(c * d + i) * d + j] = (own[1 + d + i * padded + j] as number) * unit ** 2;
        }
      }
    }
  }
  return { sizes, sums, seconds };
}
