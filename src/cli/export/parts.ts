/** What can be taken out of a run, part by part. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { showEdits } from "../../edits/index.ts";
import { throwIfCancelled } from "../../estimator.ts";
import type { RunRecord } from "../../experiment/index.ts";
import { type ImageSet, type ImageSource, sliceImages, takeImages } from "../../images/index.ts";
import {
  CURATION_FILE,
  clusterFolder,
  clustersCsv,
  flatNames,
  itemFiles,
  labelsCsv,
  labelsParquet,
  PICTURES_FILE,
  parseStoredPictures,
  readRunFile,
  readSavedViews,
  type StoredAssignments,
  type StoredPictures,
  withPresentClusters,
} from "../../node/index.ts";
import { drawSheet, namedReport, runReport, withSavedViews } from "../../report/index.ts";
import { didYouMean } from "../../spelling.ts";
import { plural } from "../results-text.ts";
import { UsageError } from "../usage-error.ts";
import { explorer } from "./explorer.ts";
import { once, openedSource, where } from "./once.ts";
import type { ExportPlace } from "./place.ts";

export { where } from "./once.ts";
export type { ExportPlace } from "./place.ts";

/** How the images got into the folders of their clusters. */
export interface ImagesPlaced {
  /** Folder of each cluster; it is not there where the cluster has no images. */
  readonly folders: ReadonlyMap<number, string>;
  readonly linked: number;
  readonly copied: number;
  readonly drawn: number;
  /** Those whose file is gone. */
  readonly missing: number;
}

/** Writes one part. */
export type ExportPart = (place: ExportPlace) => Promise<ImagesPlaced | undefined>;

export type PartName =
  | "labels"
  | "folders"
  | "sheets"
  | "onnx"
  | "figures"
  | "report"
  | "curation"
  | "explorer";

export const parts: Readonly<Record<PartName, ExportPart>> = {
  labels,
  folders,
  sheets,
  onnx,
  figures,
  report,
  curation,
  explorer,
};

/** @throws {UsageError} for a word that is no part */
export function checkParts(words: string): readonly PartName[] {
  const known = Object.keys(parts) as PartName[];
  const asked = words.split(",").map((word) => word.trim());
  if (asked.includes("all")) return known;
  const unknown = asked.find((word) => !known.some((name) => name === word));
  if (unknown !== undefined) {
    throw new UsageError(
      `${where}: --what must be parts out of ${known.join(", ")}, separated by commas, or all; got "${unknown}".${didYouMean(unknown, known)}`,
    );
  }
  return known.filter((name) => asked.includes(name));
}

async function labels({ edited, assignments, names, write }: ExportPlace): Promise<undefined> {
  await write("labels.csv", labelsCsv(assignments, names));
  await write("labels.parquet", await labelsParquet(assignments, names));
  await write("clusters.csv", clustersCsv(edited.clusters));
}

async function onnx({ folder, edited, write, notice }: ExportPlace): Promise<undefined> {
  const files = (await namesIn(join(folder, "model"))).filter((name) => name.endsWith(".onnx"));
  for (const file of files) {
    const bytes = await readRunFile(join(folder, "model", file));
    if (bytes) await write(`onnx/${file}`, bytes);
  }
  if (files.length > 0 && edited.route.length > 0)
    notice("ONNX files give the clusters that the run found: merges and splits are not in them.");
  if (files.length === 0) notice(`"${folder}" has no ONNX files: its method cannot be written as one.`);
}

async function curation({ folder, edited, isEdited, write, notice }: ExportPlace): Promise<undefined> {
  const bytes = await readRunFile(join(folder, CURATION_FILE));
  if (bytes && isEdited)
    await write(CURATION_FILE, withPresentClusters(new TextDecoder().decode(bytes), edited.labels));
  else if (bytes) await write(CURATION_FILE, bytes);
  else
    notice(`"${folder}" has no ${CURATION_FILE}: an earlier version made it. unlabeled cluster makes one.`);
}

async function figures(place: ExportPlace): Promise<undefined> {
  const { folder, write } = place;
  const drawn = await drawnReport(place);
  const files = drawn
    ? drawn.figures
    : await Promise.all(
        (await namesIn(join(folder, "figures"))).map(async (name) => ({
          name,
          content: (await readRunFile(join(folder, "figures", name))) ?? new Uint8Array(),
        })),
      );
  const { default: sharp } = await import("sharp");
  for (const { name, content } of files) {
    await write(`figures/${name}`, content);
    if (!name.endsWith(".svg")) continue;
    // Twice the size that it has on a page.
    const png = await sharp(Buffer.from(content), { density: 144 }).flatten({ background: "#fff" }).png();
    await write(`figures/${name.replace(/svg$/, "png")}`, await png.toBuffer());
  }
}

async function report(place: ExportPlace): Promise<undefined> {
  const { folder, isEdited, names, foundNames, write, notice } = place;
  const drawn = await drawnReport(place);
  const { views } = await readSavedViews(folder);
  if (drawn) {
    await write("report.html", withSavedViews(drawn.html, views));
    return;
  }
  const stored = await readRunFile(join(folder, "report.html"));
  if (!stored) {
    notice(`"${folder}" has no report.html, nor the pictures to draw one.`);
    return;
  }
  if (names.size > 0) {
    notice(
      `"${folder}" does not hold the pictures of its report: names were put beside the clusters' numbers, and into a list at its beginning.`,
    );
  }
  if (isEdited) {
    notice(
      `"${folder}" does not hold the pictures of its report: its clusters are those that the run found, without edits.`,
    );
  }
  await write("report.html", namedReport(new TextDecoder().decode(stored), isEdited ? foundNames : names));
}

async function sheets(place: ExportPlace): Promise<undefined> {
  const { edited, names, write, notice } = place;
  const typical = await typicalImages(place);
  if ([...typical.values()].some(({ values }) => values !== undefined)) {
    notice("the source holds vectors, of which there are no contact sheets.");
    return;
  }
  for (const [cluster, images] of typical) {
    if (images.count === 0) continue;
    const name = clusterFolder(cluster, edited.nextCluster, names.get(cluster)?.name);
    await write(`sheets/${name}.png`, drawSheet(images));
  }
}

/** Images on a sheet that is not drawn from what the run kept. */
const SHEET = 25;

/** Images that are typical of each cluster: those that the run has kept, else the nearest to their center. */
async function typicalImages(place: ExportPlace): Promise<ReadonlyMap<number, ImageSet>> {
  const stored = await pictures(place);
  if (stored && !place.isEdited)
    return new Map(stored.exhibits.clusters.map(({ cluster, typical }) => [cluster, typical.images]));
  if (stored) {
    const { clusters } = showEdits(place.edited, stored.exhibits);
    return new Map(
      clusters.flatMap(({ cluster, examples }) => (examples ? [[cluster, examples.images]] : [])),
    );
  }
  const { images } = await openedSource(place);
  const { distances } = place.assignments;
  return new Map(
    membersOf(place).map(([cluster, members]) => [
      cluster,
      takeImages(images, nearest(members, distances, SHEET)),
    ]),
  );
}

async function folders(place: ExportPlace): Promise<ImagesPlaced> {
  const { record, assignments, edited, names, settings, notice } = place;
  const { location } = record.scored ?? record.source;
  const files = await itemFiles(location, assignments.files);
  const placed = { linked: 0, copied: 0, drawn: 0, missing: 0 };
  const folderNames = new Map<number, string>();
  const images = files ? undefined : (await openedSource(place)).images;
  if (images?.values) {
    throw new UsageError(
      `${where}: folders must be of images; got the vectors of "${location}". Leave folders out of --what.`,
    );
  }
  for (const [done, [cluster, members]] of membersOf(place).entries()) {
    const most = settings.limitPerCluster ?? members.length;
    const chosen = most < members.length ? nearest(members, assignments.distances, most) : members;
    const own = `clusters/${clusterFolder(cluster, edited.nextCluster, names.get(cluster)?.name)}`;
    folderNames.set(cluster, own);
    place.effects.progress.show(`Exporting folders: ${done + 1} of ${edited.clusters.length}`);
    if (files) await placeFiles(place, own, chosen, files, placed);
    else if (images) await drawFiles(place, own, chosen, images, placed);
  }
  if (placed.missing > 0) {
    notice(
      `${plural(placed.missing, "image")} of "${location}" ${placed.missing === 1 ? "is" : "are"} not there any more, and left out.`,
    );
  }
  if (!settings.copy && placed.copied > 0) {
    notice("this system makes no links here, so that files were copied.");
  }
  return { folders: folderNames, ...placed };
}

type Counts = { linked: number; copied: number; drawn: number; missing: number };

async function placeFiles(
  { assignments, settings, output, effects }: ExportPlace,
  folder: string,
  members: readonly number[],
  files: readonly (string | undefined)[],
  placed: Counts,
): Promise<void> {
  const there = members.filter((i) => files[i] !== undefined);
  placed.missing += members.length - there.length;
  const names = flatNames(there.map((i) => assignments.files?.[i] ?? ""));
  for (const [n, i] of there.entries()) {
    throwIfCancelled(where, effects.signal);
    const way = await output.place(`${folder}/${names[n]}`, files[i] ?? "", { copy: settings.copy });
    if (way === "link") placed.linked += 1;
    else placed.copied += 1;
  }
}

async function drawFiles(
  { assignments, output, effects }: ExportPlace,
  folder: string,
  members: readonly number[],
  images: ImageSource["images"],
  placed: Counts,
): Promise<void> {
  const digits = String(images.count - 1).length;
  const names = flatNames(
    members.map((i) => assignments.files?.[i] || String(i).padStart(digits, "0")),
    ".png",
  );
  for (const [n, i] of members.entries()) {
    throwIfCancelled(where, effects.signal);
    await output.write(`${folder}/${names[n]}`, drawSheet(sliceImages(images, i, i + 1), 1));
    placed.drawn += 1;
  }
}

/** Each cluster with its images, ascending. */
function membersOf({
  edited,
}: ExportPlace): readonly (readonly [cluster: number, images: readonly number[]])[] {
  const members = new Map(edited.clusters.map(({ cluster }) => [cluster, [] as number[]]));
  edited.labels.forEach((cluster, i) => {
    members.get(cluster)?.push(i);
  });
  return [...members];
}

/** Those nearest to the center of their cluster, the nearest first; ties by index. */
function nearest(members: readonly number[], distances: Float64Array, most: number): readonly number[] {
  return members
    .toSorted((a, b) => (distances[a] as number) - (distances[b] as number) || a - b)
    .slice(0, most);
}

/** What the report is drawn from, where the run holds it. */
function pictures(place: ExportPlace): Promise<StoredPictures | undefined> {
  return once(place, "pictures", async () => {
    const file = join(place.folder, PICTURES_FILE);
    const bytes = await readRunFile(file);
    return bytes && parseStoredPictures(bytes, file);
  });
}

function drawnReport(place: ExportPlace): Promise<ReturnType<typeof runReport> | undefined> {
  return once(place, "report", async () => {
    const stored = await pictures(place);
    if (!stored) return undefined;
    const { record, assignments, edited, isEdited, names, foundNames } = place;
    const input = { result: record, ...stored };
    if (!isEdited) return runReport({ ...input, names });
    const edits = showEdits(edited, stored.exhibits, classesOf(record, assignments));
    return runReport({ ...input, names: foundNames, edits });
  });
}

/** Class of each image by its number, -1 where it is not known. */
function classesOf(record: RunRecord, { labels }: StoredAssignments): Int32Array | undefined {
  const { classNames } = record.scored ?? record.source;
  const numbers = new Map(classNames?.map((name, l) => [name, l]));
  return labels && Int32Array.from(labels, (label) => numbers.get(label) ?? -1);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch((): string[] => [])).sort();
}
