export { type FolderOptions, type FolderWritten, writeExplorerFolder } from "./folder/write-folder.ts";
export { type Explorer, type ExplorerOptions, type ServerLimits, startExplorer } from "./serve.ts";
export type { ExplorerWorld } from "./world.ts";
