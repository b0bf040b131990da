export { columnName, listed, type Roles, refuseColumns, rolesOf, shortened } from "./columns.ts";
export { halfFloat } from "./half-float.ts";
export { OpenFile } from "./open-file.ts";
export { checkShape, numbersPiece, type Place } from "./rows.ts";
export { type ItemShape, parseShape, rowsPerPiece, type TableOptions } from "./table-options.ts";
