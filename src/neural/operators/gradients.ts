/**
 * Reverse-mode differentiation over the links that tensors keep: the gradient of a loss flows backwards through each
 * operation's own rule, and what reaches a tensor on several ways is added.
 */
import { scalarLike, type Tensor } from "../graph/tensor.ts";
import { add } from "./arithmetic.ts";
import { spreadTo } from "./shapes.ts";

/**
 * Gradients of a loss with respect to each parameter, in the parameters' own shapes.
 *
 * First derivatives alone: what this returns is not meant to be differentiated again.
 *
 * @param loss a single number
 * @throws {TypeError} if the loss does not depend on a parameter
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): readonly Tensor[] {
  const order = dependents(loss, new Set(parameters));
  const found = new Map<Tensor, Tensor>([[loss, scalarLike(loss, 1)]]);
  for (const tensor of order) {
    const gradient = found.get(tensor);
    const { derivative } = tensor;
    if (!gradient || !derivative) continue;
    const before = derivative.rule(gradient);
    derivative.inputs.forEach((taken, i) => {
      const part = before[i];
      if (!part || !order.has(taken)) return;
      const sofar = found.get(taken);
      found.set(taken, sofar ? add(sofar, part) : part);
    });
  }
  return parameters.map((parameter) => {
    const gradient = found.get(parameter);
    if (!gradient) throw new TypeError("gradients: the loss must depend on every parameter.");
    return spreadTo(gradient, parameter);
  });
}

/** Tensors between the parameters and the loss, each before those that it was made of. */
function dependents(loss: Tensor, parameters: ReadonlySet<Tensor>): Set<Tensor> {
  const depends = new Map<Tensor, boolean>();
  const finished: Tensor[] = [];
  const visit = (tensor: Tensor): boolean => {
    const before = depends.get(tensor);
    if (before !== undefined) return before;
    let found = parameters.has(tensor);
    for (const taken of tensor.derivative?.inputs ?? []) found = visit(taken) || found;
    depends.set(tensor, found);
    if (found) finished.push(tensor);
    return found;
  };
  visit(loss);
  return new Set(finished.reverse());
}
