/** Where images lie in a plane or in space, and which lie near a place or within a line. */

export interface Places {
  readonly count: number;
  readonly dimensions: 2 | 3;
  /** count x dimensions */
  readonly values: Float32Array;
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

export function placesOf(values: Float32Array, dimensions: 2 | 3): Places {
  const low: [number, number, number] = [0, 0, 0];
  const high: [number, number, number] = [0, 0, 0];
  const count = values.length / dimensions;
  for (let d = 0; d < dimensions; d++) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = d; i < values.length; i += dimensions) {
      const value = values[i] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (!Number.isFinite(least) || !Number.isFinite(most)) [least, most] = [0, 1];
    if (most === least) most = least + 1;
    low[d] = least;
    high[d] = most;
  }
  return { count, dimensions, values, low, high };
}

/** Images of a plane by the cell of a grid that they lie in, so that what is near is found without looking at all. */
export interface Grid {
  /** Calls `visit` for each image in the cells that touch a rectangle. */
  within(x0: number, y0: number, x1: number, y1: number, visit: (index: number) => void): void;
}

export function gridOf({ count, dimensions, values, low, high }: Places): Grid {
  const side = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(count / 8))));
  const scaleX = side / (high[0] - low[0]);
  const scaleY = side / (high[1] - low[1]);
  const cellOf = (value: number, least: number, scale: number): number =>
    Math.max(0, Math.min(side - 1, Math.floor((value - least) * scale)));
  const starts = new Uint32Array(side * side + 1);
  const cells = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const x = cellOf(values[i * dimensions] as number, low[0], scaleX);
    const y = cellOf(values[i * dimensions + 1] as number, low[1], scaleY);
    const cell = y * side + x;
    cells[i] = cell;
    starts[cell + 1] = (starts[cell + 1] as number) + 1;
  }
  for (let cell = 0; cell < side * side; cell++) {
    starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number);
  }
  const fill = starts.slice();
  const members = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const cell = cells[i] as number;
    members[fill[cell] as number] = i;
    fill[cell] = (fill[cell] as number) + 1;
  }
  return {
    within(x0, y0, x1, y1, visit) {
      const [left, right] = [cellOf(x0, low[0], scaleX), cellOf(x1, low[0], scaleX)];
      const [bottom, top] = [cellOf(y0, low[1], scaleY), cellOf(y1, low[1], scaleY)];
      for (let y = bottom; y <= top; y++) {
        const end = starts[y * side + right + 1] as number;
        for (let at = starts[y * side + left] as number; at < end; at++) visit(members[at] as number);
      }
    },
  };
}

export type Polygon = readonly (readonly [x: number, y: number])[];

/** Whether a point lies within a closed line (even-odd rule). */
export function inside(polygon: Polygon, x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as readonly [number, number];
    const [xj, yj] = polygon[j] as readonly [number, number];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}
