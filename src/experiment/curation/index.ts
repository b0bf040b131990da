export {
  type Curation,
  type CurationInput,
  type CurationKind,
  type CurationRow,
  curate,
  curationKinds,
  findOutliers,
} from "./curation.ts";
export { type NearDuplicates, nearDuplicates } from "./near-duplicates.ts";
