import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, NumericalError, OptionError } from "../errors.ts";
import { drain } from "../estimator.ts";
import { decoderFile, encode, encoderFile, reconstructionErrors } from "../features/autoencoder/index.ts";
import { createCompute } from "../kernels/index.ts";
import { type Matrix, row } from "../matrix/index.ts";
import { adjustedRandIndex, contingencyTable } from "../metrics/index.ts";
import type { Runtime, StateTensor, TensorValue } from "../neural/index.ts";
import { sharedRuntime } from "../neural/testing/runtimes.ts";
import { slowClock } from "../neural/training/testing/trainings.ts";
import {
  assign,
  assignCodes,
  type ClusteringStep,
  fit,
  type JointContext,
  type JointFit,
  type JointOptions,
  type JointStep,
  predict,
  responsibilities,
  steps,
} from "./index.ts";
import { corners } from "./testing/corners.ts";
import { plainAssignments, plainTargets } from "./testing/plain.ts";

const images = corners(60);
const network = { widths: [12], codeSize: 3, epochs: 12, batch: 8, learningRate: 0.01 };
const quick = { network, nClusters: 4, nRestarts: 3, batch: 8, seed: 1 } as const;
const compute = createCompute({ threads: 1 });
let runtime: Runtime;
beforeAll(async () => {
  runtime = await sharedRuntime();
});
afterAll(() => {
  compute.close();
});

const context = (more: Partial<JointContext> = {}): JointContext => ({ runtime, compute, ...more });
const train = (options: Partial<JointOptions> = {}, more: Partial<JointContext> = {}): Promise<JointFit> =>
  fit(images, { ...quick, method: "idec", ...options }, context(more));

/** All of a fit that does not tell how long it took. */
function comparable({ model, ...rest }: JointFit): object {
  const { training, ...autoencoder } = model.autoencoder;
  const epochs = training.epochs.map(({ seconds, ...epoch }) => epoch);
  return { ...rest, model: { ...model, autoencoder: { ...autoencoder, training: { ...training, epochs } } } };
}

const rowsOf = (matrix: Matrix): number[][] =>
  Array.from({ length: matrix.rows }, (_, i) => Array.from(row(matrix, i)));

/** What a training asked of the runtime: targets that were set, and rows that were trained on after each. */
interface Seen {
  readonly runtime: Runtime;
  readonly updates: { readonly targets: Float32Array; readonly minibatches: Int32Array[] }[];
}

function watched(): Seen {
  const updates: Seen["updates"] = [];
  const load: Runtime["load"] = async (model) => {
    const session = await runtime.load(model);
    return {
      inputs: session.inputs,
      outputs: session.outputs,
      set(values) {
        const targets = values["table.targets"];
        if (targets)
          updates.push({ targets: Float32Array.from(targets.data as Float32Array), minibatches: [] });
        return session.set(values);
      },
      get: (names) => session.get(names),
      run(inputs, options) {
        const { shape, data } = (inputs.rows ?? { shape: [0, 0], data: new Int32Array() }) as TensorValue;
        const [count, size] = shape;
        for (let i = 0; i < count; i++) {
          updates.at(-1)?.minibatches.push((data as Int32Array).slice(i * size, (i + 1) * size));
        }
        return session.run(inputs, options);
      },
      release: () => session.release(),
    };
  };
  return { runtime: { ...runtime, load }, updates };
}

describe("what a faithful DEC or IDEC must have", () => {
  test.each(["dec", "idec"] as const)(
    "targets come from all images, at every update and only then: %s",
    async (method) => {
      const seen = watched();
      const pretrained = (await train({ maxIterations: 1 })).model.autoencoder;
      const options = { method, pretrained, updateInterval: 5, maxIterations: 4, tolerance: 0 } as const;
      const { model, probabilities } = await train(options, { runtime: seen.runtime });
      expect(seen.updates.length).toBe(1 + 4);
      expect(seen.updates.map(({ minibatches }) => minibatches.length)).toEqual([5, 5, 5, 5, 0]);
      for (const { targets } of seen.updates) expect(targets.length).toBe(60 * 4);
      // The last targets are those of what the training ends with, by the formulas in plain numbers.
      const codes = await encode(model.autoencoder, images, { runtime });
      const q = plainAssignments(rowsOf(codes), rowsOf(model.centers));
      plainTargets(q)
        .flat()
        .forEach((p, i) => expect(seen.updates[4].targets[i]).toBeCloseTo(p, 4));
      q.flat().forEach((value, i) => expect(probabilities.data[i]).toBeCloseTo(value, 4));
    },
  );

  test("minibatches go through the images in epochs, shuffled, each image once, over the updates' bounds", async () => {
    const seen = watched();
    await train({ updateInterval: 5, maxIterations: 4, tolerance: 0 }, { runtime: seen.runtime });
    const batches = seen.updates.flatMap(({ minibatches }) => minibatches);
    // Epochs of seven minibatches of eight and one of four.
    expect(batches.map(({ length }) => length)).toEqual(
      Array.from({ length: 20 }, (_, i) => (i % 8 === 7 ? 4 : 8)),
    );
    const epochs = [0, 1].map((epoch) =>
      batches.slice(8 * epoch, 8 * epoch + 8).flatMap((rows) => [...rows]),
    );
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([...Array(60).keys()]);
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  test("training stops when the share of changed labels falls below the tolerance, and says so", async () => {
    const { model } = await train({ updateInterval: 4, maxIterations: 50, tolerance: 0.01 });
    expect(model).toMatchObject({ converged: true, stopReason: "converged" });
    expect(model.iterations).toBe(model.history.length);
    expect(model.iterations).toBeLessThan(50);
    const shares = model.history.map(({ changed }) => changed);
    expect(shares.at(-1)).toBeLessThan(0.01);
    for (const share of shares.slice(0, -1)) expect(share).toBeGreaterThanOrEqual(0.01);
    expect(model.history.map(({ iteration }) => iteration)).toEqual(shares.map((_, i) => i + 1));
  });

  test("training that does not come to rest stops after its iterations, and says so", async () => {
    const { model, notices } = await train({ updateInterval: 2, maxIterations: 3, tolerance: 0 });
    expect(model).toMatchObject({ converged: false, stopReason: "iterations", iterations: 3 });
    expect(notices.join()).toContain("were still moving after 3 iterations");
  });

  test("idec keeps the decoder in training, dec leaves it; both move encoder and centers", async () => {
    const before = await train({ maxIterations: 1, learningRate: 1e-12 });
    const moved = async (method: "dec" | "idec"): Promise<boolean[]> => {
      const { model } = await train({ method, maxIterations: 2, tolerance: 0, learningRate: 0.01 });
      const differs = (name: string): boolean => {
        const [one, other] = [model, before.model].map(
          ({ autoencoder }) => autoencoder.parameters[name] as StateTensor,
        );
        return one.data.some((value, i) => value !== other.data[i]);
      };
      const centers = model.centers.data.some(
        (value, i) => Math.abs(value - before.model.centers.data[i]) > 1e-6,
      );
      return [differs("encoder.0.weights"), differs("decoder.1.weights"), centers];
    };
    expect(await moved("dec")).toEqual([true, false, true]);
    expect(await moved("idec")).toEqual([true, true, true]);
  });

  test("the reconstruction loss holds the images: idec still draws them where dec does not", async () => {
    const error = async (method: "dec" | "idec"): Promise<number> => {
      const options = { method, maxIterations: 6, tolerance: 0, learningRate: 0.01 } as const;
      const { model } = await train(options);
      const errors = await reconstructionErrors(model.autoencoder, images, { runtime });
      return errors.reduce((sum, value) => sum + value, 0) / errors.length;
    };
    expect(await error("idec")).toBeLessThan(0.5 * (await error("dec")));
  });

  test("layers may be trained one by one before the whole network is", async () => {
    const reported: JointStep[] = [];
    const options = { pretraining: "layer-wise", layerEpochs: 2, maxIterations: 1 } as const;
    const layered = await train(options, { onProgress: (step) => reported.push(step) });
    const stages = reported.map((step) => (step.stage === "layer" ? `layer ${step.layer}` : step.stage));
    expect([...new Set(stages)]).toEqual(["layer 1", "layer 2", "pretraining", "clustering"]);
    const [first] = layered.model.autoencoder.training.epochs;
    const [cold] = (await train({ maxIterations: 1 })).model.autoencoder.training.epochs;
    expect(first.loss).toBeLessThan(0.8 * cold.loss);
    expect(layered.model.settings.pretraining).toBe("layer-wise");
    await expect(train({ ...options, architecture: "conv-ae", network: { epochs: 1 } })).rejects.toThrow(
      new OptionError(
        "joint.fit: pretraining must be end-to-end for conv-ae; got layer-wise, which needs dense layers and a decoder that is their mirror image, as deep-ae has them.",
      ),
    );
  });
});

describe("joint training", () => {
  test.each(["dec", "idec"] as const)("finds groups that are there: %s", async (method) => {
    const { labels, model, notices } = await train({ method, network: { ...network, epochs: 30 } });
    expect(adjustedRandIndex(contingencyTable(labels, images.labels as Int32Array))).toBeGreaterThan(0.95);
    expect(model.sizes.reduce((sum, size) => sum + size, 0)).toBe(60);
    expect(notices).toEqual([]);
  });

  test.each([
    ["dec", {}],
    ["idec", { augment: { shift: 1, rotation: 20 } }],
    ["idec", { pretraining: "layer-wise", layerEpochs: 1 }],
  ] as const)("the same call gives the same bytes, another seed others: %s %o", async (method, more) => {
    const options = { method, maxIterations: 3, tolerance: 0, ...more };
    const first = comparable(await train(options));
    expect(comparable(await train(options))).toEqual(first);
    if (method === "dec") expect(comparable(await train({ ...options, seed: 2 }))).not.toEqual(first);
  });

  test("how many minibatches go into one call changes nothing", async () => {
    const first = await train({ maxIterations: 3, tolerance: 0 });
    const slow = await train({ maxIterations: 3, tolerance: 0 }, { now: slowClock() });
    expect(comparable(slow)).toEqual(comparable(first));
  });

  test("drained steps are the fit, and iterations are reported in their order", async () => {
    const options: JointOptions = { ...quick, method: "dec", maxIterations: 3, tolerance: 0 };
    const reported: JointStep[] = [];
    const fitted = await fit(images, options, context({ onProgress: (step) => reported.push(step) }));
    expect(comparable(await drain(steps(images, options, context())))).toEqual(comparable(fitted));
    const done = reported.filter(
      (step): step is ClusteringStep => step.stage === "clustering" && step.iterationDone,
    );
    expect(done.map(({ iteration, changed, loss }) => ({ iteration, changed, loss }))).toEqual(
      fitted.model.history,
    );
  });

  test("the images' own labels and probabilities are assigned again, by the model and its clone", async () => {
    const { model, labels, probabilities } = await train({ maxIterations: 2 });
    expect(await assign(structuredClone(model), images, { runtime })).toEqual({ labels, probabilities });
    expect(await predict(model, images, { runtime })).toEqual(labels);
    expect(await responsibilities(model, images, { runtime })).toEqual(probabilities);
    const codes = await encode(model.autoencoder, images, { runtime });
    expect(assignCodes(model, codes).labels).toEqual(labels);
    expect(() => assignCodes(model, { rows: 1, cols: 2, data: new Float32Array(2) })).toThrow(
      new InputError("joint.assign: codes must have 3 columns; got 2."),
    );
    // The files of the network are those of any autoencoder.
    expect(encoderFile(model.autoencoder).length).toBeGreaterThan(100);
    expect(decoderFile(model.autoencoder).length).toBeGreaterThan(100);
  });

  test("a network that is given serves as the one that would have been trained", async () => {
    const options = { maxIterations: 2, tolerance: 0 } as const;
    let checkpoint: ClusteringStep["checkpoint"];
    const own = await train(options, {
      onProgress: (step) => {
        if (step.stage === "clustering") checkpoint = step.checkpoint;
      },
    });
    // Resumed from within the joint training: the network comes out of the checkpoint.
    const reported: JointStep[] = [];
    const resumed = await train(
      { ...options, resume: structuredClone(checkpoint) },
      { onProgress: (step) => reported.push(step) },
    );
    expect(comparable(resumed)).toEqual(comparable(own));
    expect(reported.every(({ stage }) => stage === "clustering")).toBe(true);
  });

  test("a code that is whitened is clustered as it is whitened", async () => {
    const options = { architecture: "conv-ae", network: { ...network, epochs: 1, widths: [2] } } as const;
    const { model, probabilities } = await train({ ...options, maxIterations: 1, learningRate: 1e-4 });
    const q = plainAssignments(
      rowsOf(await encode(model.autoencoder, images, { runtime })),
      rowsOf(model.centers),
    );
    q.flat().forEach((value, i) => expect(probabilities.data[i]).toBeCloseTo(value, 6));
    expect(model.check.images).toBe(60);
  });

  test("augmented images are trained on, while targets and labels are of the images as they are", async () => {
    const still = await train({ maxIterations: 2, tolerance: 0 });
    const pretrained = still.model.autoencoder;
    const moved = await train({ pretrained, maxIterations: 2, tolerance: 0, augment: { shift: 1 } });
    const plain = await train({ pretrained, maxIterations: 2, tolerance: 0 });
    expect(moved.model.centers).not.toEqual(plain.model.centers);
    expect((await assign(moved.model, images, { runtime })).labels).toEqual(moved.labels);
    expect(moved.model.settings.augment).toEqual({ shift: 1, rotation: 0 });
  });

  test("a single image, and images of another size than a given network's, are refused", async () => {
    await expect(fit(corners(1), { ...quick, method: "dec", nClusters: 1 }, context())).rejects.toThrow(
      new InputError("joint.fit: there must be at least 2 images; got 1."),
    );
    const { model } = await train({ maxIterations: 1 });
    const other = { count: 9, height: 4, width: 9, channels: 1, pixels: new Uint8Array(9 * 36) };
    const options: JointOptions = { ...quick, method: "dec", pretrained: model.autoencoder };
    const message = /images must be 6 x 6 x 1 .+; got 4 x 9 x 1\.$/;
    await expect(fit(other, options, context())).rejects.toThrow(message);
    await expect(assign(model, other, context())).rejects.toThrow(message);
  });

  test("one cluster takes all images, and rests at once", async () => {
    const { model, labels, probabilities } = await train({ nClusters: 1, maxIterations: 5 });
    expect(labels.every((label) => label === 0)).toBe(true);
    expect(probabilities.data.every((value) => value === 1)).toBe(true);
    expect(model).toMatchObject({ iterations: 1, converged: true, check: { start: 0, end: 0 } });
  });

  test("equal images end in one cluster, and the empty ones are told", async () => {
    const pixels = new Uint8Array(20 * 9).fill(120);
    const same = { count: 20, height: 3, width: 3, channels: 1, pixels };
    const options: JointOptions = { ...quick, method: "dec", nClusters: 2, maxIterations: 3 };
    const { model, notices } = await fit(same, options, context());
    expect([...model.sizes].sort((a, b) => a - b)).toEqual([0, 20]);
    expect(notices.join()).toMatch(/Cluster [01] has lost all images/);
  });

  test("a loss that is not finite is an error with a remedy", async () => {
    const failure = train({ learningRate: 1e30, maxIterations: 5, tolerance: 0 });
    await expect(failure).rejects.toThrow(NumericalError);
    await expect(failure).rejects.toThrow(
      /^joint\.fit: (the loss|codes) must stay finite; got .+\. The steps are too large: lower the learning rate \(now 1e\+30\)\.$/,
    );
  });

  test("it can be cancelled before it begins and in every stage, and a runtime goes on to serve", async () => {
    const message = /cancelled by the caller/;
    await expect(train({}, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    for (const stage of ["layer", "pretraining", "clustering"]) {
      const controller = new AbortController();
      const options = { pretraining: "layer-wise", layerEpochs: 1, maxIterations: 5, tolerance: 0 } as const;
      const failure = train(options, {
        signal: controller.signal,
        onProgress: (step) => {
          if (step.stage === stage) controller.abort();
        },
      });
      await expect(failure).rejects.toThrow(CancelledError);
      await expect(failure).rejects.toThrow(message);
    }
    expect((await train({ maxIterations: 1 })).labels.length).toBe(60);
  });
});
