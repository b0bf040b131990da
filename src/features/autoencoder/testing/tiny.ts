/** Autoencoders that train in a moment, for tests. */
import type { AutoencoderModel, AutoencoderOptions } from "../index.ts";
import { digests } from "./digests.ts";

const quick = { epochs: 3, batch: 8, learningRate: 0.01 };
/** Choices for each architecture. */
export const tiny: Readonly<Record<string, AutoencoderOptions>> = {
  "vanilla-ae": { ...quick, codeSize: 8 },
  "dense-ae": { ...quick, widths: [12, 8, 6] },
  "deep-ae": { ...quick, widths: [12, 10], codeSize: 4 },
  "conv-ae": { ...quick, widths: [2, 3], codeSize: 4, learningRate: 0.002 },
  "seed-conv-ae": { ...quick, widths: [12, 8], codeSize: 6, learningRate: 1 },
  "denoising-ae": { ...quick, widths: [12], codeSize: 4 },
  "sparse-ae": { ...quick, widths: [12], codeSize: 8 },
  vae: { ...quick, widths: [12], codeSize: 3 },
};
/** All of a model that does not tell how long it took. */
export function comparable({ parameters, training, ...rest }: AutoencoderModel): object {
  const epochs = training.epochs.map(({ seconds, ...epoch }) => epoch);
  return { ...rest, parameters: digests(parameters), training: { ...training, epochs } };
}
