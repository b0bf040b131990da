import {
  hasEdits,
  jsonText,
  openEdits,
  readClusterNames,
  readResult,
  type StoredResult,
  withClusterName,
  writeClusterNames,
} from "../../node/index.ts";
import type { NameSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { grouped } from "../results-text.ts";
import { renderTable } from "../table.ts";
import { UsageError } from "../usage-error.ts";

/** Names a cluster of a run, notes something of it, or lists what is named. */
export async function run(settings: NameSettings, effects: Effects): Promise<number> {
  const { run: folder, notes, remove } = settings;
  const change = changeOf(settings);
  const result = await readResult(folder);
  const present = (await hasEdits(folder))
    ? await editedClusters(folder, result, change, effects)
    : await foundClusters(folder, result, change);
  const clusters = present.filter(({ cluster }) => !change || settings.list || cluster === change.cluster);
  effects.progress.done();
  if (settings.json) effects.write(jsonText({ run: folder, clusters }));
  else if (change && !settings.list) {
    const said = remove
      ? "has no name any more"
      : `is called "${clusters.find(({ cluster }) => cluster === change.cluster)?.name ?? change.cluster}"`;
    effects.write(`Cluster ${change.cluster} ${said}${notes === undefined ? "" : "; its notes are kept"}.\n`);
  } else {
    const columns = [
      { head: "Cluster", align: "right" },
      { head: "Images", align: "right" },
      { head: "Name", align: "left" },
      { head: "Notes", align: "left" },
    ] as const;
    const line = (text: string | null): string => (text ?? "").replace(/\s+/g, " ");
    const rows = clusters.map(({ cluster, images, name, notes: own }) => [
      ...[String(cluster), grouped(images)],
      ...[line(name), line(own)],
    ]);
    effects.write(renderTable(columns, rows));
  }
  return 0;
}

/** A cluster as it is listed. */
interface Named {
  readonly cluster: number;
  readonly name: string | null;
  readonly notes: string | null;
  readonly images: number;
}

/** Clusters as the run found them: their names lie in a file of their own. */
async function foundClusters(
  folder: string,
  { record }: StoredResult,
  change: Change | undefined,
): Promise<readonly Named[]> {
  const before = await readClusterNames(folder, record.clusters);
  const names = change ? withClusterName(before, record.clusters, change) : before;
  if (change) await writeClusterNames(folder, names);
  return record.sizes.map((images, cluster) => ({
    ...{ cluster, name: names.get(cluster)?.name ?? null, notes: names.get(cluster)?.notes ?? null },
    images,
  }));
}

/** Clusters that were edited: a name is one more edit. */
async function editedClusters(
  folder: string,
  { record, assignments }: StoredResult,
  change: Change | undefined,
  effects: Effects,
): Promise<readonly Named[]> {
  const now = (): Date => new Date(effects.date());
  const edits = await openEdits(folder, { record, labels: assignments.clusters }, { now });
  if (change) {
    const { version, clusters } = edits.state();
    const before = clusters.find(({ cluster }) => cluster === change.cluster);
    const { cluster, name = before?.name ?? null, notes } = change;
    const edit = { kind: "rename", cluster, name, ...(notes !== undefined && { notes }) } as const;
    await edits.apply({ version, do: edit });
  }
  return edits.state().clusters.map(({ size, ...cluster }) => ({ ...cluster, images: size }));
}

/** What is undefined stays, and `null` is taken away. */
interface Change {
  readonly cluster: number;
  readonly name?: string | null;
  readonly notes?: string | null;
}

/** What is to be changed; undefined where clusters are only listed. */
function changeOf({ cluster, text, notes, remove, list }: NameSettings): Change | undefined {
  const where = "unlabeled name";
  const said = text !== undefined || notes !== undefined || remove;
  if (cluster === undefined) {
    if (said) throw new UsageError(`${where}: a cluster must be named; got none. See ${where} --help.`);
    return undefined;
  }
  if (!/^\d{1,9}$/.test(cluster)) {
    throw new UsageError(
      `${where}: the cluster must be its number; got "${cluster}". unlabeled name <run> --list lists them.`,
    );
  }
  if (remove && (text !== undefined || notes !== undefined)) {
    throw new UsageError(`${where}: --remove must stand alone; got a name or notes as well.`);
  }
  if (!said && !list) {
    throw new UsageError(
      `${where}: a name, --notes or --remove must be given; got none. See ${where} --help.`,
    );
  }
  if (!said) return undefined;
  return {
    cluster: Number(cluster),
    ...(remove && { name: null, notes: null }),
    ...(text !== undefined && { name: text }),
    ...(notes !== undefined && { notes }),
  };
}
