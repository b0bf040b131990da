/** Large arrays compared quickly, for tests. */
import { createHash } from "node:crypto";
import type { StateTensor } from "../../../neural/index.ts";

/** Digest of an array's bytes. */
export function digest({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

/** Shape and digest of each parameter: equal exactly where all bytes are. */
export function digests(parameters: Readonly<Record<string, StateTensor>>): Record<string, string> {
  const entries = Object.entries(parameters).map(([name, { shape, data }]) => [
    name,
    `${shape.join(" x ")}: ${digest(data)}`,
  ]);
  return Object.fromEntries(entries);
}
