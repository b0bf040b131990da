/**
 * Where batches come from: a matrix that is there, or a stream that is read again for each pass. Either gives each sample
 * once in a pass, in an order drawn at random; of a stream, as far as a buffer of a few batches can mix it.
 */
import { InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import { checkShape, isByteMatrix, type Samples, sliceRows, takeRows } from "../../matrix/index.ts";
import { distinctIntegers, type Random, shuffleInPlace } from "../../random/index.ts";
import type { Chunks } from "./types.ts";

/** Samples as the fit sees them. */
export interface BatchSource {
  readonly nSamples: number;
  /** The samples for the first centers, each equally likely to be among them. */
  readonly first: Samples;
  /** All samples once, in batches. */
  batches(batchSize: number, random: Random): AsyncGenerator<Samples, void, void>;
  /** All samples in their order, in pieces that the kernels can take. */
  pieces(): AsyncGenerator<Samples, void, void>;
}

/** Bytes of a piece, about: much work for the kernels, little memory. */
const pieceBytes = 2 ** 25;

/** Batches among which a stream is mixed. */
const bufferedBatches = 16;

const where = "miniBatchKMeans.fit";

/** A matrix as a source. */
export function matrixSource(samples: Samples, initSize: number, random: Random): BatchSource {
  checkChunk(samples, undefined, 0);
  const { rows } = samples;
  const first =
    rows <= initSize ? samples : takeRows(samples, distinctIntegers(random, initSize, rows).sort());
  return {
    nSamples: rows,
    first,
    async *batches(batchSize, order) {
      const indices = shuffleInPlace(
        order,
        Int32Array.from({ length: rows }, (_, i) => i),
      );
      for (let from = 0; from < rows; from += batchSize) {
        yield takeRows(samples, indices.subarray(from, from + batchSize));
      }
    },
    async *pieces() {
      yield* cut(samples);
    },
  };
}

/**
 * A stream as a source; reads it once, to count the samples and draw those for the first centers.
 *
 * @throws {InputError} for chunks that do not fit together, numbers that are not finite, or no samples
 */
export async function streamSource(
  chunks: Chunks,
  initSize: number,
  random: Random,
  signal: AbortSignal | undefined,
): Promise<BatchSource> {
  const { nSamples, first } = await drawFirst(checked(chunks, signal), initSize, random);
  const whole = async function* (): AsyncGenerator<Samples, void, void> {
    let rows = 0;
    for await (const chunk of checked(chunks, signal, first)) {
      rows += chunk.rows;
      yield chunk;
    }
    if (rows === nSamples) return;
    throw new InputError(
      `${where}: chunks must give the same samples in every pass; got ${nSamples} in the first and ${rows} in a later one.`,
    );
  };
  return {
    nSamples,
    first,
    batches: (batchSize, order) => mixed(whole(), batchSize, order),
    async *pieces() {
      for await (const chunk of whole()) yield* cut(chunk);
    },
  };
}

/** Chunks with rows, one after another, held to the shape of the first. */
async function* checked(
  chunks: Chunks,
  signal: AbortSignal | undefined,
  shape?: Samples,
): AsyncGenerator<Samples, void, void> {
  let like = shape;
  let row = 0;
  for await (const chunk of chunks()) {
    throwIfCancelled(where, signal);
    if (chunk.rows === 0) continue;
    checkChunk(chunk, like, row);
    like ??= chunk;
    row += chunk.rows;
    yield chunk;
  }
}

function checkChunk(chunk: Samples, like: Samples | undefined, firstRow: number): void {
  checkShape(where, chunk);
  if (like && kindOf(like) !== kindOf(chunk)) {
    throw new InputError(
      `${where}: every chunk must be of the kind of the first, ${kindOf(like)}; got ${kindOf(chunk)}.`,
    );
  }
  if (isByteMatrix(chunk)) return;
  const { cols, data } = chunk;
  for (let at = 0; at < data.length; at++) {
    if (Number.isFinite(data[at])) continue;
    throw new InputError(
      `${where}: samples must be finite numbers; got ${data[at]} at row ${firstRow + Math.floor(at / cols)}, column ${at % cols}. Remove or replace such rows first.`,
    );
  }
}

function kindOf(samples: Samples): string {
  const type = isByteMatrix(samples) ? `bytes of unit ${samples.unit}` : "float32";
  return `${samples.cols} columns of ${type}`;
}

/** Samples in pieces that the kernels can take, as views. */
export function* cut(samples: Samples): Generator<Samples, void, void> {
  const { rows, cols, data } = samples;
  const most = Math.max(1, Math.floor(pieceBytes / (cols * data.BYTES_PER_ELEMENT)));
  for (let from = 0; from < rows; from += most) yield sliceRows(samples, from, Math.min(from + most, rows));
}

/** A sample of given size, each row equally likely to be in it (Vitter 1985, algorithm R), and the number of all rows. */
async function drawFirst(
  chunks: AsyncIterable<Samples>,
  initSize: number,
  random: Random,
): Promise<{ nSamples: number; first: Samples }> {
  let kept: RowBuffer | undefined;
  let nSamples = 0;
  for await (const chunk of chunks) {
    kept ??= new RowBuffer(chunk, initSize);
    for (let i = 0; i < chunk.rows; i++, nSamples++) {
      if (kept.rows < initSize) kept.append(chunk, i);
      else {
        const place = randomBelow(random, nSamples + 1);
        if (place < initSize) kept.replace(place, chunk, i);
      }
    }
  }
  if (!kept) throw new InputError(`${where}: chunks must hold at least one sample; got none.`);
  return { nSamples, first: kept.take(kept.rows) };
}

/** Rows of a stream in batches: each row waits in a buffer until its place is drawn. */
async function* mixed(
  chunks: AsyncIterable<Samples>,
  batchSize: number,
  random: Random,
): AsyncGenerator<Samples, void, void> {
  const capacity = bufferedBatches * batchSize;
  let waiting: RowBuffer | undefined;
  let batch: RowBuffer | undefined;
  for await (const chunk of chunks) {
    waiting ??= new RowBuffer(chunk, capacity);
    batch ??= new RowBuffer(chunk, batchSize);
    for (let i = 0; i < chunk.rows; i++) {
      if (waiting.rows < capacity) {
        waiting.append(chunk, i);
        continue;
      }
      const place = random.integer(capacity);
      batch.append(waiting, place);
      waiting.replace(place, chunk, i);
      if (batch.rows === batchSize) yield batch.take(batchSize);
    }
  }
  if (!waiting || !batch) return;
  const order = shuffleInPlace(
    random,
    Int32Array.from({ length: waiting.rows }, (_, i) => i),
  );
  for (const place of order) {
    batch.append(waiting, place);
    if (batch.rows === batchSize) yield batch.take(batchSize);
  }
  if (batch.rows > 0) yield batch.take(batch.rows);
}

/** Rows that come one by one; the memory grows with them. */
class RowBuffer {
  rows = 0;
  readonly cols: number;
  data: Samples["data"];
  private readonly like: Samples;
  private readonly capacity: number;

  constructor(like: Samples, capacity: number) {
    // Of the first chunk no more than its kind is kept.
    this.like = takeRows(like, []);
    this.cols = like.cols;
    this.capacity = capacity;
    this.data = this.made(Math.min(capacity, 1024));
  }

  append(from: Pick<Samples, "data">, row: number): void {
    if ((this.rows + 1) * this.cols > this.data.length) {
      const larger = this.made(Math.min(this.capacity, 2 * this.rows));
      larger.set(this.data);
      this.data = larger;
    }
    this.rows++;
    this.replace(this.rows - 1, from, row);
  }

  replace(place: number, from: Pick<Samples, "data">, row: number): void {
    const { cols } = this;
    this.data.set(from.data.subarray(row * cols, (row + 1) * cols), place * cols);
  }

  /** The first rows, copied; the buffer is empty after it. */
  take(rows: number): Samples {
    this.rows = 0;
    return { ...this.like, rows, data: this.data.slice(0, rows * this.cols) } as Samples;
  }

  private made(rows: number): Samples["data"] {
    const length = rows * this.cols;
    return isByteMatrix(this.like) ? new Uint8Array(length) : new Float32Array(length);
  }
}

/** An integer below a bound that may exceed 2^32. */
function randomBelow(random: Random, bound: number): number {
  return bound <= 2 ** 32 ? random.integer(bound) : Math.floor(random.float() * bound);
}
