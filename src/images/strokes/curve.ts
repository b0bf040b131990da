/**
 * Smooth strokes: a centripetal Catmull-Rom curve through the points of a stroke, taken as cubic Bezier pieces and
 * flattened to short straight lines. Centripetal knots (distances to the power 1/2) never make loops or cusps of
 * their own, however unevenly the points lie (Yuksel, Schaefer and Keyser 2011).
 *
 * Only + - * / and Math.sqrt occur, whose results IEEE 754 fixes to the last bit.
 */

/** Points that the pen passes through; x to the right, y downwards. */
export interface Stroke {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Whether the pen turns sharply at the point. */
  readonly corner: readonly boolean[];
}

/** Corners of a line made of straight pieces. */
export interface Polyline {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Straight lines that stand for the curve between two points; more would not show at 28 x 28. */
const linesPerPiece = 6;

/** Reads a stroke from its notation, points "x,y" parted by spaces, corners marked with `*`. */
export function parseStroke(notation: string): Stroke {
  const points = notation.split(" ");
  const coordinate = (k: number) => (point: string) => Number(point.replace("*", "").split(",")[k]);
  return {
    x: points.map(coordinate(0)),
    y: points.map(coordinate(1)),
    corner: points.map((point) => point.endsWith("*")),
  };
}

/** The curve through a stroke's points, as a line of straight pieces. */
export function flatten(stroke: Stroke): Polyline {
  const last = stroke.x.length - 1;
  const x = [stroke.x[0] as number];
  const y = [stroke.y[0] as number];
  for (let i = 0; i < last; i++) {
    // The neighbours before and after the piece i..i+1; where the curve ends or turns, there is none.
    const before = i === 0 || stroke.corner[i] ? i : i - 1;
    const after = i + 1 === last || stroke.corner[i + 1] ? i + 1 : i + 2;
    const alongX = bezierValues(stroke, stroke.x, before, i, after);
    const alongY = bezierValues(stroke, stroke.y, before, i, after);
    for (let step = 1; step <= linesPerPiece; step++) {
      const t = step / linesPerPiece;
      x.push(bezierAt(alongX, t));
      y.push(bezierAt(alongY, t));
    }
  }
  return { x, y };
}

type Bezier = readonly [number, number, number, number];

/** Bezier values, in one coordinate, of the piece from point i to point i + 1. */
function bezierValues(
  stroke: Stroke,
  values: readonly number[],
  before: number,
  i: number,
  after: number,
): Bezier {
  const p0 = values[before] as number;
  const p1 = values[i] as number;
  const p2 = values[i + 1] as number;
  const p3 = values[after] as number;
  const d1 = knotDistance(stroke, before, i);
  const d2 = knotDistance(stroke, i, i + 1);
  const d3 = knotDistance(stroke, i + 1, after);
  const chord = (p2 - p1) / 3;
  // Barry-Goldman slopes times d2 / 3; without a neighbour the curve leaves along its chord.
  const out = d1 > 0 ? (d2 * ((p1 - p0) / d1 - (p2 - p0) / (d1 + d2)) + (p2 - p1)) / 3 : chord;
  const into = d3 > 0 ? (p2 - p1 + d2 * ((p3 - p2) / d3 - (p3 - p1) / (d2 + d3))) / 3 : chord;
  return [p1, p1 + out, p2 - into, p2];
}

function bezierAt([a, b, c, d]: Bezier, t: number): number {
  const s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
}

function knotDistance(stroke: Stroke, i: number, j: number): number {
  const dx = (stroke.x[j] as number) - (stroke.x[i] as number);
  const dy = (stroke.y[j] as number) - (stroke.y[i] as number);
  return Math.sqrt(Math.sqrt(dx * dx + dy * dy));
}
