/** A graph and the working tables of one run over it, all in one piece of memory that the caller has set aside. */

// @ts-ignore: decorator
@inline
export function intAt(base: usize, index: u32): u32 {
  return load<u32>(base + (<usize>index << 2));
}
// @ts-ignore: decorator
@inline
export function putInt(base: usize, index: u32, value: u32): void {
  store<u32>(base + (<usize>index << 2), value);
}
// @ts-ignore: decorator
@inline
export function floatAt(base: usize, index: u32): f64 {
  return load<f64>(base + (<usize>index << 3));
}
// @ts-ignore: decorator
@inline
export function putFloat(base: usize, index: u32, value: f64): void {
  store<f64>(base + (<usize>index << 3), value);
}

/** Graph in compressed rows. The given graph has weights in f32; those whose nodes are parts of it have sums in f64. */
@unmanaged
export class Level {
  nodes: u32;
  single: u32; // whether the weights are f32
  starts: usize; // nodes + 1, i32
  columns: usize; // i32
  values: usize; // f32 or f64
  degrees: usize; // nodes, f64: sums of rows
}

// @ts-ignore: decorator
@inline
export function weightAt(graph: Level, entry: u32): f64 {
  return graph.single ? <f64>load<f32>(graph.values + (<usize>entry << 2)) : floatAt(graph.values, entry);
}

/** Working tables for graphs of up to `nodes` nodes. */
@unmanaged
export class Tables {
  part: usize; // nodes, i32: the part of each node
  volumes: usize; // nodes, f64: sum of the degrees in each part
  weights: usize; // nodes, f64: weight between one node, or part, and each part; 0 between two uses
  touched: usize; // nodes, i32: the parts of which that is not 0
  order: usize; // nodes, i32: nodes in random order, or in the order of their parts
  ends: usize; // nodes + 1, i32: where each part ends in that order
  waiting: usize; // nodes, u8: whether a node is to be looked at
}

/** Takes pieces from a scratch, one after another, each aligned to eight bytes. */
// @ts-ignore: decorator
@inline
function piece(at: usize, bytes: usize): usize {
  return (at + bytes + 7) & ~(<usize>7);
}

/** Lays the tables out from `at` on; gives the address behind them. */
export function layTables(tables: Tables, at: usize, nodes: u32): usize {
  const ints = (<usize>nodes + 1) << 2;
  const floats = <usize>nodes << 3;
  tables.volumes = at;
  tables.weights = at + floats;
  tables.part = at + 2 * floats;
  tables.touched = piece(tables.part, ints);
  tables.order = piece(tables.touched, ints);
  tables.ends = piece(tables.order, ints);
  tables.waiting = piece(tables.ends, ints);
  return piece(tables.waiting, nodes);
}

/** Lays out a graph with room for so many nodes and entries; gives the address behind it. */
export function layLevel(graph: Level, at: usize, nodes: u32, entries: u32): usize {
  graph.single = 0;
  graph.degrees = at;
  graph.values = at + (<usize>nodes << 3);
  graph.starts = graph.values + (<usize>entries << 3);
  graph.columns = piece(graph.starts, (<usize>nodes + 1) << 2);
  return piece(graph.columns, <usize>entries << 2);
}

/**
 * The graph whose nodes are the parts of another: its weights, on the diagonal too, are the sums of all weights between two
 * parts. `tables.part` holds the parts, 0..nParts-1.
 */
export function aggregate(from: Level, tables: Tables, nParts: u32, into: Level): void {
  orderByPart(from, tables, nParts);
  const weights = tables.weights;
  const touched = tables.touched;
  let entries: u32 = 0;
  let at: u32 = 0;
  for (let part: u32 = 0; part < nParts; part++) {
    let nTouched: u32 = 0;
    let degree: f64 = 0;
    putInt(into.starts, part, entries);
    for (const end = intAt(tables.ends, part); at < end; at++) {
      const node = intAt(tables.order, at);
      degree += floatAt(from.degrees, node);
      for (let e = intAt(from.starts, node), last = intAt(from.starts, node + 1); e < last; e++) {
        const weight = weightAt(from, e);
        if (weight === 0) continue;
        const other = intAt(tables.part, intAt(from.columns, e));
        const sum = floatAt(weights, other);
        if (sum === 0) putInt(touched, nTouched++, other);
        putFloat(weights, other, sum + weight);
      }
    }
    for (let i: u32 = 0; i < nTouched; i++) {
      const other = intAt(touched, i);
      putInt(into.columns, entries, other);
      putFloat(into.values, entries++, floatAt(weights, other));
      putFloat(weights, other, 0);
    }
    putFloat(into.degrees, part, degree);
  }
  putInt(into.starts, nParts, entries);
  into.nodes = nParts;
}

/** Writes the nodes to `tables.order`, those of one part together, and to `tables.ends` where each part ends. */
function orderByPart(graph: Level, tables: Tables, nParts: u32): void {
  const ends = tables.ends;
  memory.fill(ends, 0, (<usize>nParts + 1) << 2);
  for (let i: u32 = 0; i < graph.nodes; i++) {
    const next = intAt(tables.part, i) + 1;
    putInt(ends, next, intAt(ends, next) + 1);
  }
  for (let part: u32 = 0; part < nParts; part++)
    putInt(ends, part + 1, intAt(ends, part + 1) + intAt(ends, part));
  for (let i: u32 = 0; i < graph.nodes; i++) {
    const part = intAt(tables.part, i);
    const at = intAt(ends, part);
    putInt(tables.order, at, i);
    putInt(ends, part, at + 1); // the start of each part moves to its end
  }
}
