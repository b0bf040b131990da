/**
 * The hand that writes: what differs from one drawing of a skeleton to the next. In this order, the points tremble,
 * the whole sheet is bent by a quadratic map (bowls grow and shrink, strokes lean and bow), the curve is drawn, and
 * then sheared, turned, stretched, scaled to its box and centred.
 *
 * Only + - * / and Math.sqrt occur: turning by an angle uses the rational form of sine and cosine.
 */
import type { Random } from "../../random/index.ts";
import { flatten, type Polyline, parseStroke, type Stroke } from "./curve.ts";
import { type Skeleton, skeletons } from "./skeletons.ts";

/** A written digit, in pixels, ready to be inked. */
export interface Writing {
  readonly lines: readonly Polyline[];
  /** Half the thickness of the stroke, in pixels, where the pen begins and where it ends. */
  readonly radiusStart: number;
  readonly radiusEnd: number;
  /** Part of a pixel's ink that flows into its two neighbours, by row and then by column; 0..0.1. */
  readonly blur: number;
}

/**
 * How much the hand varies: standard deviations, unless said otherwise.
 *
 * Chosen by eye so that sheets resemble MNIST's, and by measurement on the default set: K-Means on the pixels finds
 * 0.53 to 0.69 of the classes over 200 starts, the nearest neighbour 0.985 (MNIST's test images: 0.5 and 0.96).
 */
const variation = {
  /** Of each point, in skeleton units (a digit is 100 high). */
  tremble: 4.3,
  /** Of the five coefficients of the bending map. */
  bend: 0.12,
  /** Shear: how far to the right the top lies, relative to the height. */
  slant: { mean: 0.12, sd: 0.18, least: -0.4, most: 0.6 },
  /** Tangent of half the angle. */
  turn: 0.06,
  /** Width relative to the skeleton's. */
  stretch: { mean: 1, sd: 0.18, least: 0.55 },
  /** Longer side of the box around the ink, in pixels; uniform. */
  box: { least: 18.4, most: 20.4 },
  /** Thickness of the stroke, in pixels. */
  thickness: { mean: 2.5, sd: 0.6, least: 1.5, most: 4 },
  /** Relative change of thickness along a stroke. */
  pressure: 0.1,
  /** Uniform. */
  blur: { least: 0, most: 0.1 },
};

interface Range {
  readonly least: number;
  readonly most: number;
}

/** What one class can be written like, its strokes read once. */
const waysOfWriting = skeletons.map((ways) =>
  ways.flatMap((way: Skeleton) => {
    const strokes = way.strokes.map(parseStroke);
    return Array.from({ length: way.weight }, () => strokes);
  }),
);

/** Writes a digit of class `label`, as one person might on one occasion. */
export function write(random: Random, label: number, side: number): Writing {
  const ways = waysOfWriting[label] as (readonly Stroke[])[];
  const strokes = ways[random.integer(ways.length)] as readonly Stroke[];
  const bend = bendingMap(random);
  const curves = strokes.map((stroke) => flatten(bend(tremble(random, stroke))));
  const { least, most, mean, sd } = variation.thickness;
  const thickness = Math.min(most, Math.max(least, mean + sd * normal(random)));
  const pressure = variation.pressure * normal(random);
  const slanted = curves.map(shapingMap(random));
  const radiusStart = (thickness / 2) * (1 - pressure);
  const radiusEnd = (thickness / 2) * (1 + pressure);
  return {
    lines: fitToBox(slanted, side, uniform(random, variation.box), Math.max(radiusStart, radiusEnd)),
    radiusStart,
    radiusEnd,
    blur: uniform(random, variation.blur),
  };
}

/** Nearly normal, mean 0 and variance 1: a sum of four uniform numbers, within +-3.5, and exact on every machine. */
function normal(random: Random): number {
  const sum = random.float() + random.float() + random.float() + random.float();
  return (sum - 2) * Math.sqrt(3);
}

function uniform(random: Random, { least, most }: Range): number {
  return least + (most - least) * random.float();
}

/** Moves the points a little; neighbours move alike, for a hand wavers in waves rather than from point to point. */
function tremble(random: Random, stroke: Stroke): Stroke {
  const wavering = (values: readonly number[]): number[] => {
    const noise = Array.from({ length: values.length + 2 }, () => normal(random));
    const wave = (i: number): number =>
      ((noise[i] as number) + 2 * (noise[i + 1] as number) + (noise[i + 2] as number)) / Math.sqrt(6);
    return values.map((value, i) => value + variation.tremble * wave(i));
  };
  return { x: wavering(stroke.x), y: wavering(stroke.y), corner: stroke.corner };
}

/** A random quadratic map of the skeleton's sheet, nearly the identity. */
function bendingMap(random: Random): (stroke: Stroke) => Stroke {
  const coefficient = (): number => variation.bend * normal(random);
  const bow = coefficient();
  const flare = coefficient();
  const balance = coefficient();
  const tilt = coefficient();
  const waist = coefficient();
  return (stroke) => {
    const x: number[] = [];
    const y: number[] = [];
    for (let i = 0; i < stroke.x.length; i++) {
      const u = ((stroke.x[i] as number) - 32) / 50;
      const v = ((stroke.y[i] as number) - 50) / 50;
      x.push(50 * (u + bow * v * v + flare * u * v + balance * u * u));
      y.push(50 * (v + tilt * u + waist * (1 - v * v)));
    }
    return { x, y, corner: stroke.corner };
  };
}

/** A random linear map: stretched in width, sheared, turned. */
function shapingMap(random: Random): (line: Polyline) => Polyline {
  const { stretch, slant } = variation;
  const width = Math.max(stretch.least, stretch.mean + stretch.sd * normal(random));
  const shear = Math.min(slant.most, Math.max(slant.least, slant.mean + slant.sd * normal(random)));
  const t = variation.turn * normal(random);
  const cos = (1 - t * t) / (1 + t * t);
  const sin = (2 * t) / (1 + t * t);
  return (line) => {
    const sheared = line.x.map((x, i) => width * x - shear * (line.y[i] as number));
    return {
      x: sheared.map((x, i) => cos * x - sin * (line.y[i] as number)),
      y: sheared.map((x, i) => sin * x + cos * (line.y[i] as number)),
    };
  };
}

/**
 * Scales the lines so that the longer side of their ink's box is `size`, and puts their centre of mass into the
 * middle, or as near to it as leaves the outermost pixels blank.
 */
function fitToBox(lines: readonly Polyline[], side: number, size: number, radius: number): Polyline[] {
  const xs = range(lines.flatMap((line) => line.x));
  const ys = range(lines.flatMap((line) => line.y));
  const scale = (size - 2 * radius) / Math.max(xs.most - xs.least, ys.most - ys.least);
  const centre = centreOfMass(lines);
  // Ink has a ramp of half a pixel and then spreads by one: see ink.ts.
  const margin = radius + 1.5;
  const shift = (values: Range, middle: number): number => {
    const wanted = (side - 1) / 2 - scale * middle;
    return Math.min(side - 1 - margin - scale * values.most, Math.max(margin - scale * values.least, wanted));
  };
  const shiftX = shift(xs, centre.x);
  const shiftY = shift(ys, centre.y);
  return lines.map((line) => ({
    x: line.x.map((x) => scale * x + shiftX),
    y: line.y.map((y) => scale * y + shiftY),
  }));
}

function range(values: readonly number[]): Range {
  let least = values[0] as number;
  let most = least;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most };
}

/** Centre of mass of the lines, each piece weighing its length. */
function centreOfMass(lines: readonly Polyline[]): { x: number; y: number } {
  let mass = 0;
  let x = 0;
  let y = 0;
  for (const line of lines) {
    for (let i = 1; i < line.x.length; i++) {
      const [x0, y0, x1, y1] = [line.x[i - 1], line.y[i - 1], line.x[i], line.y[i]] as [
        number,
        number,
        number,
        number,
      ];
      const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
      mass += length;
      x += (length * (x0 + x1)) / 2;
      y += (length * (y0 + y1)) / 2;
    }
  }
  return { x: x / mass, y: y / mass };
}
