/** Tiny trainings, for tests. */
import { drain } from "../../../estimator.ts";
import type { ImageSet } from "../../../images/index.ts";
import { createRandom } from "../../../random/index.ts";
import { applyNetwork, type Network, networkParameters, normal } from "../../layers/index.ts";
import { meanSquaredError, standardNormalDivergence } from "../../losses.ts";
import { add, exp, multiply, scale, slice } from "../../operators/index.ts";
import { createOptimizer, type OptimizerOptions } from "../../optimizers/index.ts";
import type { Runtime, Session } from "../../runtime/index.ts";
import {
  type Trained,
  type TrainingContext,
  type TrainingProgram,
  type TrainingProgress,
  type TrainingSettings,
  train,
} from "../index.ts";

/** Numbers in each image. */
export const length = 3;

export const settings: TrainingSettings = {
  epochs: 3,
  batch: 4,
  learningRate: 0.1,
  schedule: "cosine",
  initializer: "fan-in",
};

/** Seeded bytes. */
export function images(count: number, seed = 1): ImageSet {
  const random = createRandom(seed).stream("images");
  const pixels = Uint8Array.from({ length: count * length }, () => random.integer(256));
  return { count, height: 1, width: length, channels: 1, pixels };
}

/** 0, 1, ... */
export function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

const input = { height: 1, width: 1, channels: length };

/** y = x W + b, which is to be x. */
export function linearProgram(optimizer: OptimizerOptions): TrainingProgram {
  const network: Network = { input, layers: [{ kind: "dense", units: length, activation: "linear" }] };
  return {
    name: "linear",
    imageLength: length,
    parameters: networkParameters(network, "net"),
    objective: (x, parameters) => meanSquaredError(applyNetwork(network, x, parameters).output, x),
    optimizer: createOptimizer(optimizer),
  };
}

/** A variational autoencoder of masked and noisy images: three layers that draw. */
export function noisyProgram(optimizer: OptimizerOptions = { kind: "adam" }): TrainingProgram {
  const encoder: Network = {
    input,
    layers: [
      { kind: "masking", share: 0.3 },
      { kind: "gaussian-noise", deviation: 0.1 },
      { kind: "dense", units: 4, activation: "tanh" },
    ],
  };
  const decoder: Network = {
    input: { ...input, channels: 2 },
    layers: [{ kind: "dense", units: length, activation: "sigmoid" }],
  };
  return {
    name: "noisy",
    imageLength: length,
    parameters: [...networkParameters(encoder, "encoder"), ...networkParameters(decoder, "decoder")],
    objective(x, parameters, draws) {
      if (!draws) throw new TypeError("training draws");
      const encoded = applyNetwork(encoder, x, parameters.slice(0, 2), draws).output;
      const [means, logVariances] = [slice(encoded, 1, 0, 2), slice(encoded, 1, 2, 4)];
      const code = add(means, multiply(exp(scale(logVariances, 0.5)), normal(means, draws)));
      const { output } = applyNetwork(decoder, code, parameters.slice(2), draws);
      return add(meanSquaredError(output, x), scale(standardNormalDivergence(means, logVariances), 0.01));
    },
    optimizer: createOptimizer(optimizer),
  };
}

/** A context whose validation loss falls with each epoch. */
export function contextOf(runtime: Runtime, more: Partial<TrainingContext> = {}): TrainingContext {
  return {
    runtime,
    random: createRandom(7).stream("training"),
    validate: async (_parameters, epoch) => ({ loss: 1 / epoch }),
    ...more,
  };
}

/** A clock that goes on by so many milliseconds whenever it is looked at. */
export function clock(milliseconds: number): () => number {
  let time = 1000;
  return () => {
    time += milliseconds;
    return time;
  };
}

/** At this speed, one call of the runtime takes one minibatch from the second call on. */
export const slowClock = (): (() => number) => clock(10_000);

/** Trains to the end and gives all steps. */
export async function trainAll(
  ...given: Parameters<typeof train>
): Promise<{ readonly trained: Trained; readonly steps: readonly TrainingProgress[] }> {
  const steps: TrainingProgress[] = [];
  const trained = await drain(train(...given), (step) => steps.push(step));
  return { trained, steps };
}

/** What must not depend on how training went: all but the time it took. */
export function withoutSeconds({ history, ...rest }: Trained): object {
  return { ...rest, history: history.map(({ seconds, ...epoch }) => epoch) };
}

/** What a runtime was asked for. */
export interface Recorded {
  readonly runtime: Runtime;
  /** Inputs of each run, in order. */
  readonly runs: Parameters<Session["run"]>[0][];
  /** Sessions that are loaded and not released. */
  open(): number;
}

/** A runtime that remembers what it was asked for. */
export function recorded(runtime: Runtime): Recorded {
  const runs: Recorded["runs"] = [];
  let open = 0;
  const load: Runtime["load"] = async (model) => {
    const session = await runtime.load(model);
    open++;
    return {
      inputs: session.inputs,
      outputs: session.outputs,
      set: (values) => session.set(values),
      get: (names) => session.get(names),
      run(inputs, options) {
        // Their buffers are given away.
        runs.push(structuredClone(inputs));
        return session.run(inputs, options);
      },
      release() {
        open--;
        return session.release();
      },
    };
  };
  return { runtime: { ...runtime, load }, runs, open: () => open };
}
