import { constant, matrixProduct, subtract, type Tensor } from "../../neural/index.ts";
import { whiteningFactors } from "./projection.ts";
import type { PcaModel } from "./types.ts";

/**
 * Scores as part of an ONNX graph.
 *
 * @param features float32, batch x nFeatures, in the units of the samples that the model was fitted to
 * @returns float32, batch x nComponents
 */
export function pcaTensor(model: PcaModel, features: Tensor): Tensor {
  const { components, mean } = model;
  const { rows: k, cols } = components;
  const factors = whiteningFactors(model);
  const turned = new Float32Array(cols * k);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < cols; j++) {
      turned[j * k + c] = (components.data[c * cols + j] as number) * (factors[c] as number);
    }
  }
  const centered = subtract(features, constant("float32", [cols], Float32Array.from(mean)));
  return matrixProduct(centered, constant("float32", [cols, k], turned));
}
