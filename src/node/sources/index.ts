export { decodedCache } from "./decoded-cache.ts";
export { imageDigest } from "./image-digest.ts";
export { namedSources, openSource } from "./open-source.ts";
export { outlineSource } from "./outline-source.ts";
export { sourceName } from "./source-name.ts";
export type { DecodeProgress, SourceOptions } from "./source-options.ts";
export { type StreamEnd, type StreamOptions, streamSource } from "./stream-source.ts";
