export { type FolderOptions, type FolderWritten, writeExplorerFolder } from "./folder/write-folder.ts";
export type {
  EpochLook,
  ObjectiveNews,
  RunEnd,
  RunEpoch,
  RunInTheMaking,
  RunMaker,
  RunNews,
  RunSample,
} from "./live/run-maker.ts";
export type { LiveChoices, LiveRunFacts, LiveTraining, StartOption, StartRequest } from "./protocol.ts";
export { type Explorer, type ExplorerOptions, type ServerLimits, startExplorer } from "./serve.ts";
export type { ExplorerWorld } from "./world.ts";
