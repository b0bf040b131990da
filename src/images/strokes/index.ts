export type { StrokesOptions } from "./strokes.ts";
export { strokes } from "./strokes.ts";
