export { type ItemFiles, itemFiles } from "./items.ts";
export { clustersCsv, labelsCsv, labelsParquet, type Names } from "./labels.ts";
export { clusterFolder, flatNames } from "./names.ts";
