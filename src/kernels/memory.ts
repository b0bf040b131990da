import { InputError } from "../errors.ts";

const PAGE = 65536;
/** Addresses are 32 bits wide, and the end of a piece must have one too. */
const MAX_PAGES = 65535;
/** One cache line: what one thread writes never shares a line with what another reads. */
const ALIGNMENT = 64;

/**
 * Memory of the kernels, handed out in pieces. It grows when needed and keeps its size; a freed piece is used again
 * (first fit, neighbours merged).
 *
 * Views end at the size that the memory had when they were made, so they are made anew at each use.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** Free pieces by address. */
  private free: { start: number; length: number }[] = [];
  private readonly used = new Map<number, number>();
  /** Everything from here on was never used, and is zero. */
  private end: number;

  constructor(shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared });
    // Address 0 stays unused: it marks what was never allocated.
    this.free.push({ start: ALIGNMENT, length: PAGE - ALIGNMENT });
    this.end = ALIGNMENT;
  }

  /**
   * A zeroed piece of `bytes` bytes, aligned to a cache line.
   *
   * @throws {InputError} beyond 4 GiB
   */
  allocate(bytes: number): number {
    const length = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    let piece = this.free.find((candidate) => candidate.length >= length);
    if (piece === undefined) {
      this.grow(length);
      piece = this.free.find((candidate) => candidate.length >= length);
    }
    if (piece === undefined) throw outOfMemory(bytes);
    const start = piece.start;
    piece.start += length;
    piece.length -= length;
    if (piece.length === 0) this.free.splice(this.free.indexOf(piece), 1);
    this.used.set(start, length);
    if (start < this.end) this.bytes(start, Math.min(length, this.end - start)).fill(0);
    this.end = Math.max(this.end, start + length);
    return start;
  }

  release(start: number): void {
    const length = this.used.get(start);
    if (length === undefined) return;
    this.used.delete(start);
    this.free.push({ start, length });
    this.free.sort((a, b) => a.start - b.start);
    this.free = this.free.reduce<{ start: number; length: number }[]>((merged, piece) => {
      const last = merged.at(-1);
      if (last !== undefined && last.start + last.length === piece.start) last.length += piece.length;
      else merged.push(piece);
      return merged;
    }, []);
  }

  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, start, length);
  }
  int32(start: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, start, length);
  }
  uint32(start: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, start, length);
  }
  float32(start: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, start, length);
  }
  float64(start: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, start, length);
  }
  view(): DataView {
    return new DataView(this.memory.buffer);
  }

  private grow(length: number): void {
    const pages = Math.ceil(length / PAGE);
    let start: number;
    try {
      start = this.memory.grow(pages) * PAGE;
    } catch {
      throw outOfMemory(length);
    }
    const last = this.free.at(-1);
    if (last !== undefined && last.start + last.length === start) last.length += pages * PAGE;
    else this.free.push({ start, length: pages * PAGE });
  }
}

function outOfMemory(bytes: number): InputError {
  return new InputError(
    `kernels: the working memory must fit into 4 GiB; ${Math.ceil(bytes / 1048576)} MiB more could not be had. Use fewer samples (--limit) or fewer clusters.`,
  );
}
