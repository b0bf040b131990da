/**
 * Who makes the runs that are started from the page. The explorer shows what it is told and passes on what people wish;
 * settings, stages and folders are the command line's.
 */
import type { ImageSet } from "../../images/index.ts";
import type { LiveChoices, LiveRunFacts, LiveTraining, StartRequest } from "../protocol.ts";

export interface RunMaker {
  choices(): Promise<LiveChoices>;
  /** @throws {UnlabeledError} in the words of the command line, for settings that it would not take */
  check(request: StartRequest): void;
  /** Begins, away from the caller's thread. Failures are told by `ended`. */
  make(request: StartRequest, tell: (news: RunNews) => void): RunInTheMaking;
}

/** A run that has begun. Wishes hold from the next safe point on, and do nothing once it has ended. */
export interface RunInTheMaking {
  pause(): void;
  goOn(): void;
  /** Ends it as Ctrl-C ends the command: with a checkpoint, where there is something to go on with. */
  cancel(): void;
  /** Ends it at once, whatever is lost. */
  kill(): void;
  readonly ended: Promise<RunEnd>;
}

/** How it came to its end. */
export type RunEnd =
  | { readonly kind: "done"; readonly folder: string }
  /** `resume`: the command that goes on; null where nothing was done that could be. */
  | { readonly kind: "cancelled"; readonly resume: string | null }
  | { readonly kind: "failed"; readonly error: string; readonly resume: string | null };

/** What is told on the way. */
export type RunNews =
  | { readonly kind: "opened"; readonly facts: LiveRunFacts; readonly sample: RunSample }
  | {
      readonly kind: "progress";
      /** Absent before the first stage. */
      readonly stage?: string;
      readonly text: string;
      /** 0..1 of the stage, where that can be said. */
      readonly part?: number | undefined;
      readonly training?: LiveTraining;
      /** Iterations since the last news. */
      readonly objective?: ObjectiveNews;
    }
  | RunEpoch
  | { readonly kind: "paused" | "going" }
  | { readonly kind: "warning"; readonly text: string };

/** Values of the present start; of a new one, those before are of no interest any more. */
export interface ObjectiveNews {
  readonly name: string;
  readonly restart: number;
  /** 1-based, of the first value. */
  readonly from: number;
  readonly values: readonly number[];
}

/** The images that are looked at. */
export interface RunSample {
  /** Class of each, where classes are known. */
  readonly classes: Int32Array | undefined;
  /** Those of which pictures are made, as they are. */
  readonly pictures: ImageSet | undefined;
}

/** An epoch that is complete. */
export interface RunEpoch {
  readonly kind: "epoch";
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number | null;
  /** What the network makes of the sample by then, where that was looked at. */
  readonly look?: EpochLook;
}

export interface EpochLook {
  /** sample x 2. */
  readonly places: Float32Array;
  readonly groups: Int32Array | undefined;
  readonly reconstructions: ImageSet;
}
