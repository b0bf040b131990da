export type { Curve } from "./curve.ts";
export { fitCurve } from "./curve.ts";
export { checkUmapOptions, defaults } from "./options.ts";
export { transform, type UmapTransformOptions } from "./transform.ts";
export type {
  GraphLayout,
  GraphLayoutOptions,
  LayoutOptions,
  LayoutSettings,
  LayoutStart,
  UmapFit,
  UmapInit,
  UmapMetric,
  UmapModel,
  UmapOptions,
  UmapSettings,
  UmapStep,
} from "./types.ts";
export { fit, layoutOf, layoutSteps, steps } from "./umap.ts";
