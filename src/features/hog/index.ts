export type { HogDesign, HogOptions } from "./design.ts";
export {
  defaults,
  fit,
  type HogFit,
  type HogFitOptions,
  type HogModel,
  hog,
  transform,
} from "./hog.ts";
export { descriptorTensor, hogTensor } from "./tensor.ts";
