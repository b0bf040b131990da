/**
 * Draws points in three dimensions, seen from far away: turned about the upright third dimension by `turn`, seen from
 * above by `tilt`. With (x, y, z) measured from the middle of the box,
 *
 *   right  =  x cos(turn) + y sin(turn)
 *   away   = -x sin(turn) + y cos(turn)
 *   up     =  z cos(tilt) + away sin(tilt)
 *   near   =  z sin(tilt) - away cos(tilt)
 *
 * What is near is drawn later, larger and stronger.
 *
 * These functions run here and, as text, in the page, where the reader turns the picture. So they use nothing but each
 * other, their arguments and what the language has; `solidViewFunctions` lists them all, and a test runs them from
 * their text.
 */

/** What there is to see. Lengths are measured in half the longest side of the box, times 32767. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Half the length of the box in each dimension. */
  readonly half: readonly [number, number, number];
  /** nPoints x 3 */
  readonly points: Int16Array;
  /** nCenters x 3 */
  readonly centers: Int16Array;
  /**
   * Outlines of clusters, nOutlines x 9: a center, and entries xx, xy, xz, yy, yz, zz of the matrix whose square root is
   * how far the outline reaches.
   */
  readonly outlines: readonly number[];
  /** Position in `palette` of each point's colour. */
  readonly ranks: readonly number[];
  readonly palette: readonly string[];
  /** Colour of the outline of each center. */
  readonly centerColours: readonly string[];
  readonly centerRadius: number;
}

/** From where it is seen, in degrees. */
export interface Viewpoint {
  readonly turn: number;
  readonly tilt: number;
}

type Place = readonly [x: number, y: number, near: number];
type Projection = (x: number, y: number, z: number) => Place;

/** The elements of an SVG. */
export function drawScene(scene: Scene, viewpoint: Viewpoint): string {
  const project = projectionOf(scene, viewpoint);
  return (
    drawBox(scene.half, project) +
    drawLayers(placesOf(scene.points, project), scene) +
    drawOutlines(scene, project) +
    drawCenters(placesOf(scene.centers, project), scene)
  );
}

/** Points as one `<path>` for each colour: a fraction of the bytes of one circle each. */
export function drawDots(
  places: readonly (readonly number[])[],
  ranks: readonly number[],
  palette: readonly string[],
  look: { readonly width: number; readonly opacity: number },
): string {
  const paths = palette.map(() => "");
  places.forEach(([x = 0, y = 0], i) => {
    // A line of no length with round ends is a dot.
    paths[ranks[i] ?? 0] += `M${tenths(x)} ${tenths(y)}h0`;
  });
  return paths
    .map((path, rank) =>
      path === ""
        ? ""
        : `<path fill="none" stroke="${palette[rank]}" stroke-width="${look.width}" stroke-opacity="${look.opacity}" stroke-linecap="round" d="${path}"></path>`,
    )
    .join("");
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function projectionOf({ half, width, height }: Scene, { turn, tilt }: Viewpoint): Projection {
  const unit = 32767;
  const ground = Math.hypot(half[0], half[1]);
  // Room for the box however it is turned; seen along a diagonal, its corners may stand out by a few pixels.
  const scale = Math.min((width / 2 - 10) / ground, (height / 2 + 10) / Math.hypot(ground, half[2])) / unit;
  const ct = Math.cos((turn * Math.PI) / 180);
  const st = Math.sin((turn * Math.PI) / 180);
  const ce = Math.cos((tilt * Math.PI) / 180);
  const se = Math.sin((tilt * Math.PI) / 180);
  return (x, y, z) => {
    const away = y * ct - x * st;
    return [
      width / 2 + scale * (x * ct + y * st),
      height / 2 - scale * (z * ce + away * se),
      z * se - away * ce,
    ];
  };
}

function placesOf(numbers: Int16Array, project: Projection): readonly Place[] {
  return Array.from({ length: numbers.length / 3 }, (_, i) =>
    project(numbers[3 * i] as number, numbers[3 * i + 1] as number, numbers[3 * i + 2] as number),
  );
}

function drawLayers(places: readonly Place[], { ranks, palette }: Scene): string {
  const layers = 5;
  let far = Number.POSITIVE_INFINITY;
  let close = Number.NEGATIVE_INFINITY;
  for (const place of places) {
    far = Math.min(far, place[2]);
    close = Math.max(close, place[2]);
  }
  const members: number[][] = Array.from({ length: layers }, () => []);
  places.forEach((place, i) => {
    const layer = Math.min(layers - 1, Math.floor((layers * (place[2] - far)) / (close - far || 1)));
    members[layer]?.push(i);
  });
  const drawn = members.map((indices, layer) =>
    drawDots(
      indices.map((i) => places[i] as Place),
      indices.map((i) => ranks[i] as number),
      palette,
      { width: tenths(2.4 + 0.6 * layer), opacity: tenths(0.5 + 0.1 * layer) },
    ),
  );
  return `<g class="dots">${drawn.join("")}</g>`;
}

/** The edges that do not meet the nearest corner, and the name of each dimension beside one of its edges. */
function drawBox(half: Scene["half"], project: Projection): string {
  const [x, y, z] = half.map((length) => length * 32767) as [number, number, number];
  const middle = project(0, 0, 0);
  // Along each dimension: 1 where its upper end is the nearer one.
  const toward = [project(x, 0, 0), project(0, y, 0), project(0, 0, z)].map((end) =>
    end[2] >= middle[2] ? 1 : -1,
  );
  let path = "";
  const names = [0, 1, 2].map((d) => {
    const outline: (readonly [number, number])[] = [];
    for (const [e, f] of [
      [-1, -1],
      [-1, 1],
      [1, -1],
      [1, 1],
    ] as const) {
      const others = [0, 1, 2].filter((other) => other !== d) as [number, number];
      const nearest = [e, f].filter((sign, i) => sign === toward[others[i] as number]).length;
      if (nearest === 2) continue;
      const [from, to] = [-1, 1].map((end) => {
        const signs = [0, 0, 0];
        signs[d] = end;
        signs[others[0]] = e;
        signs[others[1]] = f;
        return project((signs[0] as number) * x, (signs[1] as number) * y, (signs[2] as number) * z);
      }) as [Place, Place];
      path += `M${tenths(from[0])} ${tenths(from[1])}L${tenths(to[0])} ${tenths(to[1])}`;
      if (nearest === 1) outline.push([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
    }
    return nameDimension(d, outline, middle);
  });
  return `<g class="box"><path fill="none" stroke="var(--rule)" stroke-width="1.25" d="${path}"></path>${names.join("")}</g>`;
}

/** Of the two edges on the outline: the left one of the upright dimension, the lower one of the others. */
function nameDimension(d: number, outline: readonly (readonly [number, number])[], middle: Place): string {
  const [first = [0, 0], second = first] = outline;
  const place = (d === 2 ? second[0] < first[0] : second[1] > first[1]) ? second : first;
  const dx = (place[0] as number) - middle[0];
  const dy = (place[1] as number) - middle[1];
  const outwards = 20 / (Math.hypot(dx, dy) || 1);
  return `<text x="${tenths((place[0] as number) + dx * outwards)}" y="${tenths((place[1] as number) + dy * outwards)}" dy="0.35em" fill="var(--soft)">dim ${d}</text>`;
}

function drawCenters(places: readonly Place[], { centerColours, centerRadius }: Scene): string {
  const order = places.map((_, cluster) => cluster);
  order.sort((a, b) => (places[a] as Place)[2] - (places[b] as Place)[2]);
  const marks = order.map((cluster) => {
    const [x, y] = places[cluster] as Place;
    return `<g transform="translate(${tenths(x)} ${tenths(y)})"><title>center of cluster ${cluster}</title><circle r="${centerRadius}" fill="var(--paper)" stroke="${centerColours[cluster]}" stroke-width="2.5"></circle><text dy="0.35em" fill="var(--ink)" font-weight="650" style="font-size:${centerRadius < 9 ? 9 : 11}px">${cluster}</text></g>`;
  });
  return `<g class="centers">${marks.join("")}</g>`;
}

/** An ellipsoid seen from far away is an ellipse, whose matrix is the ellipsoid's, projected. */
function drawOutlines({ outlines, centerColours }: Scene, project: Projection): string {
  const [x0, y0] = project(0, 0, 0);
  const axes = [project(1, 0, 0), project(0, 1, 0), project(0, 0, 1)].map(([x, y]) => [x - x0, y - y0]);
  const marks: string[] = [];
  for (let at = 0; at < outlines.length; at += 9) {
    const [cx = 0, cy = 0, cz = 0, xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0] = outlines.slice(
      at,
      at + 9,
    );
    const matrix = [
      [xx, xy, xz],
      [xy, yy, yz],
      [xz, yz, zz],
    ];
    const entry = (u: number, v: number): number => {
      let sum = 0;
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) sum += (axes[i]?.[u] ?? 0) * (matrix[i]?.[j] ?? 0) * (axes[j]?.[v] ?? 0);
      }
      return sum;
    };
    const [x, y] = project(cx, cy, cz);
    marks.push(drawEllipse([x, y], [entry(0, 0), entry(0, 1), entry(1, 1)], centerColours[at / 9] ?? ""));
  }
  return `<g class="outlines">${marks.join("")}</g>`;
}

/**
 * The outline (p - center)' E^-1 (p - center) = 1.
 *
 * @param matrix entries xx, xy, yy of E, in pixels squared
 */
export function drawEllipse(
  center: readonly [number, number],
  matrix: readonly [number, number, number],
  colour: string,
): string {
  const [xx, xy, yy] = matrix;
  const middle = (xx + yy) / 2;
  const apart = Math.hypot((xx - yy) / 2, xy);
  const turn = (Math.atan2(2 * xy, xx - yy) / 2) * (180 / Math.PI);
  const [x, y] = [tenths(center[0]), tenths(center[1])];
  return `<ellipse cx="${x}" cy="${y}" rx="${tenths(Math.sqrt(middle + apart))}" ry="${tenths(Math.sqrt(Math.max(0, middle - apart)))}" transform="rotate(${tenths(turn)} ${x} ${y})" fill="none" stroke="${colour}" stroke-width="1.5"></ellipse>`;
}

/** All functions of this file, for the page. */
export const solidViewFunctions: readonly ((...values: never[]) => unknown)[] = [
  drawScene,
  drawDots,
  tenths,
  projectionOf,
  placesOf,
  drawLayers,
  drawBox,
  nameDimension,
  drawOutlines,
  drawEllipse,
  drawCenters,
];
