/** Tensors on their way to the worker. */
import { InputError } from "../../errors.ts";
import { type ElementType, elementArrays } from "../graph/tensor.ts";
import type { TensorValue, TensorValues } from "./runtime.ts";

/** Values whose buffers are free to be handed over. */
export interface Parcel {
  readonly values: TensorValues;
  readonly buffers: readonly ArrayBufferLike[];
}

/**
 * Packs values for the worker.
 *
 * @param where begins the message of an error
 * @param transfer whether the caller gives its buffers away; otherwise they are copied. Shared memory always is: ONNX
 *   Runtime does not take it everywhere.
 * @throws {InputError} if the elements do not fit their type or shape
 */
export function pack(where: string, values: TensorValues, transfer: boolean): Parcel {
  const packed: Record<string, TensorValue> = {};
  const buffers = new Set<ArrayBufferLike>();
  for (const [name, value] of Object.entries(values)) {
    check(where, name, value);
    const shared = Object.prototype.toString.call(value.data.buffer) === "[object SharedArrayBuffer]";
    // Not slice(), which gives a view for Node's Buffer.
    const data = transfer && !shared ? value.data : new elementArrays[value.type](value.data as never);
    packed[name] = { type: value.type, shape: value.shape, data };
    buffers.add(data.buffer);
  }
  return { values: packed, buffers: [...buffers] };
}

function check(where: string, name: string, { type, shape, data }: TensorValue): void {
  const array = elementArrays[type] as (typeof elementArrays)[ElementType] | undefined;
  // By its tag, which arrays of other realms and Node's Buffer bear as well.
  const tag = (data as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  if (array === undefined || tag !== array.name) {
    const rule = array
      ? `${array.name} (its type is ${type})`
      : `one of ${Object.keys(elementArrays).join(", ")}`;
    throw new InputError(
      `${where}: ${array ? "data" : "type"} of "${name}" must be ${rule}; got ${array ? tag : type}.`,
    );
  }
  const size = shape.reduce((product, n) => product * n, 1);
  if (data.length !== size || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new InputError(
      `${where}: data of "${name}" must have ${size} elements (shape ${shape.join(" x ")}); got ${data.length}.`,
    );
  }
}
