export type { ClusterNames } from "./clusters.ts";
export { costOf } from "./cost.ts";
export { namedReport } from "./named.ts";
export type { Figure, Report } from "./part.ts";
export type { ComparisonReportInput, RunReportInput } from "./report.ts";
export { comparisonReport, elbowReport, runReport } from "./report.ts";
export { type ShownView, withSavedViews } from "./saved-views.ts";
export { drawSheet } from "./sheet.ts";
export type { ShownRun } from "./view.ts";
