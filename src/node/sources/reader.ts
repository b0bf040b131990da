/** What every kind of source is read through: folders, archives, arrays and tables, piece by piece, so that none need fit into memory. */
import type { Matrix } from "../../matrix/index.ts";

/** Some items of a source, in its order. */
export type Piece = ImagePiece | VectorPiece | FilePiece;

/** What may be known of each item. */
interface Known {
  /** What each item is called: a path below the folder or archive, or the value of an id column. */
  readonly names?: readonly string[];
  /** The class of each item as the source writes it; null where it writes none. */
  readonly classes?: readonly (string | null)[];
}

/** Images of one size, as bytes. */
export interface ImagePiece extends Known {
  readonly kind: "images";
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** count x height x width x channels. */
  readonly pixels: Uint8Array;
}

/** Vectors of one length. */
export interface VectorPiece extends Known {
  readonly kind: "vectors";
  readonly values: Matrix<Float32Array>;
}

/** Images that are still as a PNG, JPEG, ... has them. */
export interface FilePiece extends Known {
  readonly kind: "files";
  readonly files: readonly EncodedFile[];
}

export interface EncodedFile {
  readonly name: string;
  /** @throws {InputError} where it cannot be read (any more): the item is then skipped and counted */
  read(): Promise<Uint8Array>;
}

/** An opened source. */
export interface SourceReader {
  /** Number of items, where that is known before they are read. */
  readonly count?: number | undefined;
  /** What the reader decided by itself (which column names the rows, say), in sentences for people. */
  readonly notices?: readonly string[] | undefined;
  /** Names of the numbers of a vector, where the source names its columns. */
  readonly columns?: readonly string[] | undefined;
  /** All items in the source's order, in pieces of at most `most`. */
  pieces(most: number, signal?: AbortSignal): AsyncGenerator<Piece, void, void>;
  close(): Promise<void>;
}
