import type { EditedClusters } from "../../edits/index.ts";
import { compareRuns, type MetricName, type RunPair, type RunRecord } from "../../experiment/index.ts";
import {
  clusterTitle,
  jsonText,
  type ListedRun,
  listRuns,
  namesOf,
  readEdits,
  readResult,
} from "../../node/index.ts";
import { formatScore, measureLabel, scoreDescriptions } from "../../presentation/index.ts";
import type { ListSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { withoutPlace } from "../failure.ts";
import { grouped, plural } from "../results-text.ts";
import { type Column, renderTable } from "../table.ts";

/** Lists the runs in a folder, or compares two. */
export async function run(settings: ListSettings, effects: Effects): Promise<number> {
  const { first, second, json } = settings;
  const text =
    second === undefined
      ? await listed(first ?? "runs", settings.sort, json)
      : await compared(first ?? "", second, json);
  effects.progress.done();
  effects.write(text);
  return 0;
}

/** A line of the list; null where it is not known. */
interface Row {
  readonly path: string;
  readonly state: ListedRun["state"];
  readonly method: string | null;
  readonly source: string | null;
  readonly images: number | null;
  readonly clusters: number | null;
  /** Clusters that have names. */
  readonly named: number;
  readonly accuracy: number | null;
  readonly silhouette: number | null;
  readonly seconds: number | null;
  readonly date: string | null;
  readonly fault?: string;
}

async function listed(folder: string, sort: ListSettings["sort"], json: boolean): Promise<string> {
  const rows = (await listRuns(folder)).map(rowOf);
  const sorted = rows.toSorted((a, b) => compareBy(sort, a, b) || (a.path < b.path ? -1 : 1));
  if (json) return jsonText({ folder, runs: sorted });
  if (sorted.length === 0) return `No runs in ${folder}. unlabeled cluster makes one.\n`;
  const faults = sorted.flatMap(({ path, fault }) =>
    fault === undefined ? [] : [`Damaged: ${path}: ${withoutPlace(fault)}\n`],
  );
  return `${renderTable(listColumns, sorted.map(cellsOf))}${faults.length > 0 ? `\n${faults.join("")}` : ""}`;
}

function rowOf({ path, state, record, names, clusters, asked, fault }: ListedRun): Row {
  const scored = record && (record.scored ?? record.source);
  return {
    ...{ path, state },
    method: record?.method ?? (asked?.method || null),
    source: record ? sourceWords(record) : (asked?.source ?? null),
    images: scored?.count ?? null,
    clusters: clusters ?? null,
    named: [...(names?.values() ?? [])].filter(({ name }) => name !== undefined).length,
    accuracy: record?.metrics.accuracy ?? null,
    silhouette: record?.metrics.silhouette ?? null,
    seconds: record?.seconds.total ?? null,
    date: record?.environment.createdAt ?? null,
    ...(fault !== undefined && { fault }),
  };
}

function sourceWords({ source, scored }: RunRecord): string {
  const of = ({ name, split }: typeof source): string => (split === "all" ? name : `${name} (${split})`);
  return scored ? `${of(source)}, scored on ${scored.split}` : of(source);
}

/** Newest and best first, texts and sizes rising; what is not known last. */
function compareBy(sort: ListSettings["sort"], a: Row, b: Row): number {
  const value = (row: Row): number | string | null =>
    sort === "score" ? (row.accuracy ?? row.silhouette) : row[sort];
  const [one, other] = [value(a), value(b)];
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  const falling = ["date", "score", "accuracy", "silhouette"].includes(sort);
  return (one < other ? -1 : one > other ? 1 : 0) * (falling ? -1 : 1);
}

const listColumns: readonly Column[] = [
  { head: "Run", align: "left" },
  { head: "Method", align: "left" },
  { head: "Source", align: "left" },
  { head: "Images", align: "right" },
  { head: "Clusters", align: "right" },
  { head: "Score", align: "right" },
  { head: "Seconds", align: "right" },
  { head: "Date", align: "left" },
];

function cellsOf(row: Row): readonly string[] {
  const number = (value: number | null): string => (value === null ? "" : grouped(value));
  const score =
    row.accuracy !== null
      ? `accuracy ${formatScore("accuracy", row.accuracy)}`
      : row.silhouette !== null
        ? `silhouette ${formatScore("silhouette", row.silhouette).replace("−", "-")}`
        : "";
  return [
    oneLine(row.path),
    oneLine(row.method ?? ""),
    oneLine(row.source ?? ""),
    number(row.images),
    `${number(row.clusters)}${row.named > 0 ? ` (${row.named} named)` : ""}`,
    row.state === "finished" ? score : row.state,
    row.seconds === null ? "" : row.seconds.toFixed(2),
    (row.date ?? "").slice(0, 16).replace("T", " "),
  ];
}

/** Text from files, as a terminal may show it. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

async function compared(first: string, second: string, json: boolean): Promise<string> {
  const [a, b] = [await readResult(first), await readResult(second)];
  const edited = [
    await readEdits(first, { record: a.record, labels: a.assignments.clusters }),
    await readEdits(second, { record: b.record, labels: b.assignments.clusters }),
  ] as const;
  const pair = compareRuns(
    { record: a.record, labels: edited[0].labels, nClusters: edited[0].nextCluster },
    { record: b.record, labels: edited[1].labels, nClusters: edited[1].nextCluster },
  );
  if (json) return jsonText({ runs: [first, second], ...pair });
  return [
    `A  ${oneLine(first)}\nB  ${oneLine(second)}\n`,
    differencesText(pair),
    scoresText(pair),
    flowText(pair, edited),
  ].join("\n");
}

const pairColumns = (head: string, align: Column["align"]): readonly Column[] => [
  { head, align: "left" },
  { head: "A", align },
  { head: "B", align },
];

function differencesText({ differences }: RunPair): string {
  if (differences.length === 0) return "Both were asked for the same.\n";
  const text = (value: unknown): string => {
    const words = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
    return oneLine(words.length > 40 ? `${words.slice(0, 39)}…` : words);
  };
  return renderTable(
    pairColumns("Setting", "left"),
    differences.map(({ name, values }) => [name, text(values[0]), text(values[1])]),
  );
}

function scoresText({ scores }: RunPair): string {
  const order = scoreDescriptions.map(({ name }) => name);
  const place = (name: MetricName): number => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  const text = (name: MetricName, value: number | null): string =>
    value === null ? "" : formatScore(name, value).replace("−", "-");
  const rows = scores
    .toSorted((a, b) => place(a.name) - place(b.name))
    .map(({ name, values }) => [...[measureLabel(name), text(name, values[0]), text(name, values[1])]]);
  return renderTable(pairColumns("Score", "right"), rows);
}

/** Clusters of A, and of each the clusters of B to which most of its images went. */
const MOST_FLOWS = 3;
const LEAST_SHARE = 0.01;

function flowText({ ari, flow }: RunPair, [a, b]: readonly [EditedClusters, EditedClusters]): string {
  if (ari === undefined || flow === undefined) {
    return "They gave clusters to different images, so that their clusters cannot be compared.\n";
  }
  const [mine, theirs] = [namesOf(a), namesOf(b)];
  const rows = a.clusters.map(({ cluster }) => {
    const row = flow[cluster] ?? [];
    const total = row.reduce((sum, n) => sum + n, 0);
    const flows = row
      .map((n, to) => ({ n, to }))
      .filter(({ n }) => n > 0 && n >= LEAST_SHARE * total)
      .sort((one, other) => other.n - one.n || one.to - other.to)
      .slice(0, MOST_FLOWS)
      .map(({ n, to }) => `${clusterTitle(to, theirs)} ${((100 * n) / total).toFixed(0)}%`);
    return [clusterTitle(cluster, mine), grouped(total), flows.join(", ")];
  });
  const columns: readonly Column[] = [
    { head: "Cluster of A", align: "left" },
    { head: "Images", align: "right" },
    { head: "Where they are in B", align: "left" },
  ];
  const count = flow.flat().reduce((sum, n) => sum + n, 0);
  return `Agreement on the same ${plural(count, "image")}: ARI ${ari.toFixed(4)}\n\n${renderTable(columns, rows)}`;
}
