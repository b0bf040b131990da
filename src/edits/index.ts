export { editedAssignment } from "./assign.ts";
export { isName, isNotes, nameRule, notesRule } from "./cluster-text.ts";
export type {
  Edit,
  EditEntry,
  EditRequest,
  EditState,
  LoggedEdit,
  PresentCluster,
  ResolvedEdit,
  SplitPart,
} from "./edit.ts";
export { type EditedClusters, type EditFold, editFold, foldEdits, type RouteStep } from "./fold.ts";
export { type ResolveContext, resolveEdit } from "./resolve.ts";
export { routeLabels, routeProbabilities } from "./route.ts";
export { type ShownCluster, type ShownEdits, showEdits } from "./shown.ts";
