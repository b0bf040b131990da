import type { ManifoldStage } from "./stages.ts";
import { umapStage } from "./umap-stage.ts";

/** The maps that this version draws, by their word in a method's name. */
export const manifoldStages: ReadonlyMap<string, ManifoldStage> = new Map([["umap", umapStage]]);
