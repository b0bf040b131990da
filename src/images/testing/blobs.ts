import { createRandom } from "../../random/index.ts";
import { type ImageSet, vectorImages } from "../index.ts";

/** Round groups of vectors, apart enough to be found, in turn one of each; with the group as their class. */
export function blobs(choice: {
  readonly count: number;
  readonly width: number;
  readonly groups: number;
  /** Distance of the groups' middles from each other, in the groups' standard deviations, roughly. Default 8. */
  readonly apart?: number;
  /** Whether vectors have names. Default true. */
  readonly named?: boolean;
}): ImageSet {
  const { count, width, groups, apart = 8, named = true } = choice;
  const random = createRandom(1).stream("blobs");
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  const middles = Array.from({ length: groups * width }, () => (normal() * apart) / Math.sqrt(2 * width));
  const data = new Float32Array(count * width);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < width; j++, at++) {
      data[at] = (middles[(i % groups) * width + j] as number) + normal() / Math.sqrt(width);
    }
  }
  return vectorImages(
    { rows: count, cols: width, data },
    {
      ...(named && { files: Array.from({ length: count }, (_, i) => `item-${i}`) }),
      labels: Int32Array.from({ length: count }, (_, i) => i % groups),
      classNames: Array.from({ length: groups }, (_, g) => `group ${g}`),
    },
  );
}
