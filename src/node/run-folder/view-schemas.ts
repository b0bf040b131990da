/** What the files of learned features that are no networks must hold. */
import { z } from "zod";
import type { SingleFeatureModel } from "../../pipeline/index.ts";
import { float32s, float64s, matrixOf } from "./packed-models.ts";

/** Features that have a file of their own. */
export type PackedView = Extract<SingleFeatureModel, { kind: "pca" | "hog" | "scattering" }>;

const positive = z.int().min(1);

/** Settings are kept for people; what computes with them has its own checks. */
const settings = z.object({ height: positive, width: positive, channels: positive }).loose();

const pca = z
  .object({
    kind: z.literal("pca"),
    mean: float64s,
    components: matrixOf(float64s),
    explainedVariance: float64s,
  })
  .loose()
  .refine(
    ({ mean, components, explainedVariance }) =>
      components.cols === mean.length && components.rows === explainedVariance.length,
    "components of as many features as the mean",
  );

/** By the kind of the features. */
export const viewSchemas: Readonly<Record<PackedView["kind"], z.ZodType<PackedView>>> = {
  pca: pca as unknown as z.ZodType<PackedView>,
  hog: z.object({ kind: z.literal("hog"), design: settings, pca }) as unknown as z.ZodType<PackedView>,
  scattering: z.object({
    kind: z.literal("scattering"),
    settings,
    channelMaxima: float32s,
    pca,
  }) as unknown as z.ZodType<PackedView>,
};

/** Numbers that features take of each image, and make of it. */
export function outlineOf(model: PackedView): { readonly pixels: number; readonly length: number } {
  if (model.kind === "pca") return { pixels: model.mean.length, length: model.components.rows };
  const { height, width, channels } = model.kind === "hog" ? model.design : model.settings;
  return { pixels: height * width * channels, length: model.pca.components.rows };
}
