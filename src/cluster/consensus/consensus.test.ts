import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError } from "../../errors.ts";
import { createCompute } from "../../kernels/index.ts";
import { symmetricEigen } from "../../matrix/index.ts";
import { adjustedRandIndex, contingencyTable } from "../../partitions/index.ts";
import { createRandom } from "../../random/index.ts";
import { plantedGraph } from "../graph/testing/graphs.ts";
import * as consensus from "./index.ts";
import { leadingEigen } from "./leading-eigen.ts";
import { meanAgreements, overlapsOf } from "./overlaps.ts";
import { spectralPlaces } from "./spectral.ts";
import { countVotes, fillEmpty, voteInRounds } from "./vote.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const ints = (...values: number[]): Int32Array => Int32Array.from(values);

/** The same labels under other names, some of them changed at random. */
function noisy(labels: Int32Array, nClusters: number, share: number, seed: number): Int32Array {
  const random = createRandom(seed);
  const shift = random.integer(nClusters);
  return labels.map((label) =>
    random.float() < share ? random.integer(nClusters) : (label + shift) % nClusters,
  );
}

describe("votes", () => {
  test("partitions are aligned to the reference before they vote", () => {
    const reference = ints(0, 0, 1, 1);
    const votes = countVotes(reference, [reference, ints(1, 1, 0, 0), ints(1, 1, 1, 0)], 2);
    // The third matches its cluster 1 to 0, with two samples in common, and so puts sample 2 there.
    expect([...votes]).toEqual([3, 0, 3, 0, 1, 2, 0, 3]);
    expect([...voteInRounds(reference, [reference, ints(1, 1, 0, 0), ints(1, 1, 1, 0)], 2)]).toEqual([
      0, 0, 1, 1,
    ]);
  });

  test("an empty cluster takes the sample that gave it most votes and is not alone", () => {
    const labels = ints(0, 0, 0, 1);
    fillEmpty(labels, ints(3, 0, 0, 2, 0, 1, 1, 0, 2, 0, 1, 2), 3);
    expect([...labels]).toEqual([0, 0, 2, 1]);
  });

  test("names do not matter, and noise that is not shared is outvoted", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 6 }), (seed, nClusters) => {
        const random = createRandom(seed);
        const truth = Int32Array.from({ length: 200 }, (_, i) =>
          i < nClusters ? i : random.integer(nClusters),
        );
        const partitions = Array.from({ length: 21 }, (_, p) => noisy(truth, nClusters, 0.2, 7 * seed + p));
        const labels = voteInRounds(partitions[0] as Int32Array, partitions, nClusters);
        expect(adjustedRandIndex(contingencyTable(labels, truth))).toBeGreaterThan(0.97);
      }),
      { numRuns: 30 },
    );
  });
});

describe("overlaps", () => {
  test("hold the counts and indices of each two partitions", () => {
    const labels = [ints(0, 0, 1, 1, 2, 2), ints(1, 1, 0, 0, 2, 2), ints(0, 1, 0, 1, 0, 1)];
    const overlaps = overlapsOf(labels, 3);
    labels.forEach((one, p) => {
      labels.forEach((other, q) => {
        const table = contingencyTable(one, other, { nClusters: 3, nClasses: 3 });
        expect(overlaps.agreement[p * 3 + q]).toBe(adjustedRandIndex(table));
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++)
            expect(overlaps.counts[(p * 3 + a) * 9 + q * 3 + b]).toBe(table.counts[a * 3 + b]);
        }
      });
    });
    const apart = adjustedRandIndex(contingencyTable(labels[0] as Int32Array, labels[2] as Int32Array));
    expect(meanAgreements(overlaps)[0]).toBeCloseTo((1 + apart) / 2, 14);
    expect([...meanAgreements(overlapsOf([ints(0, 1)], 2))]).toEqual([1]);
  });
});

describe("spectral consensus", () => {
  test("the leading eigenvectors are those that Jacobi's rotations give", () => {
    const random = createRandom(3);
    const size = 24;
    const factor = Float64Array.from({ length: size * size }, () => random.float() - 0.5);
    const matrix = new Float64Array(size * size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        for (let i = 0; i < size; i++)
          matrix[a * size + b] =
            (matrix[a * size + b] as number) +
            (factor[a * size + i] as number) * (factor[b * size + i] as number);
      }
    }
    const all = symmetricEigen(matrix, size);
    const some = leadingEigen(matrix, size, 4, createRandom(1));
    some.values.forEach((value, c) => expect(value).toBeCloseTo(all.values[c] as number, 8));
    for (let c = 0; c < 4; c++) {
      let dot = 0;
      for (let i = 0; i < size; i++)
        dot += (all.vectors[c * size + i] as number) * (some.vectors[c * size + i] as number);
      expect(Math.abs(dot)).toBeCloseTo(1, 5);
    }
  });

  test("samples that all partitions put together lie at one place, others at right angles", () => {
    const labels = [ints(0, 0, 1, 1, 2), ints(2, 2, 0, 0, 1), ints(1, 1, 0, 0, 2)];
    const { data } = spectralPlaces(labels, overlapsOf(labels, 3), createRandom(0));
    const dot = (i: number, j: number): number =>
      [0, 1, 2].reduce((sum, c) => sum + (data[i * 3 + c] as number) * (data[j * 3 + c] as number), 0);
    for (const [i, j, expected] of [
      [0, 0, 1],
      [0, 1, 1],
      [2, 3, 1],
      [0, 2, 0],
      [1, 4, 0],
    ] as const)
      expect(dot(i, j)).toBeCloseTo(expected, 6);
  });
});

describe("fit", () => {
  const random = createRandom(11);
  const { graph, groups } = plantedGraph(random, 240, 4, 0.22, 0.03);
  const other = plantedGraph(createRandom(12), 240, 4, 0.22, 0.2).graph;
  const options = { nClusters: 4, nRuns: 2 };

  test.each(["vote", "spectral"] as const)(
    "%s finds planted groups, sure of most samples",
    async (method) => {
      const fitted = await consensus.fit([graph], { ...options, method }, { compute });
      const index = adjustedRandIndex(contingencyTable(fitted.labels, Int32Array.from(groups)));
      expect(index).toBeGreaterThan(0.95);
      expect(fitted.nPartitions).toBe(6);
      expect(fitted.members).toHaveLength(6);
      expect(fitted.agreement).toBeGreaterThan(0.9);
      expect(fitted.confidence.reduce((sum, share) => sum + share, 0) / 240).toBeGreaterThan(0.95);
    },
  );

  test.each(["vote", "spectral"] as const)(
    "%s gives the same bytes on 1, 2 and 3 threads",
    async (method) => {
      const two = await consensus.fit([graph, other], { ...options, method }, { compute });
      for (const threads of [1, 3]) {
        const pool = createCompute({ threads });
        expect(await consensus.fit([graph, other], { ...options, method }, { compute: pool })).toEqual(two);
        pool.close();
      }
    },
  );

  test("confidence is the share of partitions that agree, and members tell of each", async () => {
    const fitted = await consensus.fit([graph, other], { ...options, resolutions: [1, 2] }, { compute });
    for (const share of fitted.confidence) {
      expect(Number.isInteger(Math.round(share * 8 * 1e6) / 1e6)).toBe(true);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(fitted.members.map(({ graph, run, resolution }) => [graph, run, resolution])).toEqual([
      [0, 0, 1],
      [0, 0, 2],
      [1, 0, 1],
      [1, 0, 2],
      [0, 1, 1],
      [0, 1, 2],
      [1, 1, 1],
      [1, 1, 2],
    ]);
    const mean = fitted.members.reduce((sum, member) => sum + member.agreement, 0) / 8;
    expect(fitted.agreement).toBeCloseTo(mean, 12);
    // The first graph has clear groups and the second has none.
    const [clear, blurred] = fitted.members.filter(({ run, resolution }) => run === 0 && resolution === 1);
    expect(clear?.agreementWithLabels).toBeGreaterThan(blurred?.agreementWithLabels as number);
  });

  test("more runs, or more graphs, leave the partitions of the others as they were", async () => {
    const few = await consensus.fit([graph], { nClusters: 4, nRuns: 1 }, { compute });
    const many = await consensus.fit([graph, other], { nClusters: 4, nRuns: 2 }, { compute });
    const same = many.members.filter(({ graph, run }) => graph === 0 && run === 0);
    expect(same.map((member) => member.modularity)).toEqual(few.members.map((member) => member.modularity));
  });

  test("one cluster, one partition, and as many clusters as samples", async () => {
    const one = await consensus.fit([graph], { nClusters: 1 }, { compute });
    expect([...one.sizes]).toEqual([240]);
    expect(one.agreement).toBe(1);
    const single = await consensus.fit([graph], { nClusters: 4, nRuns: 1, resolutions: [1] }, { compute });
    expect(single.nPartitions).toBe(1);
    expect(single.agreement).toBe(1);
    expect(single.confidence.every((share) => share === 1)).toBe(true);
    const tiny = plantedGraph(createRandom(2), 9, 2, 0.8, 0.2).graph;
    for (const method of ["vote", "spectral"] as const) {
      const all = await consensus.fit([tiny], { nClusters: 9, method }, { compute });
      expect([...all.sizes]).toEqual(new Array(9).fill(1));
    }
  });

  test("drained steps give the fit, and the fit reports the same steps", async () => {
    const reported: consensus.ConsensusStep[] = [];
    const onProgress = (step: consensus.ConsensusStep): void => void reported.push(step);
    const fitted = await consensus.fit([graph], options, { compute, onProgress });
    const drained: consensus.ConsensusStep[] = [];
    const generator = consensus.steps([graph], options, { compute });
    let next = await generator.next();
    for (; !next.done; next = await generator.next()) drained.push(next.value);
    expect(next.value).toEqual(fitted);
    expect(drained).toEqual(reported);
    expect(reported.map(({ partition, of }) => [partition, of])).toEqual(
      [1, 2, 3, 4, 5, 6].map((p) => [p, 6]),
    );
  });

  test("an aborted signal cancels before any work, and between partitions", async () => {
    const early = consensus.fit([graph], options, { compute, signal: AbortSignal.abort() });
    await expect(early).rejects.toThrow(CancelledError);
    const controller = new AbortController();
    const { signal } = controller;
    const late = consensus.fit(
      [graph],
      { ...options, nRuns: 50 },
      { compute, signal, onProgress: () => controller.abort() },
    );
    await expect(late).rejects.toThrow(CancelledError);
  });
});
