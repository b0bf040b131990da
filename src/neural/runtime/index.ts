export { openRuntime, type RuntimeOptions } from "./open.ts";
export type {
  RunOptions,
  Runtime,
  RuntimeName,
  Session,
  TensorValue,
  TensorValues,
  ValueInfo,
} from "./runtime.ts";
export { withRuntime } from "./with-runtime.ts";
