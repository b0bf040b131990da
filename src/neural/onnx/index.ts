export { encodeModel, type ModelDescription } from "./encode.ts";
export { dataTypes, type TensorProto } from "./model.ts";
export { type ModelSummary, readModel } from "./read.ts";
