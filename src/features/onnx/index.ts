export type { EncoderFile, NetworkInput, OnnxModel } from "./model.ts";
export { encode, fit, type OnnxContext, type OnnxFit } from "./use.ts";
