/**
 * First centers. Each way gives indices of samples.
 *
 * Greedy k-means++ (Arthur and Vassilvitskii 2007, section 5): each next center is, of 2 + log k candidates drawn with
 * probability proportional to their squared distance D^2 to the centers so far, the one that leaves the least sum of D^2.
 */
import { centerTables, sumOfBlocks, type TaskValues } from "../../kernels/index.ts";
import { distinctIntegers, type Random } from "../../random/index.ts";
import type { Session } from "./session.ts";

/** Different samples, drawn at random (seed of the textbook method). */
export function randomStart(session: Session, random: Random): Int32Array {
  return distinctIntegers(random, session.nClusters, session.loaded.rows);
}

/** Greedy k-means++: makes its tables once, and then gives as many starts as are asked for. */
export function plusPlusStarts(session: Session): (random: Random) => Promise<Int32Array> {
  const { loaded, nClusters } = session;
  const { rows, blocks, allocate } = loaded;
  const nCandidates = 2 + Math.floor(Math.log(nClusters));
  const shared = {
    queries: allocate(nCandidates * 4),
    closest: allocate(rows * 8),
    candidateTotals: allocate(blocks * nCandidates * 8),
  };
  const one = { ...centerTables(loaded, 1), ...shared };
  const many = { ...centerTables(loaded, nCandidates), ...shared };
  return (random) => plusPlusStart(session, { ...shared, one, many, nCandidates }, random);
}

/** What all starts of k-means++ share. */
interface PlusPlusTables {
  readonly nCandidates: number;
  readonly queries: number;
  readonly closest: number;
  readonly candidateTotals: number;
  /** Tables for the sample that becomes a center, and for those that may. */
  readonly one: TaskValues;
  readonly many: TaskValues;
}

async function plusPlusStart(
  session: Session,
  { nCandidates, queries, closest, candidateTotals, one, many }: PlusPlusTables,
  random: Random,
): Promise<Int32Array> {
  const { loaded, nClusters, signal } = session;
  const { rows, blocks, compute } = loaded;
  const { memory } = compute;
  memory.float64(closest, rows).fill(Number.POSITIVE_INFINITY);

  const chosen = new Int32Array(nClusters);
  /** Makes a sample the next center; gives the sum of the squared distances that remain. */
  const take = async (index: number, place: number): Promise<number> => {
    chosen[place] = index;
    memory.int32(queries, 1)[0] = index;
    loaded.set(one);
    await loaded.run([["adopt", 1], ["takeCandidate"]], signal);
    return sumOfBlocks(loaded);
  };

  let remaining = await take(random.integer(rows), 0);
  for (let place = 1; place < nClusters; place++) {
    const candidates = memory.int32(queries, nCandidates);
    for (let c = 0; c < nCandidates; c++)
      candidates[c] = draw(session, closest, remaining, random, chosen, place);
    loaded.set(many);
    await loaded.run([["adopt", nCandidates], ["weighCandidates"]], signal);
    const totals = memory.float64(candidateTotals, blocks * nCandidates);
    const sums = new Float64Array(nCandidates);
    totals.forEach((total, at) => {
      sums[at % nCandidates] = (sums[at % nCandidates] as number) + total;
    });
    const best = sums.indexOf(Math.min(...sums));
    remaining = await take(memory.int32(queries, nCandidates)[best] as number, place);
  }
  loaded.set(session.tables);
  return chosen;
}

/** A sample drawn with probability proportional to its entry in `closest`. */
function draw(
  { loaded }: Session,
  closest: number,
  total: number,
  random: Random,
  chosen: Int32Array,
  nChosen: number,
): number {
  const { memory } = loaded.compute;
  // Where every sample lies on a center, all that is left is one that is not a center itself.
  if (!(total > 0)) return firstFree(chosen.subarray(0, nChosen), random.integer(loaded.rows), loaded.rows);
  const totals = memory.float64(loaded.get("blockTotals"), loaded.blocks);
  let left = random.float() * total;
  let block = 0;
  while (block < loaded.blocks - 1 && left >= (totals[block] as number)) {
    left -= totals[block] as number;
    block++;
  }
  const first = block * loaded.blockRows;
  const weights = memory.float64(closest, loaded.rows);
  const end = Math.min(first + loaded.blockRows, loaded.rows);
  let last = first;
  for (let i = first; i < end; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    last = i;
    if (left < weight) return i;
    left -= weight;
  }
  return last; // rounding carried `left` past the end of the block
}

function firstFree(chosen: Int32Array, from: number, rows: number): number {
  const used = new Set(chosen);
  let index = from;
  while (used.has(index)) index = (index + 1) % rows;
  return index;
}
