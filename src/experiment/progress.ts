/** What all runs take from outside, and tell while they run. */
import type { AutoencoderProgress } from "../features/autoencoder/index.ts";
import type { PanelProgress } from "../number-of-clusters/index.ts";
import type { ClusterStep, ManifoldStep, StageContext } from "../pipeline/index.ts";
import type { EnvironmentRecord } from "./record.ts";

/** What a run takes from outside, besides images and wishes. */
export interface ExperimentContext extends StageContext {
  /** Time in milliseconds from any fixed moment on. */
  readonly now: () => number;
  readonly environment: EnvironmentRecord;
}

/** Where a run stands. */
export interface RunProgress {
  readonly method: string;
  readonly seed: number;
  readonly stage: "features" | "map" | "number of clusters" | "cluster" | "assign" | "scores" | "exhibits";
  /** How far training is, in the stage `features` of an autoencoder. */
  readonly training?: AutoencoderProgress;
  /** How far the map is, in the stage `map`. */
  readonly map?: ManifoldStep;
  /** How far the panel over k is, in the stage `number of clusters`. */
  readonly panel?: PanelProgress;
  /** The iteration just finished, in the stage `cluster`. */
  readonly step?: ClusterStep;
}
