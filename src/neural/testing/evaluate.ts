/** Values of tensors, for tests. */
import type { Random } from "../../random/index.ts";
import { type FloatType, input, type Shape, type Tensor } from "../graph/tensor.ts";
import { encodeModel } from "../onnx/index.ts";
import type { Runtime, Session, TensorValue, TensorValues } from "../runtime/index.ts";

/** An input of a model, and what it gets. */
export interface Given {
  readonly tensor: Tensor;
  readonly value: TensorValue;
}

/**
 * A float input with a value.
 *
 * @param shape as the model declares it
 * @param sizes of its named axes
 */
export function given(
  name: string,
  shape: Shape,
  numbers: readonly number[],
  { type = "float64", sizes = {} }: { type?: FloatType; sizes?: Readonly<Record<string, number>> } = {},
): Given {
  const data = type === "float64" ? Float64Array.from(numbers) : Float32Array.from(numbers);
  const known = shape.map((size) => (typeof size === "number" ? size : (sizes[size] ?? Number.NaN)));
  return { tensor: input(name, type, shape), value: { type, shape: known, data } };
}

/** Numbers between `from` and `to`, and as far from 0 on its other side, where `signed`. */
export function randomNumbers(
  random: Random,
  count: number,
  { from = 0.2, to = 1.2, signed = true }: { from?: number; to?: number; signed?: boolean } = {},
): number[] {
  return Array.from({ length: count }, () => {
    const size = from + (to - from) * random.float();
    return signed && random.integer(2) === 1 ? -size : size;
  });
}

/** A session that computes `outputs`, named "0", "1", ... */
export function load(
  runtime: Runtime,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
): Promise<Session> {
  const named = Object.fromEntries(outputs.map((tensor, i) => [`out-${i}`, tensor]));
  return runtime.load(encodeModel({ name: "test", inputs, outputs: named }));
}

/** What a session of {@link load} makes of the given values. */
export async function runOn(session: Session, inputs: readonly Given[]): Promise<TensorValue[]> {
  const feeds: TensorValues = Object.fromEntries(
    inputs.map(({ tensor, value }) => [tensor.source.kind === "input" ? tensor.source.name : "", value]),
  );
  const names = session.outputs.map(({ name }) => name);
  const made = await session.run(feeds, { fetch: names });
  return names.map((name) => made[name] as TensorValue);
}

/** Values of tensors that are made of the given inputs. */
export async function evaluate(
  runtime: Runtime,
  outputs: readonly Tensor[],
  inputs: readonly Given[],
): Promise<TensorValue[]> {
  const session = await load(
    runtime,
    outputs,
    inputs.map(({ tensor }) => tensor),
  );
  const values = await runOn(session, inputs);
  await session.release();
  return values;
}

/** Elements as plain numbers. */
export function numbersOf({ data }: TensorValue): number[] {
  return Array.from(data as ArrayLike<number>);
}

/** Largest distance between two lists, relative to the largest number of the second. */
export function relativeError(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let distance = 0;
  let largest = 0;
  for (let i = 0; i < theirs.length; i++) {
    const apart = Math.abs((ours[i] as number) - (theirs[i] as number));
    distance = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : Math.max(distance, apart);
    largest = Math.max(largest, Math.abs(theirs[i] as number));
  }
  return distance === 0 ? 0 : distance / largest;
}
