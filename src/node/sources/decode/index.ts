export {
  type DecodedImage,
  type DecodeSettings,
  decodeImage,
  decoderVersion,
  mostPixels,
  ofChannels,
  resizeOne,
} from "./decode-image.ts";
export { inOrder } from "./in-order.ts";
export { imageExtensions, imageFormat } from "./sniff.ts";
