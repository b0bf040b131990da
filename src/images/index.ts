export { withChannels } from "./channels.ts";
export { labelsFromClasses } from "./class-names.ts";
export type { Idx, IdxArray, IdxElementType, IdxHeader } from "./idx.ts";
export { checkIdxLength, longestIdxHeader, readIdx, readIdxHeader, writeIdx } from "./idx.ts";
export { imagesFromIdx, labelsFromIdx } from "./idx-images.ts";
export type { Fit, ImageSet, ImageSource, Reading, Scaling, SkippedFile, Split } from "./image-set.ts";
export {
  concatenateImages,
  fits,
  imageLength,
  nClasses,
  readingOf,
  scalings,
  sliceImages,
  splits,
  takeImages,
} from "./image-set.ts";
export { withLabels } from "./labels.ts";
export { limitImages } from "./limit.ts";
export type { Box, Placed } from "./resize.ts";
export { defaultSize, placeImage, resizeImages, untouchedSide } from "./resize.ts";
export type { StrokesOptions } from "./strokes/index.ts";
export { strokes } from "./strokes/index.ts";
export { isVectors, type VectorOptions, vectorImages } from "./vector-images.ts";
export { type Movement, moveImageInto } from "./warp.ts";
