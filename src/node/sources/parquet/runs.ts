/**
 * Parquet's whole numbers: runs (the hybrid of run-length encoding and bit-packing) and deltas. Both are read one number at a time,
 * so that a run that claims to be long takes no memory. Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
import { CutOffError, DamagedError } from "./thrift.ts";

/** Numbers of `bitWidth` bits (0..32) in runs. */
export class RunReader {
  private readonly bytes: Uint8Array;
  private readonly bitWidth: number;
  private at: number;
  private left = 0;
  private packed = false;
  private value = 0;
  private bit = 0;

  constructor(bytes: Uint8Array, bitWidth: number) {
    if (bitWidth > 32) throw new DamagedError(`numbers of ${bitWidth} bits`);
    this.bytes = bytes;
    this.bitWidth = bitWidth;
    this.at = 0;
  }

  /** @throws {DamagedError} if there is no further number */
  next(): number {
    while (this.left === 0) this.run();
    this.left -= 1;
    if (!this.packed) return this.value;
    const { bytes, bitWidth, bit } = this;
    const first = bit >> 3;
    const shift = bit & 7;
    this.bit = bit + bitWidth;
    if (first >= bytes.length && bitWidth > 0) throw new CutOffError("packed numbers that are cut off");
    if (bitWidth + shift <= 24) {
      const three =
        (bytes[first] as number) | ((bytes[first + 1] as number) << 8) | ((bytes[first + 2] as number) << 16);
      return (three >>> shift) & ((1 << bitWidth) - 1);
    }
    let sum = 0;
    for (let i = 4; i >= 0; i--) sum = sum * 256 + (bytes[first + i] ?? 0);
    return Math.floor(sum / 2 ** shift) % 2 ** bitWidth;
  }

  private run(): void {
    const { bytes, bitWidth } = this;
    let header = 0;
    for (let scale = 1; ; scale *= 128) {
      if (this.at >= bytes.length) throw new CutOffError("runs that are cut off");
      if (scale > 2 ** 35) throw new DamagedError("a run whose length does not end");
      const byte = bytes[this.at++] as number;
      header += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    const count = Math.floor(header / 2);
    this.packed = header % 2 === 1;
    if (this.packed) {
      this.left = count * 8;
      this.bit = this.at * 8;
      if (this.at > 2 ** 27) throw new DamagedError("runs of more than 128 MiB");
      this.at += count * bitWidth;
      return;
    }
    this.left = count;
    this.value = 0;
    for (let i = 0; i < (bitWidth + 7) >> 3; i++) {
      if (this.at >= bytes.length) throw new CutOffError("a run without its value");
      this.value += (bytes[this.at++] as number) * 256 ** i;
    }
  }
}

/** Whole numbers as differences (DELTA_BINARY_PACKED). */
export class DeltaReader {
  /** Numbers that are promised. */
  readonly count: number;
  private readonly bytes: Uint8Array;
  private readonly perMini: number;
  private readonly minis: number;
  private at: number;
  private value: bigint;
  private given = 0;
  /** Of the present block: smallest difference, widths, miniblock, numbers left in it, its bits. */
  private least = 0n;
  private widths: Uint8Array = new Uint8Array();
  private mini = 0;
  private left = 0;
  private bit = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.at = 0;
    const block = Number(this.varint());
    this.minis = Number(this.varint());
    this.count = Number(this.varint());
    this.value = this.zigzag();
    this.perMini = block / this.minis;
    if (!(block > 0 && block <= 65536 && this.perMini % 8 === 0))
      throw new DamagedError(`blocks of ${block} numbers`);
  }

  /** @throws {DamagedError} if there is no further number */
  next(): bigint {
    if (this.given >= this.count) throw new CutOffError("fewer numbers than promised");
    this.given += 1;
    if (this.given === 1) return this.value;
    if (this.left === 0) this.nextMini();
    this.left -= 1;
    const width = this.widths[this.mini] as number;
    this.value = BigInt.asIntN(64, this.value + this.least + this.bits(width));
    return this.value;
  }

  /** Where the bytes of the numbers end, once all have been given. */
  end(): number {
    return this.at;
  }

  private nextMini(): void {
    this.mini += 1;
    if (this.widths.length === 0 || this.mini >= this.minis) {
      this.least = this.zigzag();
      this.widths = this.bytes.subarray(this.at, this.at + this.minis);
      this.at += this.minis;
      this.mini = 0;
    }
    const width = this.widths[this.mini];
    if (width === undefined || width > 64) throw new DamagedError("blocks that are cut off");
    this.left = this.perMini;
    this.bit = this.at * 8;
    this.at += (this.perMini / 8) * width;
  }

  private bits(width: number): bigint {
    let value = 0n;
    let got = 0;
    while (got < width) {
      const byte = this.bytes[Math.floor(this.bit / 8)];
      if (byte === undefined) throw new CutOffError("numbers that are cut off");
      const shift = this.bit % 8;
      const taken = Math.min(8 - shift, width - got);
      value |= BigInt((byte >> shift) & ((1 << taken) - 1)) << BigInt(got);
      got += taken;
      this.bit += taken;
    }
    return value;
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new CutOffError("a number that is cut off");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new DamagedError("a number that does not end");
  }

  private zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }
}
