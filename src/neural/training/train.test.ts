import { expect, test } from "vitest";
import { createRandom, shuffleInPlace } from "../../random/index.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { initialValues } from "../initializers.ts";
import { type Draws, normal } from "../layers/index.ts";
import { add, gather, mean, scale, square, sum, toFloat } from "../operators/index.ts";
import { createOptimizer, type Optimizer, scheduleFactor } from "../optimizers/index.ts";
import { numbersOf, relativeError } from "../testing/evaluate.ts";
import { describeRuntimes } from "../testing/runtimes.ts";
import { type TrainingProgram, type TrainingSettings, train } from "./index.ts";
import {
  clock,
  contextOf,
  firstRows,
  images,
  length,
  linearProgram,
  noisyProgram,
  recorded,
  settings,
  slowClock,
  trainAll,
  withoutSeconds,
} from "./testing/trainings.ts";

/** The linear model's training as anyone would write it, in double precision: parameters and losses of the epochs. */
function byHand(
  pixels: Uint8Array,
  rows: Int32Array,
  { epochs, batch, learningRate, schedule, initializer }: TrainingSettings,
  momentum: number,
): { readonly weights: number[]; readonly bias: number[]; readonly losses: number[] } {
  const random = createRandom(7).stream("training");
  const [weights, bias] = linearProgram({ kind: "sgd" }).parameters.map((spec) =>
    Array.from(initialValues(spec, initializer, random.stream("weights").stream(spec.name))),
  ) as [number[], number[]];
  const velocity = new Array<number>(weights.length + length).fill(0);
  const losses: number[] = [];
  const steps = Math.ceil(rows.length / batch);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffleInPlace(random.stream("order", epoch), rows.slice());
    let total = 0;
    for (let step = 0; step < steps; step++) {
      const taken = order.slice(step * batch, (step + 1) * batch);
      const rate = learningRate * scheduleFactor(schedule, (epoch * steps + step) / (epochs * steps));
      const gradient = new Array<number>(weights.length + length).fill(0);
      for (const row of taken) {
        const x = Array.from(pixels.subarray(row * length, (row + 1) * length), (byte) => byte / 255);
        for (let to = 0; to < length; to++) {
          let y = bias[to];
          for (let from = 0; from < length; from++) y += x[from] * weights[from * length + to];
          total += (y - x[to]) ** 2 / length;
          const slope = (2 * (y - x[to])) / (taken.length * length);
          for (let from = 0; from < length; from++) gradient[from * length + to] += slope * x[from];
          gradient[weights.length + to] += slope;
        }
      }
      gradient.forEach((value, i) => {
        velocity[i] = momentum * velocity[i] + value;
        if (i < weights.length) weights[i] -= rate * velocity[i];
        else bias[i - weights.length] -= rate * velocity[i];
      });
    }
    losses.push(total / rows.length);
  }
  return { weights, bias, losses };
}

/** One parameter of two numbers; the objective says what to make of it. */
function pairProgram(
  objective: (pair: Tensor, x: Tensor, draws: Draws) => Tensor,
  more: Partial<TrainingProgram> = {},
): TrainingProgram {
  return {
    name: "pair",
    imageLength: length,
    parameters: [{ name: "pair", shape: [2], fanIn: 1, fanOut: 1, role: "bias" }],
    objective: (x, [pair], draws) => objective(pair, x, draws as Draws),
    optimizer: createOptimizer({ kind: "sgd" }),
    ...more,
  };
}

describeRuntimes("training", (runtime) => {
  test.each([
    { momentum: 0, batch: 4, schedule: "cosine" },
    { momentum: 0.9, batch: 4, schedule: "step" },
    { momentum: 0, batch: 64, schedule: "constant" },
    { momentum: 0.5, batch: 5, schedule: "cosine" },
    { momentum: 0, batch: 1, schedule: "constant" },
  ] as const)("of a linear model is what a loop in plain numbers does: %o", async (choice) => {
    // Ten of thirteen images; in fours, the last two of an epoch are trained as well.
    const set = images(13);
    const rows = firstRows(13).filter((i) => i % 5 !== 2);
    const chosen = { ...settings, batch: choice.batch, schedule: choice.schedule };
    const program = linearProgram({ kind: "sgd", momentum: choice.momentum });
    const { trained } = await trainAll(program, set, rows, chosen, contextOf(runtime()));
    const wanted = byHand(set.pixels, rows, chosen, choice.momentum);
    const found = trained.parameters;
    // Single precision over up to 30 steps.
    expect(relativeError(found["net.0.weights"].data, wanted.weights)).toBeLessThan(2e-6);
    expect(relativeError(found["net.0.bias"].data, wanted.bias)).toBeLessThan(2e-6);
    expect(
      relativeError(
        trained.history.map(({ loss }) => loss),
        wanted.losses,
      ),
    ).toBeLessThan(2e-6);
    expect(trained).toMatchObject({ keptEpoch: 3, stopReason: "epochs" });
  });

  test("the same seed gives the same bytes, another seed others", async () => {
    const run = async (seed: number): Promise<object> => {
      const context = contextOf(runtime(), { random: createRandom(seed) });
      const { trained } = await trainAll(noisyProgram(), images(10), firstRows(10), settings, context);
      return trained;
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  test("how many minibatches go into one call changes nothing", async () => {
    const clocks = [undefined, slowClock(), clock(1)];
    const results = [];
    const calls = [];
    for (const now of clocks) {
      const { runtime: spied, runs } = recorded(runtime());
      const context = contextOf(spied, { now });
      const choice = { ...settings, batch: 2, epochs: 2 };
      const { trained } = await trainAll(noisyProgram(), images(91), firstRows(91), choice, context);
      results.push(withoutSeconds(trained));
      calls.push(runs.map(({ rows }) => rows.shape[0]));
    }
    expect(calls).toEqual([
      [8, 8, 8, 8, 8, 5, 1, 8, 8, 8, 8, 8, 5, 1],
      [8, ...new Array<number>(38).fill(1), ...new Array<number>(46).fill(1)],
      [8, 32, 5, 1, 32, 13, 1],
    ]);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("each epoch trains every image once, in another order", async () => {
    const { runtime: spied, runs } = recorded(runtime());
    const rows = Int32Array.of(11, 3, 5, 8, 2, 9, 4);
    await trainAll(linearProgram({ kind: "sgd" }), images(12), rows, settings, contextOf(spied));
    const epochs = [0, 1, 2].map((epoch) =>
      runs.slice(2 * epoch, 2 * epoch + 2).flatMap(({ rows: taken }) => numbersOf(taken)),
    );
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 8, 9, 11]);
    expect(new Set(epochs.map(String)).size).toBe(3);
    expect([...rows]).toEqual([11, 3, 5, 8, 2, 9, 4]);
  });

  test("the learning rate follows the schedule from step to step", async () => {
    for (const schedule of ["constant", "cosine", "step"] as const) {
      const program = pairProgram((pair) => sum(pair)); // a gradient of 1
      const choice = { ...settings, batch: 1, epochs: 2, learningRate: 0.5, schedule };
      const context = contextOf(runtime(), { now: slowClock() });
      const values: number[] = [];
      const counts: number[] = [];
      const generator = train(program, images(12), firstRows(12), choice, context);
      for await (const step of generator) {
        counts.push((step.epoch - 1) * 12 + step.batch);
        values.push((await step.checkpoint()).state.pair.data[0]);
      }
      expect(counts).toEqual(Array.from({ length: 17 }, (_, i) => i + 8));
      for (let i = 1; i < values.length; i++) {
        const rate = 0.5 * scheduleFactor(schedule, (counts[i] - 1) / 24);
        expect(values[i - 1] - values[i]).toBeCloseTo(rate, 5);
      }
    }
  });

  test("the optimizer is told the number of the step, from 1 through all epochs", async () => {
    const seen: number[] = [];
    const optimizer: Optimizer = {
      ...createOptimizer({ kind: "sgd" }),
      rates(step, learningRate) {
        seen.push(step);
        return [learningRate];
      },
    };
    const program = pairProgram((pair) => sum(pair), { optimizer });
    await trainAll(program, images(10), firstRows(10), settings, contextOf(runtime()));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("gradients longer than the greatest norm are shortened to it", async () => {
    const program = pairProgram((pair) => scale(sum(pair), 30), { clipNorm: 2 });
    const { data } = initialPair();
    const { trained } = await trainAll(
      program,
      images(4),
      firstRows(4),
      { ...settings, epochs: 1, schedule: "constant" },
      contextOf(runtime()),
    );
    // One step of length 0.1 x 2 along (1, 1).
    trained.parameters.pair.data.forEach((value, i) =>
      expect(data[i] - value).toBeCloseTo(0.2 / Math.SQRT2, 5),
    );
  });

  const initialPair = (): { readonly data: Float32Array } => {
    const [spec] = pairProgram((pair) => pair).parameters;
    const random = createRandom(7).stream("training").stream("weights").stream("pair");
    return { data: initialValues(spec, settings.initializer, random) };
  };

  test("draws are standard normal, and new for every image, minibatch, epoch and place", async () => {
    const [count, epochs] = [450, 4];
    const moment = async (of: (x: Tensor) => Tensor): Promise<number> => {
      const program = pairProgram((pair, x, draws) => add(mean(of(normal(x, draws))), scale(sum(pair), 0)));
      const choice = { ...settings, epochs, batch: 25 };
      const { trained } = await trainAll(
        program,
        images(count),
        firstRows(count),
        choice,
        contextOf(runtime()),
      );
      return trained.history.reduce((total, { loss }) => total + loss / epochs, 0);
    };
    const draws = count * epochs * length;
    expect(Math.abs(await moment((noise) => noise))).toBeLessThan(4 / Math.sqrt(draws));
    expect(Math.abs((await moment(square)) - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));

    const { runtime: spied, runs } = recorded(runtime());
    await trainAll(noisyProgram(), images(30), firstRows(30), settings, contextOf(spied));
    const words = runs.flatMap((inputs) =>
      ["draws.0", "draws.1", "draws.2"].flatMap((name) => numbersOf(inputs[name])),
    );
    expect(words.length).toBe(30 * 3 * (length + length + 2));
    // 720 of 65,536 values at random: about 716 different ones, standard deviation about 2.
    expect(new Set(words).size).toBeGreaterThan(700);
  });

  test("images reach the objective as bytes / 255, those of the rows alone", async () => {
    const set = images(9);
    const rows = Int32Array.of(8, 2, 5);
    const first = constant("int64", [], BigInt64Array.of(0n));
    const program = pairProgram((pair, x) =>
      add(mean(gather(toFloat(x, "float32"), first, 1)), scale(sum(pair), 0)),
    );
    const choice = { ...settings, epochs: 1 };
    const { trained } = await trainAll(program, set, rows, choice, contextOf(runtime()));
    const wanted = [...rows].reduce((total, i) => total + set.pixels[i * length] / 255 / 3, 0);
    expect(trained.history[0].loss).toBeCloseTo(wanted, 6);
  });
});
