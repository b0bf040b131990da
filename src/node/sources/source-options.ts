import type { Fit, Scaling, Split } from "../../images/index.ts";
import type { DataFolders, DataSet, DownloadProgress } from "../data-sets/index.ts";

/** How far the reading of image files has come. */
export interface DecodeProgress {
  readonly done: number;
  /** Undefined where the number is known at the end only. */
  readonly total: number | undefined;
  readonly skipped: number;
}

/** How a source is to be opened. */
export interface SourceOptions {
  /** Default `all`. */
  readonly split?: Split | undefined;
  /** Takes the first so many items of the split, of class folders evenly from each; default all. */
  readonly limit?: number | undefined;
  /** Side to which images are brought; default: as they are if all have one size up to 64 x 64, else 64. */
  readonly size?: number | undefined;
  /** How images of another shape are brought to the size; default `contain`. */
  readonly fit?: Fit | undefined;
  /** Brings all images to one channel; default: one channel if all image files are grey, else three. */
  readonly grey?: boolean | undefined;
  /** `HxW` or `HxWxC`: rows of arrays and tables are images of this shape, as bytes 0..255. */
  readonly shape?: string | undefined;
  /** How vectors are to be scaled. Recorded only: what scales is learned with the model. Default `none`. */
  readonly scaling?: Scaling | undefined;
  /** Column of a table that names the items. */
  readonly idColumn?: string | undefined;
  /** Column of a table that holds the classes. */
  readonly labelColumn?: string | undefined;
  /** Part of the items that may be unreadable: `1%`, or `0.01`. Default 1 %. */
  readonly maxBad?: string | undefined;
  /** Neither reads nor writes decoded images in the user's cache folder. */
  readonly noCache?: boolean | undefined;
  /** Receives the progress of a download, should one be needed. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Receives the progress of reading image files. */
  readonly onDecode?: ((progress: DecodeProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where named data sets are looked for, and decoded images kept; default: the folders of the user. */
  readonly dataFolders?: DataFolders | undefined;
  /** Named data sets; default: those that the program knows. */
  readonly catalogue?: readonly DataSet[] | undefined;
  /** What the source `-` reads its list of files from; default: standard input. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** Milliseconds since 1970, by which the cache tells whether a file has just been written; default: the system's clock. */
  readonly now?: (() => number) | undefined;
}
