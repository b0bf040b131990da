export { type ScatteringStep, scattering, scatteringChunks } from "./transform.ts";
