import { beforeAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, NumericalError, OptionError } from "../../errors.ts";
import type { Runtime } from "../runtime/index.ts";
import { numbersOf } from "../testing/evaluate.ts";
import { sharedRuntime } from "../testing/runtimes.ts";
import { type Checkpoint, train } from "./index.ts";
import {
  clock,
  contextOf,
  firstRows,
  images,
  linearProgram,
  noisyProgram,
  recorded,
  settings,
  slowClock,
  trainAll,
} from "./testing/trainings.ts";

// Nothing here depends on the runtime.
describe("the course of training", () => {
  let opened: Runtime;
  const runtime = (): Runtime => opened;
  beforeAll(async () => {
    opened = await sharedRuntime();
  });

  test("progress goes forwards, and tells speed and time left by the given clock", async () => {
    const choice = { ...settings, batch: 2, epochs: 2 };
    const context = contextOf(runtime(), { now: clock(500) });
    const program = linearProgram({ kind: "sgd" });
    const { steps, trained } = await trainAll(program, images(21), firstRows(21), choice, context);
    // Calls of 8, 2, and the odd image, half a second each; the last one was slow for one minibatch.
    expect(steps.map(({ epoch, batch, epochDone }) => [epoch, batch, epochDone])).toEqual([
      [1, 8, false],
      [1, 10, false],
      [1, 11, true],
      ...Array.from({ length: 10 }, (_, i) => [2, i + 1, false]),
      [2, 11, true],
    ]);
    expect(steps[0]).toMatchObject({ epochs: 2, batches: 11, imagesPerSecond: 32, secondsLeft: 26 / 32 });
    expect(steps[2]).toMatchObject({ imagesPerSecond: 14, secondsLeft: 21 / 14 });
    expect(steps.at(-1)).toMatchObject({ secondsLeft: 0, validationLoss: 1 / 2 });
    expect(steps.map(({ validationLoss }) => validationLoss)).toEqual([
      ...new Array<undefined>(2).fill(undefined),
      ...new Array<number>(11).fill(1),
      1 / 2,
    ]);
    expect([steps[2].loss, steps[13].loss]).toEqual(trained.history.map(({ loss }) => loss));
    expect(trained.history.map(({ seconds }) => seconds)).toEqual([3.5, 11.5]);
  });

  test("without a clock no speed is told", async () => {
    const context = contextOf(runtime());
    const program = linearProgram({ kind: "sgd" });
    const { steps, trained } = await trainAll(program, images(5), firstRows(5), settings, context);
    expect(steps.some((step) => "imagesPerSecond" in step || "secondsLeft" in step)).toBe(false);
    expect(trained.history.map(({ seconds }) => seconds)).toEqual([0, 0, 0]);
  });

  test("the epoch with the lowest validation loss gives the weights, the earliest among equals", async () => {
    const losses = [5, 3, 4, 3, 9];
    const seen: number[][] = [];
    const context = contextOf(runtime(), {
      validate: async (parameters, epoch) => {
        seen.push(Object.values(parameters).flatMap(numbersOf));
        return { loss: losses[epoch - 1], keepsake: Uint8Array.of(epoch) };
      },
    });
    const choice = { ...settings, epochs: 5 };
    const { trained } = await trainAll(noisyProgram(), images(9), firstRows(9), choice, context);
    expect(trained).toMatchObject({ keptEpoch: 2, stopReason: "epochs" });
    expect(trained.history.map(({ validationLoss }) => validationLoss)).toEqual(losses);
    expect(trained.history.map(({ keepsake }) => keepsake?.[0])).toEqual([1, 2, 3, 4, 5]);
    expect(Object.values(trained.parameters).flatMap(({ data }) => [...data])).toEqual(seen[1]);
    expect(seen[3]).not.toEqual(seen[1]);
  });

  test.each([
    { patience: 1, epochs: 3, kept: 2, reason: "no improvement" },
    { patience: 2, epochs: 7, kept: 5, reason: "no improvement" },
    { patience: 3, epochs: 8, kept: 5, reason: "epochs" },
    { patience: undefined, epochs: 8, kept: 5, reason: "epochs" },
  ])("training stops after $patience epochs without a lower validation loss", async (wanted) => {
    const losses = [5, 4, 4, 4.5 - 1, 3, 3.5, 3, 3.1];
    if (wanted.patience === 1) losses[2] = 4;
    const { patience } = wanted;
    const choice = { ...settings, epochs: 8, ...(patience !== undefined && { patience }) };
    const context = contextOf(runtime(), {
      validate: async (_parameters, epoch) => ({ loss: losses[epoch - 1] }),
    });
    const program = linearProgram({ kind: "sgd" });
    const { trained } = await trainAll(program, images(5), firstRows(5), choice, context);
    expect(trained.history.length).toBe(wanted.epochs);
    expect(trained).toMatchObject({ keptEpoch: wanted.kept, stopReason: wanted.reason });
  });

  test("a loss that is not finite stops at once, and says where and what to do", async () => {
    const choice = { ...settings, learningRate: 1e30 };
    const program = linearProgram({ kind: "sgd" });
    const { runtime: spied, open } = recorded(runtime());
    const failure = trainAll(program, images(10), firstRows(10), choice, contextOf(spied));
    await expect(failure).rejects.toThrow(NumericalError);
    await expect(failure).rejects.toThrow(
      /^train: the loss must stay finite; got (Infinity|NaN) in epoch 1, minibatch 2 of 3, after a mean of 0\.\d+\. The steps are too large: lower the learning rate \(now 1e\+30\)\.$/,
    );
    expect(open()).toBe(0);
  });

  test("a validation loss that is not finite stops as well", async () => {
    const context = contextOf(runtime(), { validate: async () => ({ loss: Number.NaN }) });
    const failure = trainAll(linearProgram({ kind: "sgd" }), images(4), firstRows(4), settings, context);
    await expect(failure).rejects.toThrow(
      /^train: the validation loss must stay finite; got NaN after epoch 1, after a mean of/,
    );
  });

  test("a signal cancels before the next call, and the session is released", async () => {
    const abort = new AbortController();
    const { runtime: spied, runs, open } = recorded(runtime());
    const context = contextOf(spied, { signal: abort.signal });
    const generator = train(linearProgram({ kind: "sgd" }), images(10), firstRows(10), settings, context);
    expect((await generator.next()).value).toMatchObject({ epoch: 1, batch: 2 });
    abort.abort();
    await expect(generator.next()).rejects.toThrow(new CancelledError("train: cancelled by the caller."));
    expect(runs.length).toBe(1);
    expect(open()).toBe(0);
  });

  test("leaving early, or a failing validation, releases the session", async () => {
    const { runtime: spied, open } = recorded(runtime());
    const program = linearProgram({ kind: "sgd" });
    const generator = train(program, images(10), firstRows(10), settings, contextOf(spied));
    await generator.next();
    expect(open()).toBe(1);
    await generator.return(undefined as never);
    expect(open()).toBe(0);
    const broken = contextOf(spied, { validate: () => Promise.reject(new RangeError("broken")) });
    await expect(trainAll(program, images(10), firstRows(10), settings, broken)).rejects.toThrow(
      new RangeError("broken"),
    );
    expect(open()).toBe(0);
  });

  test("a checkpoint of a step that is past is refused", async () => {
    const context = contextOf(runtime(), { now: slowClock() });
    const checkpoints: Checkpoint[] = [];
    const program = linearProgram({ kind: "sgd" });
    const { steps } = await trainAll(program, images(10), firstRows(10), settings, context);
    for (const step of steps.slice(0, 2)) {
      await expect(step.checkpoint().then((made) => checkpoints.push(made))).rejects.toThrow(
        new InputError("checkpoint: it must be taken before training goes on; got a step that is past."),
      );
    }
    expect(checkpoints).toEqual([]);
  });

  test("no images and no epochs are refused", async () => {
    const program = linearProgram({ kind: "sgd" });
    const none = trainAll(program, images(4), firstRows(0), settings, contextOf(runtime()));
    await expect(none).rejects.toThrow(new InputError("train: there must be at least 1 image; got 0."));
    const never = trainAll(
      program,
      images(4),
      firstRows(4),
      { ...settings, epochs: 0 },
      contextOf(runtime()),
    );
    await expect(never).rejects.toThrow(new OptionError("train: epochs must be at least 1; got 0."));
  });
});
