/** What the files of learned features that are no networks must hold. */
import { z } from "zod";
import { scalings } from "../../images/index.ts";
import type { SingleFeatureModel } from "../../pipeline/index.ts";
import { float32s, float64s, matrixOf } from "./packed-models.ts";

/** Kinds of features that have a file of their own. */
export const packedViews = ["vectors", "pca", "hog", "scattering"] as const;

/** Features that have a file of their own. */
export type PackedView = Extract<SingleFeatureModel, { kind: (typeof packedViews)[number] }>;

const positive = z.int().min(1);

/** Settings are kept for people; what computes with them has its own checks. */
const settings = z.object({ height: positive, width: positive, channels: positive }).loose();

const vectors = z
  .object({
    kind: z.literal("vectors"),
    scaling: z.enum(scalings),
    width: positive,
    mean: float64s.exactOptional(),
    scale: float64s.exactOptional(),
  })
  .refine(
    ({ scaling, width, mean, scale }) =>
      [mean, scale].every((of) =>
        scaling === "standard" ? of?.length === width && of.every(Number.isFinite) : of === undefined,
      ),
    "a finite mean and scale for each column where columns are standardized, and none elsewhere",
  );

const pca = z
  .object({
    kind: z.literal("pca"),
    mean: float64s,
    components: matrixOf(float64s),
    explainedVariance: float64s,
    scaled: vectors.exactOptional(),
  })
  .loose()
  .refine(
    ({ mean, components, explainedVariance, scaled }) =>
      components.cols === mean.length &&
      components.rows === explainedVariance.length &&
      (scaled === undefined || scaled.width === mean.length),
    "components of as many features as the mean",
  );

/** By the kind of the features. */
export const viewSchemas: Readonly<Record<PackedView["kind"], z.ZodType<PackedView>>> = {
  vectors: vectors as unknown as z.ZodType<PackedView>,
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
  if (model.kind === "vectors") return { pixels: model.width, length: model.width };
  if (model.kind === "pca") return { pixels: model.mean.length, length: model.components.rows };
  const { height, width, channels } = model.kind === "hog" ? model.design : model.settings;
  return { pixels: height * width * channels, length: model.pca.components.rows };
}
