import type { Random } from "../random/index.ts";
import type { ParameterSpec } from "./layers/index.ts";

/**
 * How weights start:
 * - `glorot`: uniform within sqrt(6 / (fanIn + fanOut)), biases 0 (Glorot and Bengio 2010);
 * - `glorot-sigmoid`: four times as wide, as the same paper advises for the logistic function;
 * - `he`: normal with variance 2 / fanIn, biases 0 (He et al. 2015);
 * - `fan-in`: weights and biases uniform within 1 / sqrt(fanIn) (LeCun et al. 1998; the default of PyTorch's layers).
 */
export type Initializer = "glorot" | "glorot-sigmoid" | "he" | "fan-in";

/** First values of a parameter. */
export function initialValues(spec: ParameterSpec, initializer: Initializer, random: Random): Float32Array {
  const values = new Float32Array(spec.shape.reduce((product, size) => product * size, 1));
  const { fanIn, fanOut, role } = spec;
  if (initializer === "fan-in") return fillUniform(values, 1 / Math.sqrt(fanIn), random);
  if (role === "bias") return values;
  if (initializer === "he") return fillNormal(values, Math.sqrt(2 / fanIn), random);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return fillUniform(values, initializer === "glorot" ? limit : 4 * limit, random);
}

function fillUniform(values: Float32Array, limit: number, random: Random): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = (2 * random.float() - 1) * limit;
  return values;
}

/** Box and Muller's transform of two uniform numbers into two normal ones. */
function fillNormal(values: Float32Array, deviation: number, random: Random): Float32Array {
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.float()));
    const angle = 2 * Math.PI * random.float();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
