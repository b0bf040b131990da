import {
  jsonText,
  readClusterNames,
  readResult,
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
  const { record } = await readResult(folder);
  const before = await readClusterNames(folder, record.clusters);
  const names = change ? withClusterName(before, record.clusters, change) : before;
  if (change) await writeClusterNames(folder, names);
  const shown = change && !settings.list ? [change.cluster] : record.sizes.map((_, cluster) => cluster);
  const clusters = shown.map((cluster) => ({
    ...{ cluster, name: names.get(cluster)?.name ?? null, notes: names.get(cluster)?.notes ?? null },
    images: record.sizes[cluster] ?? 0,
  }));
  effects.progress.done();
  if (settings.json) effects.write(jsonText({ run: folder, clusters }));
  else if (change && !settings.list) {
    const said = remove
      ? "has no name any more"
      : `is called "${names.get(change.cluster)?.name ?? change.cluster}"`;
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

/** What is to be changed; undefined where clusters are only listed. */
function changeOf({ cluster, text, notes, remove, list }: NameSettings) {
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
