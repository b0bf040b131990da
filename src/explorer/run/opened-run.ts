/** A run that somebody looks at: everything that the page may ask of it. */
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import { meanImages, type RunPoints, type RunRecord } from "../../experiment/index.ts";
import { type ImageSet, takeImages } from "../../images/index.ts";
import type { Samples } from "../../matrix/index.ts";
import {
  type OpenedEdits,
  openEdits,
  readPoints,
  readResult,
  readRunFile,
  type StoredAssignments,
} from "../../node/index.ts";
import { atlasInfo, atlasSheet } from "../pictures.ts";
import type {
  ArrayInfo,
  AtlasInfo,
  ClusterView,
  CodeView,
  ConfusionView,
  DecodeRequest,
  EditRequest,
  EditState,
  FoundImages,
  ImageView,
  RunEntry,
  RunEvent,
  RunView,
  StepsRequest,
  StepsView,
} from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import { finished, SharedWorks, type Work, within } from "../shared-work.ts";
import type { ExplorerWorld } from "../world.ts";
import { lineOf, onLine } from "./code-lines.ts";
import type { ComparedRun } from "./compare-view.ts";
import { type CurrentClusters, clusterViews, confusionView, type KnownClasses } from "./current-clusters.ts";
import { RunViews } from "./kept-views.ts";
import { learningSteps } from "./learning-steps.ts";
import { nearestRows } from "./nearest-rows.ts";
import { OtherNumbers } from "./other-numbers.ts";
import { RunCode } from "./run-code.ts";
import { RunImages } from "./run-images.ts";
import { RunPlanes } from "./run-planes.ts";

/** Neighbours that are told of an image. */
const NEIGHBORS = 12;

/** Milliseconds that an answer waits for images and features that are about to be there. */
const PATIENCE_MS = 600;

/** The same for the first answer of all: a run that keeps its points can be drawn without its images. */
const VIEW_PATIENCE_MS = 50;

/** Milliseconds after which work that nobody asks for any more is given up. */
const IDLE_MS = 120_000;

/** What has a code. */
export type CodeEnd =
  | { readonly image: number }
  | { readonly cluster: number }
  | { readonly place: readonly number[] };

/** Numbers of each image. */
export type RunArray = Int32Array | Float32Array;

/** Opens the folder of a run. */
export async function openRun(
  folder: string,
  entry: RunEntry,
  world: ExplorerWorld,
  queue: { last: Promise<unknown> },
): Promise<OpenedRun> {
  const { record, assignments } = await readResult(folder);
  let points: RunPoints | undefined;
  try {
    points = await readPoints(folder, assignments.clusters.length);
  } catch (error) {
    world.warn(`unlabeled: ${messageOf(error)}`);
  }
  // Splits alone ask for features, long after the run is there.
  const edits = await openEdits(
    folder,
    { record, labels: assignments.clusters },
    { now: () => new Date(world.date()), features: () => run.features(), compute: world.compute },
  );
  const run = new OpenedRun({ folder, entry, record, assignments, edits, points, world, queue });
  return run;
}

interface Parts {
  readonly folder: string;
  readonly entry: RunEntry;
  readonly record: RunRecord;
  readonly assignments: StoredAssignments;
  readonly edits: OpenedEdits;
  readonly points: RunPoints | undefined;
  readonly world: ExplorerWorld;
  readonly queue: { last: Promise<unknown> };
}

export class OpenedRun {
  /** Pictures that people keep for the report. */
  readonly views: RunViews;
  /** Other numbers of clusters. */
  readonly otherNumbers: OtherNumbers;
  private readonly parts: Parts;
  private readonly works: SharedWorks;
  private readonly images: RunImages;
  private readonly code: RunCode;
  private readonly planes: RunPlanes;
  private readonly classes: KnownClasses | undefined;
  private readonly listeners = new Set<(event: RunEvent) => void>();
  private readonly idle: NodeJS.Timeout;

  constructor(parts: Parts) {
    this.parts = parts;
    this.views = new RunViews(parts.folder, () => parts.world.date());
    const { folder, record, assignments, world } = parts;
    const report = (event: RunEvent): void => this.tell(event);
    this.works = new SharedWorks(report, () => world.now(), parts.queue);
    this.images = new RunImages(folder, record, world, () => this.tell({ kind: "prepared", what: "images" }));
    const { works, images } = this;
    this.code = new RunCode({
      ...{ folder, record, works, images, world },
      ...{ labels: assignments.clusters, points: parts.points },
    });
    const { points } = parts;
    const { code, count } = this;
    this.planes = new RunPlanes({ folder, record, count, points, works, code, world });
    this.otherNumbers = new OtherNumbers({ record, count, works, images, code });
    this.classes = classesOf(record, assignments);
    this.idle = setInterval(() => {
      if (this.listeners.size === 0) this.works.cancelIdle(IDLE_MS);
    }, IDLE_MS / 4).unref();
  }

  get folder(): string {
    return this.parts.folder;
  }

  /** Names of the images, where they have some. */
  get names(): readonly string[] | undefined {
    return this.parts.assignments.files;
  }

  get count(): number {
    return this.parts.assignments.clusters.length;
  }

  /** Whether anybody listens to its events. */
  get watched(): boolean {
    return this.listeners.size > 0;
  }

  close(): void {
    clearInterval(this.idle);
    this.works.close();
  }

  /** Calls the listener with each event, until what is returned is called. */
  listen(listener: (event: RunEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Everything that a page shows first. */
  async view(): Promise<RunView> {
    const { entry, record } = this.parts;
    const { classNames, vectors, height, width, channels } = record.scored ?? record.source;
    const reading = this.images.all();
    const patience = this.parts.points ? VIEW_PATIENCE_MS : 10 * PATIENCE_MS;
    await within({ result: reading }, patience).catch(() => {}); // told by `availability`
    await this.planes.lookForMaps();
    await this.editState();
    const images = this.images.availability();
    const isThere = images.available || images.pending === true;
    const drawing = await this.code.drawing();
    return {
      ...entry,
      clusters: this.now().clusters.length,
      image: vectors ? null : { height, width, channels },
      classNames: this.classes?.classNames ?? classNames ?? null,
      named: this.parts.assignments.files !== undefined,
      images,
      hasProbabilities: this.parts.assignments.probabilities !== undefined,
      decoder: this.code.decodes && drawing.by !== null ? { codeSize: drawing.codeSize } : null,
      drawing,
      arrays: this.arrayInfos(isThere),
      atlas: vectors || !isThere ? null : this.atlasInfo(),
      shapes: this.planes.shapes(this.now()),
      record,
    };
  }

  /** The clusters as they are now. */
  now(): CurrentClusters {
    const { edits } = this.parts;
    return { labels: edits.labels(), clusters: edits.state().clusters };
  }

  /** What it is compared by. */
  async compared(): Promise<ComparedRun> {
    await this.editState();
    const { entry, record } = this.parts;
    return { name: entry.name, record, now: this.now() };
  }

  /** The state of the edits, with what other programs have done since. */
  async editState(): Promise<EditState> {
    const { version } = this.parts.edits.state();
    const state = await this.parts.edits.refresh();
    if (state.version !== version) this.tell({ kind: "edited", version: state.version });
    return state;
  }

  /** Does one edit; it is on the disk when this returns. */
  async edit(request: EditRequest): Promise<EditState> {
    const state = await this.parts.edits.apply(request);
    this.tell({ kind: "edited", version: state.version });
    return state;
  }

  /** What the clusterer saw of all images. */
  features(): Promise<Samples> {
    return this.code.features().result;
  }

  /**
   * Numbers of each image, or the work by which they are being made.
   *
   * @throws {Refusal} 404 for a name that there is not, and for what needs images that are gone
   */
  array(name: string): Work<RunArray> {
    const { assignments, points } = this.parts;
    switch (name) {
      case "cluster":
        return finished(this.now().labels);
      case "original-cluster":
        return finished(assignments.clusters);
      case "distance":
        return finished(Float32Array.from(assignments.distances));
    }
    if (name === "class" && this.classes) return finished(this.classes.labels);
    if (name === "probability" && assignments.probabilities) {
      return finished(Float32Array.from(assignments.probabilities));
    }
    if (name === "reconstruction-error" && this.code.reconstructs) {
      return points?.errors ? finished(points.errors) : this.code.errors();
    }
    const place = /^(code|umap)-([23])d$/.exec(name);
    if (place) return this.planes.places(place[1] as "code" | "umap", Number(place[2]) as 2 | 3);
    const k = /^k-([1-9]\d{0,3})$/.exec(name);
    if (k) return this.otherNumbers.labels(Number(k[1]));
    throw new Refusal(404, `explorer: an array must be one that the run's view lists; got "${name}".`);
  }

  /** A sheet of thumbnails. */
  async sheet(index: number): Promise<Uint8Array> {
    const info = this.atlasInfo();
    this.checkPictures();
    if (index >= info.sheets) {
      throw new Refusal(404, `explorer: a sheet must be in 0..${info.sheets - 1}; got ${index}.`);
    }
    return atlasSheet(await this.images.all(), info, index);
  }

  /**
   * Images by their number in the run, or by a part of their name; capitals count as small letters.
   *
   * @param most images that are told
   */
  find(text: string, most: number): FoundImages {
    const files = this.parts.assignments.files;
    const wanted = text.trim().toLowerCase();
    const number = /^\d{1,9}$/.test(wanted) ? Number(wanted) : -1;
    const images: { index: number; name: string | null }[] = [];
    let total = 0;
    const tell = (index: number): void => {
      total++;
      if (images.length < most) images.push({ index, name: files?.[index] || null });
    };
    if (number >= 0 && number < this.count) tell(number);
    if (files && wanted !== "") {
      for (const [index, file] of files.entries()) {
        if (index !== number && file.toLowerCase().includes(wanted)) tell(index);
      }
    }
    return { total, images };
  }

  /**
   * All images.
   *
   * @throws {Refusal} 404 where they are gone, or the run is one of vectors
   */
  async allImages(): Promise<ImageSet> {
    this.checkPictures();
    return this.images.all();
  }

  /** One image. */
  async image(index: number): Promise<{ readonly images: ImageSet; readonly index: number }> {
    this.checkIndex(index);
    this.checkPictures();
    return this.images.one(index);
  }

  /** What the network makes of an image. */
  async reconstruction(index: number): Promise<ImageSet> {
    this.checkIndex(index);
    return this.code.reconstruction(index);
  }

  /** What a cluster looks like: its center decoded or, where that is not to be had, the mean of its images. */
  async center(cluster: number): Promise<{ readonly images: ImageSet; readonly index: number }> {
    this.checkPictures();
    this.checkCluster(cluster);
    const { labels } = this.now();
    const made = this.isAsMade(cluster)
      ? ((await this.code.centerImages()) ?? (await this.images.pictures())?.exhibits.centers)
      : undefined;
    if (made) return { images: made, index: cluster };
    const members = Array.from(labels.keys()).filter((i) => labels[i] === cluster);
    const own = takeImages(await this.images.all(), members);
    return { images: meanImages(own, new Int32Array(members.length), 1), index: 0 };
  }

  /** What is known of an image. */
  async imageView(index: number): Promise<ImageView> {
    this.checkIndex(index);
    const { assignments, points } = this.parts;
    const { labels } = this.now();
    const klass = this.classes?.classNames[this.classes.labels[index] ?? -1];
    const features = await this.featuresSoon();
    const near = features ? await nearestRows(features, index, NEIGHBORS) : [];
    const likely = features ? await this.code.likely(features, index) : [];
    const waits = !features && this.images.availability().available !== false;
    return {
      index,
      name: assignments.files?.[index] || null,
      class: klass ?? null,
      cluster: labels[index] as number,
      probability: finite(assignments.probabilities?.[index]),
      distance: finite(assignments.distances[index]),
      reconstructionError: finite(points?.errors?.[index]),
      likely,
      neighbors: near.map((row) => ({ ...row, cluster: labels[row.index] as number })),
      ...(waits && { pending: ["neighbors", "likely"] as const }),
    };
  }

  async clusters(): Promise<readonly ClusterView[]> {
    const { assignments, record } = this.parts;
    return clusterViews({
      now: this.now(),
      original: assignments.clusters,
      distances: assignments.distances,
      points: await this.code.points().result,
      classes: this.classes,
      seed: record.seed,
    });
  }

  confusion(): ConfusionView {
    return confusionView(this.now(), this.classes);
  }

  /** A clusterer on the plane of the code, step by step. */
  async steps(asked: StepsRequest): Promise<StepsView> {
    const places = (await this.array("code-2d").result) as Float32Array;
    const { compute } = this.parts.world;
    return this.works.alone(() => learningSteps(places, asked, compute));
  }

  /** Codes as images, one a row. */
  async decode(asked: DecodeRequest): Promise<ImageSet> {
    if ("place" in asked) return this.code.decode(await this.code.codesAt([asked.place]));
    if ("places" in asked) return this.code.decode(await this.code.codesAt(asked.places));
    return this.code.decode("code" in asked ? onLine(asked.code, asked.code, [0]) : lineOf(asked));
  }

  /** The code of an image, of the center of a cluster as it is now, or of a place. */
  async codeView(end: CodeEnd): Promise<CodeView> {
    const code = await this.codeOf(end);
    return { code, place: await this.code.placeOf(code) };
  }

  private async codeOf(end: CodeEnd): Promise<readonly number[]> {
    if ("place" in end) return Array.from((await this.code.codesAt([end.place])).data);
    if ("image" in end) {
      this.checkIndex(end.image);
      return this.code.codeOf(end.image);
    }
    const { labels } = this.now();
    this.checkCluster(end.cluster);
    if (this.isAsMade(end.cluster)) return this.code.centerCode(end.cluster);
    return this.code.meanCode(Int32Array.from(labels.keys()).filter((i) => labels[i] === end.cluster));
  }

  /** The bytes of the report that was written with the run. */
  async report(): Promise<Uint8Array> {
    const bytes = await readRunFile(join(this.folder, "report.html"));
    if (bytes) return bytes;
    throw new Refusal(404, "explorer: the run must have a report.html; got none.");
  }

  private tell(event: RunEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private arrayInfos(imagesThere: boolean): readonly ArrayInfo[] {
    const { assignments, points } = this.parts;
    const infos: ArrayInfo[] = [
      { name: "cluster", type: "int32", width: 1, state: "ready" },
      { name: "original-cluster", type: "int32", width: 1, state: "ready" },
    ];
    const numbers = (name: string, width: number, isReady: boolean): void => {
      if (isReady || imagesThere) {
        infos.push({ name, type: "float32", width, state: isReady ? "ready" : "made" });
      }
    };
    if (this.classes) infos.push({ name: "class", type: "int32", width: 1, state: "ready" });
    if (assignments.probabilities) numbers("probability", 1, true);
    numbers("distance", 1, true);
    if (this.code.reconstructs) {
      numbers(
        "reconstruction-error",
        1,
        points?.errors !== undefined || this.works.isDone("reconstruction-error"),
      );
    }
    for (const { name, width, isReady } of this.planes.infos()) numbers(name, width, isReady);
    return infos;
  }

  private atlasInfo(): AtlasInfo {
    const { record } = this.parts;
    return atlasInfo(this.count, record.scored ?? record.source);
  }

  /** The features, if they are there or about to be. */
  private async featuresSoon() {
    if (this.images.availability().available === false && !("pending" in this.images.availability())) {
      return undefined;
    }
    try {
      return (await within(this.code.features(), PATIENCE_MS))?.value;
    } catch {
      return undefined; // the images are gone
    }
  }

  /** Whether a cluster holds the images that the run gave it. */
  private isAsMade(cluster: number): boolean {
    const { labels } = this.now();
    const original = this.parts.assignments.clusters;
    return labels.every((label, i) => (label === cluster) === (original[i] === cluster));
  }

  private checkPictures(): void {
    if (!this.parts.record.source.vectors) return;
    throw new Refusal(404, "explorer: pictures must be of images; got a run of vectors.");
  }

  private checkCluster(cluster: number): void {
    if (this.now().clusters.some((one) => one.cluster === cluster)) return;
    throw new Refusal(404, `explorer: a cluster must be one that the run has; got ${cluster}.`);
  }

  private checkIndex(index: number): void {
    if (index < this.count) return;
    throw new Refusal(404, `explorer: an image must be in 0..${this.count - 1}; got ${index}.`);
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function classesOf(
  { source, scored = source }: RunRecord,
  { labels }: StoredAssignments,
): KnownClasses | undefined {
  if (!labels) return undefined;
  const classNames = scored.classNames ?? [...new Set(labels)].filter((name) => name !== "").sort();
  const places = new Map(classNames.map((name, i) => [name, i]));
  return { classNames, labels: Int32Array.from(labels, (name) => places.get(name) ?? -1) };
}
