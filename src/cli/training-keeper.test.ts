import { expect, test } from "vitest";
import type { Checkpoint, Runtime, TrainingProgress } from "../neural/index.ts";
import { parseTraining, type WorkFiles } from "../node/index.ts";
import { patientSignal } from "./patient-signal.ts";
import { trainingKeeper } from "./training-keeper.ts";

const run = { method: "vae+kmeans", seed: 3 };

/** A keeper whose clock is set by hand, and the checkpoints that it has written. */
function keeping() {
  const written: Checkpoint[] = [];
  let time = 0;
  const wish = new AbortController();
  const patience = patientSignal(wish.signal);
  const work: WorkFiles = {
    nameOf: () => "x",
    read: async () => undefined,
    remove: async () => {},
    write: async (file, content) => {
      expect(file).toBe("training");
      const stored = parseTraining(content as Uint8Array, "x", "");
      expect(stored).toMatchObject({ ...run, sha256: "abc", runtime: "test 1.0, 2 threads" });
      written.push(stored.checkpoint);
    },
  };
  const runtime = { name: "test", version: "1.0", threads: 2 } as unknown as Runtime;
  const effects = { now: () => time, signal: wish.signal } as Parameters<typeof trainingKeeper>[0]["effects"];
  const keeper = trainingKeeper({ work, effects, patience, runtime, sha256: "abc" });
  return {
    written,
    wish,
    patience,
    at: (seconds: number, epoch: number, batch: number, epochDone = false) => {
      time = seconds * 1000;
      return keeper.after(run, progress(epoch, batch, epochDone));
    },
    step: () => keeper.after(run),
  };
}

function progress(epoch: number, batch: number, epochDone: boolean): TrainingProgress {
  return {
    ...{ epoch, epochs: 3, batch, batches: 9, loss: 1, epochDone },
    checkpoint: async () => ({
      ...{ fingerprint: "f", epoch: epochDone ? epoch : epoch - 1, batch, lossSum: 1, imagesSeen: 1 },
      state: { w: { shape: [1], data: Float32Array.of(0.5) } },
      history: [],
    }),
  };
}

test("saves after each epoch, and at least every 30 seconds within one", async () => {
  const { at, written } = keeping();
  await at(1, 1, 1);
  await at(29, 1, 2);
  expect(written).toHaveLength(0);
  await at(30, 1, 3);
  await at(31, 1, 4);
  await at(32, 1, 9, true);
  await at(61, 2, 1);
  await at(62, 2, 2);
  expect(written.map(({ epoch, batch }) => [epoch, batch])).toEqual([
    [0, 3],
    [1, 9],
    [1, 2],
  ]);
});

test("lets a wish to cancel through only after it has saved", async () => {
  const { at, written, wish, patience } = keeping();
  await at(1, 1, 1);
  wish.abort();
  expect(patience.signal.aborted).toBe(false);
  await at(2, 1, 2);
  expect(written.map(({ batch }) => batch)).toEqual([2]);
  expect(patience.signal.aborted).toBe(true);
});

test("holds nothing back when training is over", async () => {
  const after = keeping();
  await after.at(1, 3, 9, true);
  after.wish.abort();
  expect(after.patience.signal.aborted).toBe(true);
  const stopped = keeping(); // early: the last epoch is not known as such
  await stopped.at(1, 2, 9, true);
  stopped.wish.abort();
  expect(stopped.patience.signal.aborted).toBe(false);
  await stopped.step();
  expect(stopped.patience.signal.aborted).toBe(true);
});
