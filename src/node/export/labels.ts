/** The cluster of each image as tables for other programs, with the names of the clusters. */
import type { PresentCluster } from "../../edits/index.ts";
import type { ClusterName, StoredAssignments } from "../run-folder/index.ts";
import { csvField } from "../run-folder/index.ts";

/** What a user calls the clusters, by number. */
export type Names = ReadonlyMap<number, ClusterName>;

/**
 * The labels as CSV: `index,file,label,cluster,name,probability,distance`. Unlike in `assignments.csv`, text that a
 * spreadsheet would take for a formula has an apostrophe before it.
 */
export function labelsCsv(assignments: StoredAssignments, names: Names): string {
  const { clusters, files, labels, probabilities, distances } = assignments;
  const named = new Map([...names].map(([cluster, { name }]) => [cluster, csvField(name ?? "")]));
  const lines = ["index,file,label,cluster,name,probability,distance"];
  for (let i = 0; i < clusters.length; i++) {
    const cluster = clusters[i] as number;
    const file = csvField(files?.[i] ?? "");
    const label = csvField(labels?.[i] ?? "");
    const probability = probabilities?.[i] ?? "";
    lines.push(`${i},${file},${label},${cluster},${named.get(cluster) ?? ""},${probability},${distances[i]}`);
  }
  return `${lines.join("\n")}\n`;
}

/** One line for each cluster: `cluster,name,notes,images`. */
export function clustersCsv(clusters: readonly PresentCluster[]): string {
  const lines = clusters.map(
    ({ cluster, name, notes, size }) => `${cluster},${csvField(name ?? "")},${csvField(notes ?? "")},${size}`,
  );
  return `${["cluster,name,notes,images", ...lines].join("\n")}\n`;
}

/** The labels as Parquet, with the columns of {@link labelsCsv}; null where a text or probability is not known. */
export async function labelsParquet(assignments: StoredAssignments, names: Names): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const { clusters, files, labels, probabilities, distances } = assignments;
  const texts = (of: readonly string[] | undefined): (string | null)[] =>
    Array.from(clusters, (_, i) => of?.[i] || null);
  const chances = Array.from(clusters, (_, i) => probabilities?.[i] ?? null);
  const column = <T>(name: string, type: "INT32" | "STRING" | "DOUBLE", data: T[], nullable: boolean) => ({
    name,
    type,
    data,
    nullable,
  });
  const index = Array.from(clusters, (_, i) => i);
  const called = Array.from(clusters, (cluster) => names.get(cluster)?.name ?? null);
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column("index", "INT32", index, false),
        column("file", "STRING", texts(files), true),
        column("label", "STRING", texts(labels), true),
        column("cluster", "INT32", Array.from(clusters), false),
        column("name", "STRING", called, true),
        column("probability", "DOUBLE", chances, true),
        column("distance", "DOUBLE", Array.from(distances), false),
      ],
    }),
  );
}
