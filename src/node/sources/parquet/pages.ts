/** The pages of a column of a row group, read from the file one after the other. */
import type { OpenFile } from "../tables/index.ts";
import type { Decompress } from "./decompress.ts";
import { RunReader } from "./runs.ts";
import { CutOffError, DamagedError, readStruct, type ThriftStruct, type ThriftValue } from "./thrift.ts";
import { type Decode, type Dictionary, dictionaryOf, type Next, usesDictionary, valuesOf } from "./values.ts";

/** Where a column of a row group lies, and how. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly codec: string;
  /** Values, gaps included, that are promised. */
  readonly nValues: number;
}

/** How deep a column is: levels of Dremel's encoding (Melnik and others 2010), which Parquet has. */
export interface Depth {
  /** Definition level of a value that is there. */
  readonly definition: number;
  /** Greatest repetition level: 0 where each row has one value. */
  readonly repetition: number;
}

/** What is left of a page. */
export interface Page<V> {
  left: number;
  /** Undefined where no value can be missing. */
  readonly definition: RunReader | undefined;
  readonly repetition: RunReader | undefined;
  readonly next: Next<V>;
}

/** Bytes read at first for a page: its header and, of most pages, all else. */
const firstRead = 2 ** 16;
/** Longest header: one may quote the least and the greatest value of its page. */
const longestHeader = 2 ** 24;

const dataPage = 0;
const dictionaryPage = 2;
const dataPageV2 = 3;
const rle = 3;

export class PageReader<V> {
  private readonly file: OpenFile;
  private readonly chunk: Chunk;
  private readonly depth: Depth;
  private readonly decode: Decode<V>;
  private readonly decompress: Decompress;
  private at: number;
  private seen = 0;
  private dictionary: Dictionary<V> | undefined;
  /** Where its page begins: it is read again if pages without it stand between pages with it. */
  private dictionaryAt: number | undefined;

  constructor(file: OpenFile, chunk: Chunk, depth: Depth, decode: Decode<V>, decompress: Decompress) {
    this.file = file;
    this.chunk = chunk;
    this.depth = depth;
    this.decode = decode;
    this.decompress = decompress;
    this.at = chunk.start;
  }

  /**
   * The next page with values; undefined behind the last.
   *
   * @throws {DamagedError} if what stands there is no page
   */
  async next(): Promise<Page<V> | undefined> {
    while (this.at < this.chunk.end && this.seen < this.chunk.nValues) {
      const begin = this.at;
      const { header, bytes } = await this.read();
      const kind = whole(header.get(1), "the kind of a page");
      const length = whole(header.get(2), "the length of a page");
      if (kind === dictionaryPage) {
        this.dictionaryAt = begin;
        this.readDictionary(header, bytes);
      } else if (kind === dataPage || kind === dataPageV2) {
        await this.prepareDictionary(
          struct(header.get(kind === dataPage ? 5 : 8)).get(kind === dataPage ? 2 : 4),
        );
        const page =
          kind === dataPage
            ? this.dataPage(struct(header.get(5)), bytes, length)
            : this.dataPageV2(struct(header.get(8)), bytes, length);
        this.seen += page.left;
        if (this.seen > this.chunk.nValues) throw new DamagedError("pages with more values than promised");
        if (page.left > 0) return page;
      }
    }
    if (this.seen < this.chunk.nValues) throw new CutOffError("fewer pages than promised");
    return undefined;
  }

  /** The header of a page and its bytes, as they are in the file. */
  private async read(): Promise<{ readonly header: ThriftStruct; readonly bytes: Uint8Array }> {
    const rest = this.chunk.end - this.at;
    for (let window = firstRead; ; window *= 16) {
      const start = await this.file.read(this.at, Math.min(rest, window));
      try {
        const { struct: header, end } = readStruct(start, 0);
        const length = whole(header.get(3), "the length of a page");
        if (length > rest - end) throw new DamagedError("a page that is longer than its column");
        const from = this.at + end;
        this.at = from + length;
        const bytes =
          end + length <= start.length
            ? start.subarray(end, end + length)
            : await this.file.read(from, length);
        return { header, bytes };
      } catch (error) {
        if (!(error instanceof CutOffError) || window >= rest || window >= longestHeader) throw error;
      }
    }
  }

  private readDictionary(header: ThriftStruct, bytes: Uint8Array): void {
    const length = whole(header.get(2), "the length of a page");
    const count = whole(struct(header.get(7)).get(1), "the length of a dictionary");
    this.dictionary = dictionaryOf(this.decompress(this.chunk.codec, bytes, length), count, this.decode);
  }

  /** Keeps the dictionary in memory while pages need it: writers leave it once it has grown too long. */
  private async prepareDictionary(encoding: ThriftValue | undefined): Promise<void> {
    if (!usesDictionary(whole(encoding, "the encoding of a page"))) this.dictionary = undefined;
    else if (!this.dictionary && this.dictionaryAt !== undefined) {
      const next = this.at;
      this.at = this.dictionaryAt;
      const { header, bytes } = await this.read();
      this.readDictionary(header, bytes);
      this.at = next;
    }
  }

  private dataPage(header: ThriftStruct, compressed: Uint8Array, length: number): Page<V> {
    let bytes = this.decompress(this.chunk.codec, compressed, length);
    const levels = (greatest: number, encoding: ThriftValue | undefined): RunReader | undefined => {
      if (greatest === 0) return undefined;
      if (encoding !== rle)
        throw new DamagedError(`levels in encoding ${encoding}, which this program cannot read`);
      if (bytes.length < 4) throw new CutOffError("levels that are cut off");
      const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
      const [own, others] = parted(bytes.subarray(4), size);
      bytes = others;
      return new RunReader(own, bitsOf(greatest));
    };
    const repetition = levels(this.depth.repetition, header.get(4));
    const definition = levels(this.depth.definition, header.get(3));
    const left = whole(header.get(1), "the number of values");
    return { left, repetition, definition, next: this.values(bytes, header.get(2)) };
  }

  private dataPageV2(header: ThriftStruct, bytes: Uint8Array, length: number): Page<V> {
    const { depth } = this;
    const left = whole(header.get(1), "the number of values");
    const [repetitions, behind] = parted(bytes, whole(header.get(6), "the length of levels"));
    const [definitions, compressed] = parted(behind, whole(header.get(5), "the length of levels"));
    const size = length - repetitions.length - definitions.length;
    const values = header.get(7) === false ? compressed : this.decompress(this.chunk.codec, compressed, size);
    return {
      left,
      repetition: depth.repetition > 0 ? new RunReader(repetitions, bitsOf(depth.repetition)) : undefined,
      definition: depth.definition > 0 ? new RunReader(definitions, bitsOf(depth.definition)) : undefined,
      next: this.values(values, header.get(4)),
    };
  }

  private values(bytes: Uint8Array, encoding: ThriftValue | undefined): Next<V> {
    // A page of gaps alone may have no bytes for its values.
    if (bytes.length === 0) {
      return () => {
        throw new CutOffError("values that are cut off");
      };
    }
    return valuesOf(bytes, whole(encoding, "the encoding of a page"), this.decode, this.dictionary);
  }
}

function bitsOf(greatest: number): number {
  return 32 - Math.clz32(greatest);
}

function parted(bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  if (at > bytes.length) throw new CutOffError("levels that are cut off");
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function whole(value: ThriftValue | undefined, what: string): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new DamagedError(`a page without ${what}`);
}

function struct(value: ThriftValue | undefined): ThriftStruct {
  if (value instanceof Map) return value;
  throw new DamagedError("a page without its own header");
}
