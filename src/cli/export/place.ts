import type { EditedClusters } from "../../edits/index.ts";
import type { RunRecord } from "../../experiment/index.ts";
import type { Names, OutputFolder, StoredAssignments } from "../../node/index.ts";
import type { ExportSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";

/** Where an export takes from, and where it writes. */
export interface ExportPlace {
  /** Of the run. */
  readonly folder: string;
  readonly record: RunRecord;
  /** With the clusters after edits. */
  readonly assignments: StoredAssignments;
  readonly edited: EditedClusters;
  /** Whether images lie in other clusters than those that the run found. */
  readonly isEdited: boolean;
  readonly names: Names;
  /** Names of clusters that the run found, and nobody merged or split. */
  readonly foundNames: Names;
  readonly output: OutputFolder;
  readonly settings: Pick<
    ExportSettings,
    "what" | "copy" | "limitPerCluster" | "explorerImages" | "original"
  >;
  readonly effects: Effects;
  /** What several parts need is asked for once. */
  readonly asked: Map<string, Promise<unknown>>;
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Something that the user should know. */
  notice(text: string): void;
}
