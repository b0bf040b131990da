export { costOf } from "./cost.ts";
export { criteriaOf, formatCriterion } from "./criteria.ts";
export type { Figure, Report } from "./part.ts";
export type { ComparisonReportInput, RunReportInput } from "./report.ts";
export { comparisonReport, elbowReport, runReport } from "./report.ts";
export type { ScoreDescription } from "./scores.ts";
export { directionOf, formatScore, scoreDescription, scoreDescriptions } from "./scores.ts";
export type { ShownRun } from "./view.ts";
