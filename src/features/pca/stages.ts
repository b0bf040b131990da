/**
 * Samples on their way through the kernels: whatever pieces they come in, the kernels see stages of the same number of
 * rows, so that the pieces leave no trace in the result. While the threads work on one stage, the next is copied.
 */
import { InputError } from "../../errors.ts";
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import { checkShape, isByteMatrix, nonFiniteError, type Samples, sliceRows } from "../../matrix/index.ts";
import type { SampleChunks } from "./types.ts";

/** The kernels' view of one set of samples. */
export interface Session {
  readonly where: string;
  readonly source: SampleChunks;
  readonly work: Workspace<"PrincipalTask">;
  readonly signal: AbortSignal | undefined;
  /** Whether samples are bytes, and what one is worth. */
  readonly isBytes: boolean;
  readonly unit: number;
  /** Rows of a full stage. */
  readonly capacity: number;
}

/** Rows of a full stage: multiples of what the kernels sum in registers (assembly/principal.ts). */
const CAPACITY = { bytes: 2048, floats: 1024 } as const;

/** What a vector load may read beyond the last row. */
const SLACK = 16;

/**
 * Opens a session on the samples. The caller releases `session.work`.
 *
 * @throws {InputError} where there are no rows or columns
 */
export function openSession(
  where: string,
  compute: KernelCompute,
  source: SampleChunks,
  signal: AbortSignal | undefined,
): Session {
  const { rows, cols, unit } = source;
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 1 || cols < 1) {
    throw new InputError(
      `${where}: samples must have at least one row and one column; got ${rows} x ${cols}.`,
    );
  }
  const isBytes = unit !== undefined;
  const capacity = isBytes ? CAPACITY.bytes : CAPACITY.floats;
  const work = openWorkspace(compute, "PrincipalTask");
  try {
    work.set({ cols, capacity, center: work.allocate(roundUp(cols, 4) * 4), scale: 1 });
  } catch (error) {
    work.release();
    throw error;
  }
  return { where, source, work, signal, isBytes, unit: unit ?? 1, capacity };
}

function checkChunk(where: string, chunk: Samples, { cols, unit }: SampleChunks): void {
  checkShape(where, chunk);
  if (chunk.cols !== cols) {
    throw new InputError(`${where}: every chunk must have ${cols} columns; got ${chunk.cols}.`);
  }
  const got = isByteMatrix(chunk) ? chunk.unit : undefined;
  if (got === unit) return;
  const kind = (worth: number | undefined): string =>
    worth === undefined ? "float32" : `bytes with the unit ${worth}`;
  throw new InputError(`${where}: every chunk must be ${kind(unit)}, as announced; got ${kind(got)}.`);
}

/**
 * Brings all rows to the kernels, stage by stage.
 *
 * @param consume what to do with a staged area, of which the rows from `first` on are `rows`; called again when the promise of
 * the call before is fulfilled
 */
export async function eachStage(
  session: Session,
  consume: (first: number, rows: number) => Promise<void>,
): Promise<void> {
  const { where, source, work, isBytes, capacity } = session;
  const { rows, cols } = source;
  const { memory } = work.compute;
  const size = isBytes ? 1 : 4;
  const areas: number[] = [];
  let running: Promise<void> = Promise.resolve();
  let turn = 0;
  let first = 0;
  let filled = 0;
  const finishStage = async (): Promise<void> => {
    await running;
    const [from, count] = [first, filled];
    work.set({ staging: areas[turn] as number, rows: count });
    running = consume(from, count);
    running.catch(() => {}); // awaited with the next stage, or below
    turn = 1 - turn;
    first += filled;
    filled = 0;
  };
  try {
    const areaRows = Math.min(rows, capacity);
    for (let i = 0; i < 2; i++) areas.push(memory.allocate(areaRows * cols * size + SLACK));
    for await (const chunk of source.chunks()) {
      checkChunk(where, chunk, source);
      if (first + filled + chunk.rows > rows) throw rowCountError(where, rows, first + filled + chunk.rows);
      for (let from = 0; from < chunk.rows; ) {
        const count = Math.min(areaRows - filled, chunk.rows - from);
        const target = (areas[turn] as number) + filled * cols * size;
        const { data } = sliceRows(chunk, from, from + count);
        if (data instanceof Uint8Array) memory.bytes(target, data.length).set(data);
        else memory.float32(target, data.length).set(data);
        filled += count;
        from += count;
        if (filled === areaRows) await finishStage();
      }
    }
    if (filled > 0) await finishStage();
    await running;
    if (first !== rows) throw rowCountError(where, rows, first);
  } finally {
    await running.catch(() => {});
    for (const area of areas) memory.release(area);
  }
}

function rowCountError(where: string, rows: number, got: number): InputError {
  return new InputError(`${where}: all chunks together must have ${rows} rows; got ${got}.`);
}

/** @throws {InputError} if the staged rows hold a number that is not finite, naming its place */
export function refuseNonFinite({ where, source, work, isBytes }: Session, first: number): void {
  if (isBytes) return;
  const rows = work.get("rows");
  const { cols } = source;
  const data = work.compute.memory.float32(work.get("staging"), rows * cols);
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const row = Math.floor(at / cols);
  const complaint = nonFiniteError(where, { rows: 1, cols, data: data.slice(row * cols, (row + 1) * cols) });
  throw new InputError((complaint as Error).message.replace("at row 0,", `at row ${first + row},`));
}

/** All of some samples, as one chunk. */
export function chunksOf(samples: Samples): SampleChunks {
  const { rows, cols } = samples;
  return { rows, cols, ...(isByteMatrix(samples) && { unit: samples.unit }), chunks: () => [samples] };
}
