export { fit, transform, type VectorsModel, vectorsTensor } from "./vectors.ts";
