import { OptionError } from "../../../errors.ts";

/** How a kernel moves over an image. Sizes are those of the large image: what a convolution takes, and a transposed one gives. */
export interface ConvolutionGeometry {
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [height: number, width: number];
  /** Positive integer, the same in both directions. */
  readonly stride: number;
  /** Rows and columns of zeros around the image. */
  readonly padding: Padding;
}

/** Margins of zeros around a plane, in its elements. */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Rows and columns of an image. */
export interface PlaneSize {
  readonly height: number;
  readonly width: number;
}

/**
 * Size of the small image: the places at which the kernel stands.
 *
 * @throws {OptionError} if the kernel is larger than the image with its padding
 */
export function smallSize({ height, width, kernel, stride, padding }: ConvolutionGeometry): PlaneSize {
  const down = height + padding.top + padding.bottom;
  const across = width + padding.left + padding.right;
  if (kernel[0] > down || kernel[1] > across) {
    throw new OptionError(
      `convolution: kernel must fit into the image with its padding (${down} x ${across}); got ${kernel.join(" x ")}. Use a smaller kernel, larger images or more padding.`,
    );
  }
  return {
    height: Math.floor((down - kernel[0]) / stride) + 1,
    width: Math.floor((across - kernel[1]) / stride) + 1,
  };
}

/** Number of positions under the kernel. */
export function kernelArea({ kernel }: ConvolutionGeometry): number {
  return kernel[0] * kernel[1];
}

/**
 * Padding with which a kernel visits ceil(size / stride) places each way, as even around the image as can be (`"same"`).
 */
export function samePadding(
  { height, width }: PlaneSize,
  kernel: readonly [number, number],
  stride: number,
): Padding {
  const whole = (size: number, k: number): number =>
    Math.max(0, (Math.ceil(size / stride) - 1) * stride + k - size);
  const down = whole(height, kernel[0]);
  const across = whole(width, kernel[1]);
  const top = Math.floor(down / 2);
  const left = Math.floor(across / 2);
  return { top, left, bottom: down - top, right: across - left };
}
