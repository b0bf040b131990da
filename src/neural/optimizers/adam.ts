import { add, divide, multiply, scale, sqrt, square, subtract } from "../operators/index.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * Adam (Kingma and Ba 2015), with bias correction.
 *
 * The slots are the moments without their factors 1 - beta, which, with the bias corrections, go into two numbers per
 * step: so two passes over all parameters are saved. The result is the same, to rounding, as that of PyTorch's Adam.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): Optimizer {
  return {
    name: `Adam (${beta1}, ${beta2})`,
    nSlots: 2,
    nRates: 2,
    rates(step, learningRate) {
      const spread = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      return [(learningRate * (1 - beta1)) / ((1 - beta1 ** step) * spread), epsilon / spread];
    },
    update(parameter, gradient, slots, rates) {
      const [first, second] = slots as [typeof parameter, typeof parameter];
      const [rate, floor] = rates as [typeof parameter, typeof parameter];
      const m = add(scale(first, beta1), gradient);
      const v = add(scale(second, beta2), square(gradient));
      const step = divide(multiply(m, rate), add(sqrt(v), floor));
      return { parameter: subtract(parameter, step), slots: [m, v] };
    },
  };
}

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}
