import type { Tensor } from "../graph/tensor.ts";

/** A rule by which gradients change parameters. The rule is part of the graph; numbers that change with time are inputs. */
export interface Optimizer {
  /** In words, with its constants. */
  readonly name: string;
  /** Tensors of a parameter's shape that the rule keeps between steps; they start at 0. */
  readonly nSlots: number;
  /** Number of inputs that {@link Optimizer.rates} gives for each step. */
  readonly nRates: number;
  /**
   * Inputs of one step.
   *
   * @param step 1-based
   * @param learningRate that of this step
   */
  rates(step: number, learningRate: number): readonly number[];
  /** One parameter and its slots after a step. */
  update(
    parameter: Tensor,
    gradient: Tensor,
    slots: readonly Tensor[],
    rates: readonly Tensor[],
  ): { readonly parameter: Tensor; readonly slots: readonly Tensor[] };
}

/** What a user says of an optimizer. */
export type OptimizerOptions =
  | { readonly kind: "adam"; readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number }
  | { readonly kind: "adadelta"; readonly rho?: number; readonly epsilon?: number }
  | { readonly kind: "sgd"; readonly momentum?: number };
