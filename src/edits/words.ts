/** What an edit did, for people. */
import type { ResolvedEdit } from "./edit.ts";

/** Clusters that are listed one by one; of more, their number is told. */
const MOST_LISTED = 8;

/**
 * One line on an edit: `Clusters 3, 5 merged into 3`.
 *
 * @param isThere whether a cluster was there before it
 */
export function editWords(edit: ResolvedEdit, isThere: (cluster: number) => boolean): string {
  switch (edit.kind) {
    case "rename": {
      const source = edit.from === undefined ? "" : `Taken from ${edit.from}: `;
      const notes = edit.notes === null ? "" : ", with notes";
      return `${source}Cluster ${edit.cluster} ${edit.name === null ? "has no name" : `is called "${edit.name}"`}${notes}`;
    }
    case "merge":
      return `Clusters ${listed(edit.clusters)} merged into ${edit.into}`;
    case "split": {
      const by = edit.by === "k-means" ? "K-Means" : "a mixture";
      return `Cluster ${edit.cluster} split into ${listed(edit.parts.map(({ cluster }) => cluster))} by ${by}`;
    }
    case "move": {
      const images = `${edit.images.length} ${edit.images.length === 1 ? "image" : "images"}`;
      return `${images} moved to ${isThere(edit.to) ? "" : "the new "}cluster ${edit.to}`;
    }
    case "undo":
      return "Undone";
    case "redo":
      return "Done again";
  }
}

function listed(clusters: readonly number[]): string {
  if (clusters.length <= MOST_LISTED) return clusters.join(", ");
  return `${clusters.slice(0, MOST_LISTED).join(", ")} and ${clusters.length - MOST_LISTED} more`;
}
