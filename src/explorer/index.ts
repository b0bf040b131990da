export { type Explorer, type ExplorerOptions, type ServerLimits, startExplorer } from "./serve.ts";
export type { ExplorerWorld } from "./world.ts";
