export { fit, type Scaling, scalings, transform, type VectorsModel, vectorsTensor } from "./vectors.ts";
