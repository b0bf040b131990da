import { add, divide, multiply, scale, shift, sqrt, square, subtract } from "../operators/index.ts";
import type { Optimizer } from "./optimizer.ts";

/** Adadelta (Zeiler 2012): steps as large as earlier steps were, relative to the gradients; learning rate usually 1. */
export function adadelta({ rho = 0.95, epsilon = 1e-6 }: AdadeltaOptions = {}): Optimizer {
  return {
    name: `Adadelta (${rho})`,
    nSlots: 2,
    nRates: 1,
    rates: (_step, learningRate) => [learningRate],
    update(parameter, gradient, slots, rates) {
      const [gradients, steps] = slots as [typeof parameter, typeof parameter];
      const [rate] = rates as [typeof parameter];
      const squares = add(scale(gradients, rho), scale(square(gradient), 1 - rho));
      const step = multiply(divide(sqrt(shift(steps, epsilon)), sqrt(shift(squares, epsilon))), gradient);
      const moved = add(scale(steps, rho), scale(square(step), 1 - rho));
      return { parameter: subtract(parameter, multiply(step, rate)), slots: [squares, moved] };
    },
  };
}

export interface AdadeltaOptions {
  readonly rho?: number;
  readonly epsilon?: number;
}
