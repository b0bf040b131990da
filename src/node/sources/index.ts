export { imageDigest } from "./image-digest.ts";
export type { SourceOptions } from "./open-source.ts";
export { namedSources, openSource } from "./open-source.ts";
export { outlineSource } from "./outline-source.ts";
