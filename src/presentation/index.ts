/** Words, numbers and colours of what is shown: one voice for terminal, report and the explorer's page. */
export { criteriaOf, criterionDescriptions, formatCriterion } from "./criteria.ts";
export {
  alternatives,
  count,
  decimal,
  duration,
  enumeration,
  percent,
  quantity,
  shorten,
  shortenInside,
  significant,
  slug,
} from "./format.ts";
export { formatMeasure, measureExplanation, measureLabel } from "./measures.ts";
export { type ColourPair, cellColour, groupColours, noGroupColour, washColour } from "./palette.ts";
export {
  directionOf,
  formatScore,
  formatSpread,
  type ScoreDescription,
  scoreDescription,
  scoreDescriptions,
} from "./scores.ts";
