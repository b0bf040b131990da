/**
 * A training step as the body of an ONNX `Loop`: one call of the runtime takes many minibatches. Parameters and the
 * optimizer's slots are loop-carried, so they move from step to step without a copy; the images stay bytes and each step
 * gathers its own; all that is random comes in as bits.
 */
import {
  constant,
  type Dimension,
  type ElementType,
  input,
  type OperatorNode,
  type Subgraph,
  type Tensor,
} from "../graph/tensor.ts";
import type { Draws, ParameterSpec } from "../layers/index.ts";
import { encodeModel } from "../onnx/index.ts";
import { gather, gradients, scale, toFloat } from "../operators/index.ts";
import { clipByGlobalNorm, type Optimizer } from "../optimizers/index.ts";

/**
 * What one minibatch is to make small, as a single number.
 *
 * @param images batch x numbers per image, scaled to [0, 1]
 * @param parameters in the order of the program's
 * @param tables the rows of its images, batch x width, in the order of the program's tables
 */
export type Objective = (
  images: Tensor,
  parameters: readonly Tensor[],
  draws: Draws | undefined,
  tables?: readonly Tensor[],
) => Tensor;

/** Numbers that belong to each image and are given from outside: targets, say. */
export interface TableSpec {
  readonly name: string;
  /** Numbers of one image. */
  readonly width: number;
}

/** What is to be trained, and how. */
export interface TrainingProgram {
  readonly name: string;
  /** Bytes of one image. */
  readonly imageLength: number;
  readonly parameters: readonly ParameterSpec[];
  /** The loss with penalties and noise. */
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  /** Greatest common norm of the gradients; absent: as they are. */
  readonly clipNorm?: number;
  /** Numbers of each image that the objective takes; absent: none. */
  readonly tables?: readonly TableSpec[];
}

/** A tensor that goes from step to step. */
export interface StateSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Random bits that each image needs in each step. */
export interface DrawSpec {
  readonly name: string;
  readonly perImage: number;
}

/** A compiled program. */
export interface TrainingGraph {
  readonly model: Uint8Array;
  /** Parameters first, then the slots of each parameter. */
  readonly state: readonly StateSpec[];
  readonly draws: readonly DrawSpec[];
}

/** Names of the model's inputs and outputs, beside those of state and draws. */
export const ports = {
  images: "images",
  rows: "rows",
  rates: "rates",
  steps: "steps",
  losses: "losses",
} as const;

/** Name under which a state tensor leaves the loop. */
export function after(name: string): string {
  return `${name}.after`;
}

/** Name of the input that holds a table. */
export function tableName(table: string): string {
  return `table.${table}`;
}

/** Names of a parameter's slots. */
function slotName(parameter: string, slot: number): string {
  return `${parameter}.slot${slot}`;
}

/**
 * Compiles a training program. The model takes `images` (uint8, count x imageLength), tables (float32, count x width),
 * `rows` (int32, steps x batch: the images of each minibatch), `rates` (float32, steps x nRates), `steps` (int64) and the
 * state, and gives the state after the last step and the loss of each step.
 */
export function compileTraining(program: TrainingProgram): TrainingGraph {
  const { parameters, optimizer, tables: tableSpecs = [] } = program;
  const slots = parameters.flatMap(({ name, shape }) =>
    Array.from({ length: optimizer.nSlots }, (_, slot) => ({ name: slotName(name, slot), shape })),
  );
  const state: StateSpec[] = [...parameters.map(({ name, shape }) => ({ name, shape })), ...slots];
  const images = input(ports.images, "uint8", ["count", program.imageLength]);
  const rows = input(ports.rows, "int32", [ports.steps, "batch"]);
  const rates = input(ports.rates, "float32", [ports.steps, optimizer.nRates]);
  const steps = input(ports.steps, "int64", []);
  const tables = tableSpecs.map(({ name, width }) => input(tableName(name), "float32", ["count", width]));
  const draws = new DrawInputs();

  const body = trainingStep(program, state, { images, rows, rates, tables }, draws);
  const initial = state.map(({ name, shape }) => input(name, "float32", shape));
  const always = constant("bool", [], Uint8Array.of(1));
  const node: OperatorNode = {
    operator: "Loop",
    inputs: [steps, always, ...initial],
    attributes: {},
    nOutputs: state.length + 1,
    body,
  };
  const result = (output: number, type: ElementType, shape: readonly Dimension[]): Tensor => ({
    type,
    shape,
    source: { kind: "node", node, output },
  });
  const carried = state.map(({ name, shape }, i) => [after(name), result(i, "float32", shape)] as const);
  const losses = result(state.length, "float32", [ports.steps]);
  return {
    model: encodeModel({
      name: program.name,
      inputs: [images, ...tables, rows, rates, steps, ...draws.outside, ...initial],
      outputs: { ...Object.fromEntries(carried), [ports.losses]: losses },
    }),
    state,
    draws: draws.specs,
  };
}

/** One step: gather the minibatch, loss, gradients, update. */
function trainingStep(
  program: TrainingProgram,
  state: readonly StateSpec[],
  given: {
    readonly images: Tensor;
    readonly rows: Tensor;
    readonly rates: Tensor;
    readonly tables: readonly Tensor[];
  },
  draws: DrawInputs,
): Subgraph {
  const { parameters, optimizer } = program;
  const iteration = input("iteration", "int64", []);
  const condition = input("condition", "bool", []);
  const current = state.map(({ name, shape }) => input(`${name}.now`, "float32", shape));
  const weights = current.slice(0, parameters.length);
  draws.iteration = iteration;

  const taken = gather(given.rows, iteration, 0);
  const images = scale(toFloat(gather(given.images, taken, 0), "float32"), 1 / 255);
  const tables = given.tables.map((table) => gather(table, taken, 0));
  const loss = program.objective(images, weights, draws, tables);
  const raw = gradients(loss, weights);
  const directions = program.clipNorm === undefined ? raw : clipByGlobalNorm(raw, program.clipNorm);
  const stepRates = gather(given.rates, iteration, 0);
  const rates = Array.from({ length: optimizer.nRates }, (_, i) =>
    gather(stepRates, constant("int64", [], BigInt64Array.of(BigInt(i))), 0),
  );
  const updated = parameters.map((_, i) => {
    const first = parameters.length + i * optimizer.nSlots;
    const slots = current.slice(first, first + optimizer.nSlots);
    return optimizer.update(weights[i] as Tensor, directions[i] as Tensor, slots, rates);
  });
  const next = [...updated.map((one) => one.parameter), ...updated.flatMap((one) => one.slots)];
  return { inputs: [iteration, condition, ...current], outputs: [condition, ...next, loss] };
}

/** Inputs of the graph around the loop, from which each step takes its own part. */
class DrawInputs implements Draws {
  readonly specs: DrawSpec[] = [];
  readonly outside: Tensor[] = [];
  /** Number of the current step; set before the first draw. */
  iteration: Tensor | undefined;

  bits(batch: Dimension, perImage: number): Tensor {
    if (!this.iteration) throw new TypeError("draws are made within a step");
    const name = `draws.${this.specs.length}`;
    this.specs.push({ name, perImage });
    const all = input(name, "uint16", [ports.steps, batch, perImage]);
    this.outside.push(all);
    return gather(all, this.iteration, 0);
  }
}
