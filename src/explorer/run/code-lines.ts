/** Codes on lines between two others. */
import type { Matrix } from "../../matrix/index.ts";
import type { DecodeRequest } from "../protocol.ts";
import { Refusal } from "../refusal.ts";

/** Codes on the line between two, one a row; 0 is the first, 1 the second. */
export function onLine(
  from: readonly number[],
  to: readonly number[],
  at: readonly number[],
): Matrix<Float64Array> {
  const cols = from.length;
  const data = new Float64Array(at.length * cols);
  at.forEach((t, i) => {
    for (let j = 0; j < cols; j++) data[i * cols + j] = (from[j] as number) * (1 - t) + (to[j] as number) * t;
  });
  return { rows: at.length, cols, data };
}

/**
 * The codes of a walk.
 *
 * @throws {Refusal} 400 where the ends differ in length
 */
export function lineOf({
  line: { from, to },
  at,
}: Extract<DecodeRequest, { at: unknown }>): Matrix<Float64Array> {
  if (from.length === to.length) return onLine(from, to, at);
  throw new Refusal(
    400,
    `explorer: the ends of a line must have the same length; got ${from.length} and ${to.length} numbers.`,
  );
}
