/** The points of a run: some numbers of each image, from which it is shown without reading images or networks. */
import { join } from "node:path";
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import type { RunPoints } from "../../experiment/index.ts";
import { readRunFile } from "./file-errors.ts";
import { packFile, unpackFile } from "./packed-file.ts";

/** Name of the file in a run folder. */
export const POINTS_FILE = "points.safetensors";

const format = { format: "unlabeled-points", formatVersion: 1 };

/** Images, at most, whose points are kept: 24 to 28 bytes each. Beyond, they are computed when they are asked for. */
const MOST_POINTS = 4_000_000;

const matrixOf = <A>(data: z.ZodType<A>) =>
  z
    .object({ rows: z.int().min(1), cols: z.int().min(1), data })
    .refine(
      ({ rows, cols, data }) => (data as unknown as { length: number }).length === rows * cols,
      "rows x cols",
    );

const schema = z
  .object({
    places: matrixOf(z.instanceof(Float32Array)),
    plane: z.object({ mean: z.instanceof(Float64Array), axes: matrixOf(z.instanceof(Float64Array)) }),
    margins: z.instanceof(Float32Array),
    seconds: z.instanceof(Int32Array),
    errors: z.instanceof(Float32Array).exactOptional(),
  })
  .refine(
    ({ places, plane, margins, seconds, errors = margins }) =>
      [margins, seconds, errors].every(({ length }) => length === places.rows) &&
      places.cols === plane.axes.rows &&
      places.cols <= 3 &&
      plane.mean.length === plane.axes.cols,
    "arrays of the same images",
  );

/** The bytes of the file; undefined where there are too many images to keep them. */
export function pointsFile(points: RunPoints): Uint8Array | undefined {
  return points.places.rows > MOST_POINTS ? undefined : packFile(format, points);
}

/**
 * Reads the points of a run folder; undefined where it has none, as runs of earlier versions.
 *
 * @param count number of its scored images
 * @throws {FormatError} if the file is damaged, or of other images
 */
export async function readPoints(folder: string, count: number): Promise<RunPoints | undefined> {
  const file = join(folder, POINTS_FILE);
  const bytes = await readRunFile(file);
  if (!bytes) return undefined;
  const remedy = "Move it away: what it holds is then computed when it is asked for.";
  const checked = schema.safeParse(unpackFile(bytes, { ...format, where: "readPoints", file, remedy }));
  if (checked.success && checked.data.places.rows === count) return checked.data as RunPoints;
  const got = checked.success ? `${checked.data.places.rows}` : "something else";
  throw new FormatError(
    `readPoints: "${file}" must hold the points of ${count} images; got ${got}. ${remedy}`,
  );
}
