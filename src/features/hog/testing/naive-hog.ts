/** Descriptors the obvious way, in double precision, one pixel after another. */
import { type ImageSet, imageLength } from "../../../images/index.ts";

export function naiveHog(images: ImageSet, cellSize: number): number[] {
  return Array.from({ length: images.count }, (_, i) => descriptor(images, i, cellSize)).flat();
}

function descriptor(images: ImageSet, index: number, cellSize: number): number[] {
  const { height, width } = images;
  const down = Math.max(2, Math.round(height / cellSize));
  const across = Math.max(2, Math.round(width / cellSize));
  const cells = Array.from({ length: down * across }, () => new Array<number>(9).fill(0));
  const areas = new Array<number>(down * across).fill(0);
  const cellOf = (at: number, side: number, n: number): number => Math.floor(((at + 1) * n - 1) / side);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = cellOf(y, height, down) * across + cellOf(x, width, across);
      areas[cell] = (areas[cell] as number) + 1;
      const [gx, gy] = steepest(images, index, y, x);
      const angle = (Math.atan2(gy, gx) + 2 * Math.PI) % Math.PI;
      const place = (angle / Math.PI) * 9 - 0.5;
      const lower = Math.floor(place);
      const bins = cells[cell] as number[];
      const size = Math.hypot(gx, gy) / 255;
      const [one, two] = [(lower + 9) % 9, (lower + 10) % 9];
      bins[one] = (bins[one] as number) + size * (1 - (place - lower));
      bins[two] = (bins[two] as number) + size * (place - lower);
    }
  }
  const result: number[] = [];
  for (let i = 0; i + 1 < down; i++) {
    for (let j = 0; j + 1 < across; j++) {
      const corner = i * across + j;
      const block = [corner, corner + 1, corner + across, corner + across + 1].flatMap((cell) =>
        (cells[cell] as number[]).map((value) => (value * cellSize ** 2) / (areas[cell] as number)),
      );
      const length = Math.sqrt(block.reduce((sum, value) => sum + value ** 2, 1e-8));
      result.push(...block.map((value) => value / length));
    }
  }
  return result;
}

function steepest(images: ImageSet, index: number, y: number, x: number): [number, number] {
  const { height, width, channels, pixels } = images;
  const at = (row: number, column: number, channel: number): number => {
    const inside = Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column));
    const from = index * imageLength(images) + inside * channels;
    const value = pixels[from + channel] as number;
    return channels === 4 && channel < 3 ? Math.round((value * (pixels[from + 3] as number)) / 255) : value;
  };
  let best: [number, number] = [0, 0];
  for (let c = 0; c < channels; c++) {
    const gx = at(y, x + 1, c) - at(y, x - 1, c);
    const gy = at(y + 1, x, c) - at(y - 1, x, c);
    if (gx ** 2 + gy ** 2 > best[0] ** 2 + best[1] ** 2) best = [gx, gy];
  }
  return best;
}
