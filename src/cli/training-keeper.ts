import type { Runtime, TrainingProgress } from "../neural/index.ts";
import { type StoredTraining, trainingFile, type WorkFiles } from "../node/index.ts";
import type { Effects } from "./effects.ts";
import type { PatientSignal } from "./patient-signal.ts";

/** Milliseconds of training, at most, that a killed program loses. */
const CHECKPOINT_INTERVAL = 30_000;

/** Saves where training stands: after each epoch, within long ones, and before it is cancelled. */
export interface TrainingKeeper {
  /**
   * To be called after every step of a command.
   *
   * @param training progress of the step, where it was one of training
   */
  after(run: { readonly method: string; readonly seed: number }, training?: TrainingProgress): Promise<void>;
}

/** What a keeper works with. */
export interface KeeperContext {
  readonly work: WorkFiles;
  readonly effects: Effects;
  readonly patience: PatientSignal;
  readonly runtime: Runtime | undefined;
  /** Digest of the images. */
  readonly sha256: string;
}

/** A keeper for one command. */
export function trainingKeeper({ work, effects, patience, runtime, sha256 }: KeeperContext): TrainingKeeper {
  let saved = effects.now();
  return {
    after: async ({ method, seed }, training) => {
      if (!training) {
        patience.release();
        return;
      }
      // Between two steps of training a wish to cancel waits: only here can the weights be had.
      patience.hold();
      const { aborted } = effects.signal;
      const now = effects.now();
      if (!aborted && !training.epochDone && now - saved < CHECKPOINT_INTERVAL) return;
      const checkpoint = await training.checkpoint();
      const stored: StoredTraining = { sha256, method, seed, runtime: runtimeText(runtime), checkpoint };
      await work.write("training", trainingFile(stored));
      saved = now;
      // After the last epoch nothing more can be saved.
      if (effects.signal.aborted || (training.epochDone && training.epoch === training.epochs)) {
        patience.release();
      }
    },
  };
}

/** As records of trainings name it. */
export function runtimeText(runtime: Runtime | undefined): string {
  if (!runtime) return "none";
  return `${runtime.name} ${runtime.version}, ${runtime.threads} thread${runtime.threads === 1 ? "" : "s"}`;
}
