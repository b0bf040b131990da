import { spawnSync } from "node:child_process";
import { describe, expect, test, vi } from "vitest";
import { CancelledError, InputError, OptionError } from "../errors.ts";
import { matrixFromRows } from "../matrix/index.ts";
import { computeOf, createCompute, type KernelCompute } from "./compute.ts";
import { loadSamples } from "./load-samples.ts";
import { KernelMemory } from "./memory.ts";
import { centerTables, sumTables } from "./tables.ts";

const points = matrixFromRows(Array.from({ length: 3000 }, (_, i) => [i % 7, (i * i) % 11, 1]));

/** Sums of the columns by label i % 4, computed by the kernels. */
async function sumsByLabel(
  compute: KernelCompute,
  load: typeof loadSamples = loadSamples,
): Promise<number[]> {
  const loaded = await load("test", compute, points);
  loaded.set({ ...centerTables(loaded, 4), ...sumTables(loaded, 4), labels: loaded.allocate(3000 * 4) });
  compute.memory.int32(loaded.get("labels"), 3000).set(Int32Array.from({ length: 3000 }, (_, i) => i % 4));
  await loaded.run([["accumulate"], ["update", 4]]);
  const centers = compute.memory.float64(loaded.get("centers"), 4 * loaded.stride);
  const counts = compute.memory.int32(loaded.get("counts"), 4);
  const sums = [0, 1, 2, 3].flatMap((c) =>
    [0, 1, 2].map((j) => (centers[c * loaded.stride + j] as number) * (counts[c] as number)),
  );
  compute.close();
  return sums;
}

describe("threads", () => {
  test("several phases over many blocks give the sums of a plain loop on any number of threads", async () => {
    const expected = new Array<number>(12).fill(0);
    for (let i = 0; i < 3000; i++) {
      for (let j = 0; j < 3; j++) {
        const at = (i % 4) * 3 + j;
        expected[at] = (expected[at] as number) + (points.data[i * 3 + j] as number);
      }
    }
    for (const threads of [1, 2, 3, 8]) {
      (await sumsByLabel(computeOf(createCompute({ threads })))).forEach((sum, at) =>
        expect(sum).toBeCloseTo(expected[at] as number, 8),
      );
    }
  });

  test("jobs of several callers run one after another, each with its own result", async () => {
    const compute = computeOf(createCompute({ threads: 2 }));
    const totals = await Promise.all(
      [1, 2, 3, 4].map(async (factor) => {
        const samples = { ...points, data: points.data.map((value) => value * factor) };
        const loaded = await loadSamples("test", compute, samples);
        loaded.set({ mean: loaded.allocate(loaded.stride * 8) });
        await loaded.run([["scatter"]]);
        const totals = compute.memory.float64(loaded.get("blockTotals"), loaded.blocks);
        const total = totals.reduce((a, b) => a + b, 0);
        loaded.release();
        return total / factor ** 2;
      }),
    );
    for (const total of totals) expect(total).toBeCloseTo(totals[0] as number, 6);
    compute.close();
  });

  test("a job of few operations, done by the calling thread, and one of many give the same, in the order of the calls", async () => {
    const compute = computeOf(createCompute({ threads: 2 }));
    const loaded = await loadSamples("test", compute, points);
    loaded.set({ mean: loaded.allocate(loaded.stride * 8) });
    const totals: number[] = [];
    const jobs = [1, Infinity, 1, Infinity].map(async (operations, at) => {
      await loaded.run([["scatter"]], undefined, operations);
      totals.push(
        at,
        compute.memory.float64(loaded.get("blockTotals"), loaded.blocks).reduce((a, b) => a + b, 0),
      );
    });
    await Promise.all(jobs);
    compute.close();
    const [, first] = totals;
    expect(first).toBeGreaterThan(0);
    expect(totals).toEqual([0, first, 1, first, 2, first, 3, first]);
  });

  test("the caller's event loop is served while the kernels run", async () => {
    const compute = computeOf(createCompute({ threads: 2 }));
    const loaded = await loadSamples("test", compute, points);
    loaded.set({ mean: loaded.allocate(loaded.stride * 8) });
    let served = false;
    setImmediate(() => {
      served = true;
    });
    // One job may end within the same turn of the loop; of this many, one would have to be waited for.
    for (let job = 0; job < 3000 && !served; job++) await loaded.run([["scatter", loaded.blocks]]);
    compute.close();
    expect(served).toBe(true);
  });

  test("closing makes a running job and all later ones throw CancelledError", async () => {
    const compute = computeOf(createCompute({ threads: 2 }));
    const loaded = await loadSamples("test", compute, points);
    loaded.set({ mean: loaded.allocate(loaded.stride * 8) });
    const running = loaded.run([["scatter"]]);
    compute.close();
    await expect(running).rejects.toThrow(CancelledError);
    await expect(loaded.run([["scatter"]])).rejects.toThrow("kernels: the threads were closed.");
  });

  test("an aborted signal ends a job with CancelledError, and the next job runs", async () => {
    const compute = computeOf(createCompute({ threads: 2 }));
    const loaded = await loadSamples("test", compute, points);
    loaded.set({ mean: loaded.allocate(loaded.stride * 8) });
    const controller = new AbortController();
    const running = loaded.run([["scatter"]], controller.signal);
    controller.abort();
    await expect(running).rejects.toThrow(CancelledError);
    await loaded.run([["scatter"]]);
    compute.close();
  });

  test("a number of threads out of range is an OptionError", () => {
    for (const threads of [0, 257, 1.5, Number.NaN]) {
      expect(() => createCompute({ threads })).toThrow(OptionError);
      expect(() => createCompute({ threads })).toThrow(
        `threads must be an integer in 1..256; got ${threads}.`,
      );
    }
  });

  test("threads at rest do not keep a program alive, and a program ends while one was never closed", () => {
    const code = `
      import { kMeans } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
      const data = Float32Array.from({ length: 400 }, (_, i) => (i * 7919) % 101);
      const fitted = await kMeans.fit({ rows: 200, cols: 2, data }, { nClusters: 3 });
      console.log(fitted.converged);`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", code], { timeout: 30_000 });
    expect(child.stderr.toString()).toBe("");
    expect(child.stdout.toString().trim()).toBe("true");
    expect(child.status).toBe(0);
  });
});

test("without shared memory, slices on the caller's thread give the bytes that threads give", async () => {
  const shared = await sumsByLabel(computeOf(createCompute({ threads: 2 })));
  vi.resetModules();
  const { platform } = await vi.importActual<typeof import("../platform/node.ts")>("../platform/node.ts");
  vi.doMock("#platform", () => ({ platform: { ...platform, sharedMemory: false } }));
  const sliced = await import("./compute.ts");
  const { loadSamples: load } = await import("./load-samples.ts");
  const compute = sliced.computeOf(sliced.createCompute({ threads: 4 }));
  expect(compute.threads).toBe(1);
  expect(compute.shared).toBe(false);
  expect(compute.memory.memory.buffer).toBeInstanceOf(ArrayBuffer);
  expect(await sumsByLabel(compute, load)).toEqual(shared);
  vi.doUnmock("#platform");
});

describe("memory", () => {
  test("pieces do not overlap, start on cache lines, and are zero even when used again", () => {
    const memory = new KernelMemory(false);
    const pieces = [100, 1, 70_000, 64, 200_000].map((bytes) => ({ start: memory.allocate(bytes), bytes }));
    for (const piece of pieces) {
      expect(piece.start % 64).toBe(0);
      expect(piece.start).toBeGreaterThan(0);
      expect(memory.bytes(piece.start, piece.bytes).every((byte) => byte === 0)).toBe(true);
      memory.bytes(piece.start, piece.bytes).fill(7);
    }
    const sorted = [...pieces].sort((a, b) => a.start - b.start);
    sorted.slice(1).forEach((piece, at) => {
      const before = sorted[at] as { start: number; bytes: number };
      expect(piece.start).toBeGreaterThanOrEqual(before.start + before.bytes);
    });
    for (const piece of pieces) memory.release(piece.start);
    const again = memory.allocate(150_000);
    expect(memory.bytes(again, 150_000).every((byte) => byte === 0)).toBe(true);
  });

  test("what was released is used again: the memory does not grow", () => {
    const memory = new KernelMemory(true);
    const first = [memory.allocate(300_000), memory.allocate(500_000)];
    const size = memory.memory.buffer.byteLength;
    for (const piece of first) memory.release(piece);
    memory.allocate(790_000);
    expect(memory.memory.buffer.byteLength).toBe(size);
  });

  test("more than 4 GiB is an InputError that says what to do", () => {
    const memory = new KernelMemory(false);
    expect(() => memory.allocate(2 ** 33)).toThrow(InputError);
    expect(() => memory.allocate(2 ** 33)).toThrow(
      "must fit into 4 GiB; 8192 MiB more could not be had. Use fewer samples",
    );
  });
});
