import { geometryOf } from "./geometry.ts";
import type { ScatteringSettings } from "./types.ts";

/** By what each coefficient is multiplied: 1 / the largest value of its channel; 0 where that never was anything but 0. */
export function factorsOf(settings: ScatteringSettings, channelMaxima: Float32Array): Float32Array {
  const { nFeatures } = geometryOf(settings);
  const grid = nFeatures / channelMaxima.length;
  return Float32Array.from({ length: nFeatures }, (_, at) => {
    const largest = channelMaxima[Math.floor(at / grid)] as number;
    return largest > 0 ? 1 / largest : 0;
  });
}
