import { expect, test } from "vitest";
import { createRandom } from "../../random/index.ts";
import { add, meanOfSquares, scale, subtract, sum } from "../operators/index.ts";
import { createOptimizer } from "../optimizers/index.ts";
import { describeNative } from "../testing/runtimes.ts";
import { type Augmentation, Minibatches, randomMovement, type TrainingProgram, train } from "./index.ts";
import {
  contextOf,
  firstRows,
  images,
  length,
  linearProgram,
  settings,
  trainAll,
} from "./testing/trainings.ts";

/** The loss is the mean squared difference between the images' numbers and the table's; the parameter takes no part. */
const program: TrainingProgram = {
  name: "table",
  imageLength: length,
  parameters: [{ name: "unused", shape: [1], fanIn: 1, fanOut: 1, role: "bias" }],
  tables: [{ name: "wanted", width: length }],
  optimizer: createOptimizer({ kind: "sgd" }),
  objective(x, [unused], _draws, [wanted] = []) {
    if (!unused || !wanted) throw new TypeError("the program has both");
    return add(meanOfSquares(subtract(scale(x, 255), wanted)), scale(sum(unused), 0));
  },
};

const order = Int32Array.of(6, 0, 3, 1, 5, 2, 4);
const rates = (): number[] => [0];

describeNative("minibatches", (runtime) => {
  const set = images(7);
  const open = async (augmentation?: Augmentation): Promise<Minibatches> => {
    const random = createRandom(1).stream("minibatches");
    const minibatches = await Minibatches.open(program, set, 2, { runtime: runtime(), random, augmentation });
    await minibatches.set({ unused: { type: "float32", shape: [1], data: Float32Array.of(0) } });
    return minibatches;
  };
  /** Losses of one epoch. */
  const epoch = async (minibatches: Minibatches, number = 0, most?: number): Promise<number[]> => {
    const losses: number[] = [];
    while (losses.length < 4) {
      const place = { epoch: number, batch: losses.length };
      losses.push(...(await minibatches.take(order, place, rates, most)).losses);
    }
    return losses;
  };
  const exact = Float32Array.from(set.pixels);
  const copy: Augmentation = (all, row, _random, into) =>
    into.set(all.pixels.subarray(row * length, (row + 1) * length));

  test.each([
    ["as they are", undefined],
    ["copied by an augmentation", copy],
  ])(
    "images meet their own row of a table, in any order, whole minibatches and rests: %s",
    async (_, way) => {
      const minibatches = await open(way);
      await minibatches.setTable("wanted", exact);
      // Pixels go through 1 / 255 and back.
      for (const loss of await epoch(minibatches)) expect(loss).toBeLessThan(1e-8);
      // Another table, in place of the first: two more for each number of image 3, in the second minibatch.
      await minibatches.setTable(
        "wanted",
        exact.map((value, i) => value + (Math.floor(i / length) === 3 ? 2 : 0)),
      );
      const losses = await epoch(minibatches, 1);
      [0, 2, 0, 0].forEach((wanted, i) => expect(losses[i]).toBeCloseTo(wanted, 4));
      await minibatches.release();
    },
  );

  test("augmentation is drawn anew for each epoch and minibatch, whatever goes into one call", async () => {
    const noisy: Augmentation = (all, row, random, into) => {
      copy(all, row, random, into);
      into[0] = random.integer(256);
    };
    const minibatches = await open(noisy);
    await minibatches.setTable("wanted", exact);
    const [first, again, single, next] = [
      await epoch(minibatches),
      await epoch(minibatches),
      await epoch(minibatches, 0, 1),
      await epoch(minibatches, 1),
    ];
    expect(again).toEqual(first);
    expect(single).toEqual(first);
    expect(next).not.toEqual(first);
    expect(new Set(first).size).toBe(4);
    await minibatches.release();
  });

  test("no more minibatches are taken than asked for", async () => {
    const minibatches = await open();
    await minibatches.setTable("wanted", exact);
    const { losses, size } = await minibatches.take(order, { epoch: 0, batch: 0 }, rates, 2);
    expect([losses.length, size]).toEqual([2, 2]);
    const rest = await minibatches.take(order, { epoch: 0, batch: 3 }, rates, 2);
    expect([rest.losses.length, rest.size]).toEqual([1, 1]);
    await minibatches.release();
  });

  test("movements lie in their ranges; none is nothing", () => {
    expect(randomMovement({ shift: 0, rotation: 0 })).toBeUndefined();
    const line = { count: 1, height: 1, width: 5, channels: 1, pixels: Uint8Array.of(0, 0, 200, 0, 0) };
    const move = randomMovement({ shift: 1, rotation: 0 }) as Augmentation;
    const random = createRandom(5).stream("moves");
    const into = new Uint8Array(5);
    const middles = Array.from({ length: 200 }, () => {
      move(line, 0, random, into);
      const light = into.reduce((total, value) => total + value, 0);
      return into.reduce((total, value, x) => total + value * (x - 2), 0) / light;
    });
    expect(Math.max(...middles)).toBeLessThanOrEqual(1);
    expect(Math.min(...middles)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...middles)).toBeGreaterThan(0.9);
    expect(Math.min(...middles)).toBeLessThan(-0.9);
  });

  test("parameters start from given values where there are any", async () => {
    const weights = {
      shape: [length, length],
      data: Float32Array.from({ length: length ** 2 }, (_, i) => i + 1),
    };
    const context = contextOf(runtime(), { start: { "net.0.weights": weights } });
    const still = { ...settings, epochs: 1, learningRate: 1e-30 };
    const { trained } = await trainAll(linearProgram({ kind: "sgd" }), set, firstRows(7), still, context);
    expect(trained.parameters["net.0.weights"]).toEqual(weights);
    const drawn = contextOf(runtime());
    const other = await trainAll(linearProgram({ kind: "sgd" }), set, firstRows(7), still, drawn);
    expect(other.trained.parameters["net.0.weights"]).not.toEqual(weights);
    expect(other.trained.parameters["net.0.bias"]).toEqual(trained.parameters["net.0.bias"]);
  });

  test("training takes augmented images and no others", async () => {
    const black: Augmentation = (_images, _row, _random, into) => into.fill(0);
    const bias = { shape: [length], data: new Float32Array(length) };
    const context = contextOf(runtime(), { augmentation: black, start: { "net.0.bias": bias } });
    const generator = train(
      linearProgram({ kind: "sgd" }),
      set,
      firstRows(7),
      { ...settings, epochs: 1 },
      context,
    );
    let next = await generator.next();
    while (!next.done) next = await generator.next();
    // A black image sees the bias alone, and is drawn as it is.
    expect(next.value.history[0]?.loss).toBe(0);
  });
});
