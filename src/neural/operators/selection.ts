/** Operators without gradients, for what is computed before anything is learned. */
import { apply, type Tensor } from "../graph/tensor.ts";
import { broadcastShape } from "./shapes.ts";

/** Whether a > b, with broadcasting. */
export function greater(a: Tensor, b: Tensor): Tensor {
  return apply("Greater", [a, b], { type: "bool", shape: broadcastShape(a.shape, b.shape) });
}

/** a where the condition holds, else b, with broadcasting. */
export function select(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  return apply("Where", [condition, a, b], { type: a.type, shape });
}

/** The smaller of a and b, with broadcasting. */
export function smaller(a: Tensor, b: Tensor): Tensor {
  return apply("Min", [a, b], { type: a.type, shape: broadcastShape(a.shape, b.shape) });
}

/** The largest whole number that is not above a. */
export function floor(a: Tensor): Tensor {
  return apply("Floor", [a], a);
}

/** Arc tangent, between -pi / 2 and pi / 2. */
export function arcTangent(a: Tensor): Tensor {
  return apply("Atan", [a], a);
}
