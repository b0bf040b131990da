export {
  CURATION_ROWS,
  type Curation,
  type CurationInput,
  type CurationKind,
  type CurationRow,
  curate,
  curationKinds,
  findOutliers,
} from "./curation.ts";
export {
  NEAR_SAMPLE,
  NEAR_SHARE,
  type NearDuplicates,
  nearDuplicates,
  SAME_SHARE,
} from "./near-duplicates.ts";
