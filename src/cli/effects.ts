/** All contact that a command has with the world; tests pass a recorder instead. */
import type { SourceOutline } from "../experiment/index.ts";
import type { ImageSet, ImageSource, Reading, Split } from "../images/index.ts";
import type { Runtime } from "../neural/index.ts";
import type {
  DataSetStatus,
  DownloadProgress,
  FetchedDataSet,
  StreamEnd,
  StreamOptions,
} from "../node/index.ts";

/** One line that says what is going on, rewritten in place; shown only on a terminal. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** How a source is to be opened. */
export interface SourceOptions extends Reading {
  readonly split?: Split | undefined;
  readonly limit?: number | undefined;
  readonly size?: number | undefined;
  /** Neither reads nor writes decoded images in the cache folder. */
  readonly noCache?: boolean;
}

export interface Effects {
  /** The result, to standard output. */
  write(text: string): void;
  /** Waits until standard output has taken what was written; false when nobody reads it any more. */
  drained(): Promise<boolean>;
  /** A line on standard error that the user should read. */
  warn(text: string): void;
  readonly progress: ProgressLine;
  /** Gives back the memory of what is not used any more. */
  tidy(): void;
  /** Milliseconds from any fixed moment on. */
  now(): number;
  /** The present moment, as ISO 8601. */
  date(): string;
  /** Fires when the user cancels. */
  readonly signal: AbortSignal;
  /** Version of this program. */
  readonly version: string;
  /** Name and version of the runtime, e.g. "node 20.20.2 linux x64". */
  readonly runtime: string;
  readonly hardwareThreads: number;
  /** Shows an address in the user's browser, if that can be done; failure is no error. */
  openBrowser(url: string): void;
  /** Starts ONNX Runtime, for networks; the caller closes it. One thread for each core unless told. */
  openRuntime(threads: number | undefined): Promise<Runtime>;
  openSource(location: string, options: SourceOptions): Promise<ImageSource>;
  /** What is known of a source's images before they are read. */
  outlineSource(location: string, options: SourceOptions): Promise<SourceOutline>;
  /** Bytes of memory that could be had now, limits of a container included, and those that this program holds. */
  memory(): { readonly available: number; readonly held: number };
  /** Reads a source piece by piece. */
  streamSource(
    location: string,
    options: SourceOptions & Pick<StreamOptions, "chunk" | "height" | "width" | "channels" | "onDecode">,
  ): AsyncGenerator<ImageSet, StreamEnd, void>;
  listDataSets(): Promise<readonly DataSetStatus[]>;
  fetchDataSet(name: string): Promise<FetchedDataSet>;
  dataSetPath(name: string): Promise<string>;
  /** Folders in which data sets are looked for. */
  dataFolders(): { readonly data?: string; readonly cache: string };
  /** The folder of decoded images, and the bytes that lie there. */
  decodedCache(): Promise<{ readonly folder: string; readonly bytes: number }>;
}

/** A line of progress for a download. */
export function downloadLine({ dataSet, file, bytesDone, bytesTotal }: DownloadProgress): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return `${dataSet}: ${megabytes(bytesDone)} of ${megabytes(bytesTotal)} MB (${file})`;
}
