import { add, multiply, scale, subtract } from "../operators/index.ts";
import type { Optimizer } from "./optimizer.ts";

/** Stochastic gradient descent, with momentum as PyTorch has it: velocity = momentum velocity + gradient. */
export function sgd({ momentum = 0 }: SgdOptions = {}): Optimizer {
  return {
    name: momentum === 0 ? "SGD" : `SGD (momentum ${momentum})`,
    nSlots: momentum === 0 ? 0 : 1,
    nRates: 1,
    rates: (_step, learningRate) => [learningRate],
    update(parameter, gradient, slots, rates) {
      const [velocity] = slots;
      const [rate] = rates as [typeof parameter];
      const direction = velocity ? add(scale(velocity, momentum), gradient) : gradient;
      return {
        parameter: subtract(parameter, multiply(direction, rate)),
        slots: velocity ? [direction] : [],
      };
    },
  };
}

export interface SgdOptions {
  /** In [0, 1). */
  readonly momentum?: number;
}
