/** Fitted features as files. */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import {
  type FeatureModel,
  type ImageShape,
  parseMethod,
  type SingleFeatureModel,
  type View,
} from "../../pipeline/index.ts";
import { autoencoderFiles, autoencoderSchema, readAutoencoder } from "./autoencoder-files.ts";
import type { ModelFiles } from "./clusterer-files.ts";
import { onnxFiles, onnxSchema, readOnnx } from "./onnx-files.ts";
import { packedSchema, packModel, unpackModel } from "./packed-models.ts";
import { outlineOf, type PackedView, packedViews, viewSchemas } from "./view-schemas.ts";

const positive = z.int().min(1);

/** Features in a file of their own; what is said of them beside it is there for people, and for checks. */
const packedFeatures = packedSchema.extend({
  kind: z.enum(packedViews),
  /** Numbers that they take of each image or vector, and make of it. */
  pixels: positive,
  length: positive,
});

const single = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pixels") }),
  packedFeatures,
  autoencoderSchema,
  onnxSchema,
]);

const views = z.object({
  kind: z.literal("views"),
  views: z
    .array(z.object({ word: z.string(), columns: positive, scale: z.number().positive(), model: single }))
    .min(2),
});

/** Features in a file of their own, as `model.json` has them. */
interface StoredPacked {
  readonly kind: PackedView["kind"];
  readonly file: string;
  readonly pixels: number;
  readonly length: number;
}

type StoredView =
  | { readonly kind: "pixels" }
  | StoredPacked
  | z.infer<typeof autoencoderSchema>
  | z.infer<typeof onnxSchema>;

/** Several views, as `model.json` has them. */
interface StoredViews {
  readonly kind: "views";
  readonly views: readonly (Omit<View, "model"> & { readonly model: StoredView })[];
}

/** What `model.json` holds of features. */
export type StoredFeatures = StoredView | StoredViews;

/** What it must be. */
export const featuresSchema: z.ZodType<StoredFeatures> = z.discriminatedUnion("kind", [
  ...single.options,
  views,
]);

/** What `model.json` holds of a model, and its files. */
interface Stored {
  readonly json: unknown;
  readonly files: readonly (readonly [string, Uint8Array])[];
}

/** What `model.json` holds of the features, and their files. */
export function featureFiles(model: FeatureModel): Stored {
  if (model.kind !== "views") return viewFiles(model);
  const parts = model.views.map((view) => ({ view, stored: viewFiles(view.model) }));
  return {
    json: {
      kind: "views",
      views: parts.map(({ view, stored }) => ({ ...view, model: stored.json })),
    },
    files: parts.flatMap(({ stored }) => stored.files),
  };
}

function viewFiles(model: SingleFeatureModel): Stored {
  switch (model.kind) {
    case "pixels":
      return { json: model, files: [] };
    case "autoencoder":
      return autoencoderFiles(model);
    case "onnx":
      return onnxFiles(model);
    default: {
      const { json, files } = packModel(model, model.kind);
      return { json: { ...json, ...outlineOf(model) }, files };
    }
  }
}

/** Features from `model.json` and their files. */
export async function readFeatures(stored: StoredFeatures, files: ModelFiles): Promise<FeatureModel> {
  if (stored.kind !== "views") return readView(stored, files);
  const read: View[] = [];
  for (const { model, ...view } of stored.views) read.push({ ...view, model: await readView(model, files) });
  return { kind: "views", views: read };
}

async function readView(stored: StoredView, files: ModelFiles): Promise<SingleFeatureModel> {
  const { folder, read } = files;
  switch (stored.kind) {
    case "pixels":
      return stored;
    case "autoencoder":
      return readAutoencoder(stored, folder, read);
    case "onnx":
      return readOnnx(stored, folder, read);
    default: {
      const model: PackedView = await unpackModel(stored.file, viewSchemas[stored.kind], files);
      const { pixels, length } = outlineOf(model);
      if (length === stored.length && pixels === stored.pixels) return model;
      throw new FormatError(
        `readRun: "${folder}/${stored.file}" must hold ${stored.length} features of ${stored.pixels} pixels, as model.json says; got ${length} of ${pixels}.`,
      );
    }
  }
}

/**
 * Numbers that the features have for each image.
 *
 * @throws {FormatError} if they are not those of the method, or of images of another size
 */
export function checkFeatures(
  file: string,
  method: string,
  shape: ImageShape,
  features: StoredFeatures,
): number {
  const stored: readonly { readonly word?: string; readonly columns?: number; readonly model: StoredView }[] =
    features.kind === "views" ? features.views : [{ model: features }];
  const outlines = stored.map(({ model }) => outline(model, shape));
  const words = outlines.map(({ word }) => word).join(":");
  const wanted = parseMethod(method).features.join(":");
  if (wanted !== words) {
    throw new FormatError(`readRun: features in "${file}" must be those of "${method}"; got "${words}".`);
  }
  const other = outlines.flatMap(({ images }) => images).find((image) => sizeOf(image) !== sizeOf(shape));
  if (other) {
    throw new FormatError(
      `readRun: features in "${file}" must be of images of ${sizeOf(shape)}, as its shape says; got ${sizeOf(other)}.`,
    );
  }
  const nPixels = shape.height * shape.width * shape.channels;
  const stranger = outlines.find(({ pixels }) => pixels !== undefined && pixels !== nPixels);
  if (stranger) {
    throw new FormatError(
      `readRun: features in "${file}" must be of images of ${nPixels} numbers, as its shape says; got ${stranger.pixels}.`,
    );
  }
  stored.forEach(({ word, columns }, at) => {
    const { length, word: own } = outlines[at] as Outline;
    if (columns !== undefined && (columns !== length || word !== own)) {
      throw new FormatError(
        `readRun: the view "${word}" in "${file}" must have the ${length} columns of "${own}"; got ${columns}.`,
      );
    }
  });
  return outlines.reduce((sum, { length }) => sum + length, 0);
}

function sizeOf({ height, width, channels }: ImageShape): string {
  return `${height} x ${width} x ${channels}`;
}

interface Outline {
  readonly word: string;
  readonly images: readonly ImageShape[];
  /** Numbers that they take of each image, where they say no more of its size. */
  readonly pixels?: number;
  readonly length: number;
}

/** The word of a method for stored features, each place where they say the size of images, and how many numbers they are. */
function outline(features: StoredView, shape: ImageShape): Outline {
  switch (features.kind) {
    case "pixels":
      return { word: "pixels", images: [], length: shape.height * shape.width * shape.channels };
    case "autoencoder": {
      const { architecture, design } = features.settings;
      return { word: architecture, images: [features.image, design.encoder.input], length: design.codeSize };
    }
    case "onnx":
      return { word: "onnx", images: [features.image], length: features.output.length };
    default:
      return { word: features.kind, images: [], pixels: features.pixels, length: features.length };
  }
}
