/**
 * Convolution and its adjoint by gathers and matrix products. Images are batch x positions x channels.
 *
 * A gather copies all channels of a position as one piece. Where there are few, the pieces are too small for that, and
 * images are turned first, positions x batch: then a piece holds the same position of all images.
 */
import { type Dimension, integers, type Tensor } from "../../graph/tensor.ts";
import { add } from "../arithmetic.ts";
import { concatenate, gather, pad, reshape, transpose } from "../layout.ts";
import { affine, matrixProduct } from "../linear.ts";
import { sum } from "../reductions.ts";
import { type ConvolutionGeometry, kernelArea, smallSize } from "./geometry.ts";
import { contributionTable, mostContributions, patchTable, phaseOrder, phasesOf } from "./tables.ts";

/** Up to as many channels of the large image, turning pays, and contributions are faster than phases. */
const FEW_CHANNELS = 4;

/** What the kernel sees at each of its places: (batch, places) x (kernel positions, channels). */
export function patches(x: Tensor, geometry: ConvolutionGeometry): Tensor {
  const small = smallSize(geometry);
  const rows = times(batchOf(x), small.height * small.width);
  const channels = sizeOf(x, 2);
  const table = patchTable(geometry);
  const seen =
    channels > FEW_CHANNELS
      ? gather(withNone(x, [table], 1), integers(table), 1)
      : unturned(gather(withNone(turned(x), [table], 0), integers(table), 0), batchOf(x), channels);
  return reshape(seen, [rows, kernelArea(geometry) * channels]);
}

/** Adjoint of the convolution with these weights; see `transposedConvolution`. */
export function spread(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  geometry: ConvolutionGeometry,
): Tensor {
  const channels = sizeOf(weights, 0) / kernelArea(geometry);
  const lower = channels <= FEW_CHANNELS ? byContributions : byPhases;
  return lower(x, weights, bias, geometry);
}

function byPhases(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  geometry: ConvolutionGeometry,
): Tensor {
  const phases = phasesOf(geometry);
  const area = kernelArea(geometry);
  const depth = sizeOf(weights, 1);
  const channels = sizeOf(weights, 0) / area;
  const given = withNone(
    x,
    phases.map(({ places }) => places),
    1,
  );
  // Channels last, so that a kernel position is one piece and its rows are those of the product.
  const byPosition = transpose(reshape(weights, [area, channels, depth]), [0, 2, 1]);
  const taps = withNone(
    byPosition,
    phases.map((phase) => phase.weights),
    0,
  );
  const parts = phases.map((phase) => {
    const columns = phase.weights.length * depth;
    const positions = phase.height * phase.width;
    const own = reshape(gather(taps, integers(phase.weights), 0), [columns, channels]);
    const seen = gather(given, integers(phase.places), 1);
    const value = affine(reshape(seen, [times(batchOf(x), positions), columns]), own, bias);
    return reshape(value, [batchOf(x), positions, channels]);
  });
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return gather(concatenate(parts, 1), integers(phaseOrder(geometry, phases)), 1);
}

function byContributions(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  geometry: ConvolutionGeometry,
): Tensor {
  const { height, width } = geometry;
  const small = smallSize(geometry);
  const area = kernelArea(geometry);
  const batch = batchOf(x);
  const channels = sizeOf(weights, 0) / area;
  const product = matrixProduct(positionRows(x), weights, { transposeB: true });
  const given = turned(reshape(product, [batch, small.height * small.width * area, channels]));
  const table = contributionTable(geometry);
  const received = gather(withNone(given, [table], 0), integers(table), 0);
  const numbers = height * width * channels;
  const total = sum(reshape(received, [mostContributions(geometry), times(batch, numbers)]), [0]);
  const apart = reshape(total, [height * width, channels, batch]);
  const biased = bias ? add(apart, reshape(bias, [channels, 1])) : apart;
  return unturned(reshape(biased, [height * width, times(batch, channels)]), batch, channels);
}

/** Each position of each image as a row. */
export function positionRows(x: Tensor): Tensor {
  return reshape(x, [times(batchOf(x), sizeOf(x, 1)), sizeOf(x, 2)]);
}

/** Batch x positions x channels as positions x (channels, batch). */
function turned(x: Tensor): Tensor {
  const [batch, positions, channels] = [batchOf(x), sizeOf(x, 1), sizeOf(x, 2)];
  const byNumber = transpose(reshape(x, [batch, positions * channels]), [1, 0]);
  return reshape(byNumber, [positions, times(batch, channels)]);
}

/** Positions x (channels, batch) as batch x positions x channels. */
function unturned(x: Tensor, batch: Dimension, channels: number): Tensor {
  const numbers = sizeOf(x, 0) * channels;
  const byImage = transpose(reshape(x, [numbers, batch]), [1, 0]);
  return reshape(byImage, [batch, sizeOf(x, 0), channels]);
}

/** With zeros after the last entry of an axis, if a table points there. */
function withNone(x: Tensor, tables: readonly Int32Array[], axis: number): Tensor {
  const none = sizeOf(x, axis);
  return tables.some((table) => table.includes(none)) ? pad(x, axis, 0, 1) : x;
}

function batchOf(x: Tensor): Dimension {
  return x.shape[0] ?? 1;
}

function sizeOf(x: Tensor, axis: number): number {
  return x.shape[axis] as number;
}

function times(batch: Dimension, factor: number): Dimension {
  if (typeof batch === "number") return batch * factor;
  return factor === 1 ? batch : `${batch} * ${factor}`;
}
