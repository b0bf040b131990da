export {
  type DecodedImage,
  type DecodeSettings,
  decodeImage,
  decoderVersion,
  ofChannels,
  resizeOne,
} from "./decode-image.ts";
export { inOrder } from "./in-order.ts";
export { imageExtensions, imageFormat, imageFormats } from "./sniff.ts";
