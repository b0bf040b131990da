/** What the explorer takes from the command line. */
import type { SourceRecord } from "../experiment/index.ts";
import type { ImageSource } from "../images/index.ts";
import type { Compute } from "../kernels/index.ts";
import type { Runtime } from "../neural/index.ts";
import type { RunMaker } from "./live/run-maker.ts";

export interface ExplorerWorld {
  /**
   * Opens the images of a run again.
   *
   * @throws {InputError} if they are gone, or others than those of the run
   */
  reopen(wanted: SourceRecord, run: string): Promise<ImageSource>;
  /** Where networks compute: one for all runs, opened when it is first needed. */
  runtime(): Promise<Runtime>;
  readonly compute: Compute;
  /** Makes the runs that are started from the page; absent: none can be. */
  readonly maker?: RunMaker;
  /** Milliseconds from any fixed moment on. */
  now(): number;
  /** The present moment, as ISO 8601. */
  date(): string;
  /** Something that the person at the terminal should know. */
  warn(text: string): void;
}
