import { type EditedClusters, editedAssignment } from "../../edits/index.ts";
import { InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import { countAgreement, type Metrics, type SourceRecord } from "../../experiment/index.ts";
import { type ImageSet, imageLength } from "../../images/index.ts";
import type { Runtime } from "../../neural/index.ts";
import {
  assignmentEncoder,
  jsonText,
  namesOf,
  readEdits,
  readRun,
  type StreamEnd,
  sourceName,
} from "../../node/index.ts";
import { assignStream, parseMethod, UNFAMILIAR, usesNetwork } from "../../pipeline/index.ts";
import { formatScore, scoreDescriptions } from "../../presentation/index.ts";
import { assignmentTarget, openSink } from "../assignment-output.ts";
import type { AssignSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { fileName, openCompute, openNetworks, threadsOf } from "../open.ts";
import { grouped, itemWord, plural, sourceLine } from "../results-text.ts";
import { readingChoice, warnOfNotices } from "../sources.ts";
import { renderTable } from "../table.ts";

/** Bytes of the images in one piece, at most, and their number: few enough for any memory, enough for all cores. */
const PIECE_BYTES = 2_097_152;
const PIECE_IMAGES = 8192;

/** Bytes of images that may be used up before their memory is asked back: a tenth of what the program takes anyway. */
const TIDY_BYTES = 8_000_000;

/** Puts images into the clusters of a finished run as they are read, and writes which lies where. */
export async function run(settings: AssignSettings, effects: Effects): Promise<number> {
  const { path, format } = assignmentTarget(
    settings,
    fileName(`assigned-${sourceName(settings.source, "file")}-${settings.split}`),
  );
  const { record, chain, labels } = await readRun(settings.run);
  const edited = await readEdits(settings.run, { record, labels }, settings);
  const names = new Map(
    [...namesOf(edited)].flatMap(([cluster, { name }]) => (name ? [[cluster, name]] : [])),
  );
  const encoder = await assignmentEncoder(format, names);
  const sink = await openSink(path, settings.force, effects);
  const compute = openCompute(settings.threads, effects);
  let runtime: Runtime | undefined;
  try {
    if (usesNetwork(parseMethod(chain.method)))
      runtime = await openNetworks(threadsOf(settings, effects), effects);
    const reader = new SourceStream(settings, record.source, effects);
    const counts = countAgreement(edited.nextCluster);
    const context = { compute, runtime, signal: effects.signal };
    let unfamiliar = 0;
    let used = 0;
    let isRead = await sink.write(encoder.head());
    for await (const piece of assignStream(chain, reader.pieces(), context)) {
      const assignment = await editedAssignment(edited, chain, piece, context);
      counts.add(piece.images, assignment);
      for (const value of assignment.familiarities ?? []) if (value < UNFAMILIAR) unfamiliar++;
      isRead = await sink.write(encoder.rows({ images: piece.images, assignment }));
      if (!isRead) break;
      reader.showProgress();
      used += piece.images.pixels.length;
      if (used >= TIDY_BYTES) {
        effects.tidy();
        used = 0;
      }
    }
    if (!isRead) return 0; // a reader that has seen enough is no fault
    const { end, described } = reader.whole();
    await sink.write(encoder.end());
    warnOfNotices(end.name, end.notices, effects);
    throwIfCancelled("unlabeled assign", effects.signal);
    const skippedList = await sink.commit(end.skipped);
    const result: Assigned = {
      run: settings.run,
      source: describedSource(settings, record.source, end, described),
      count: end.count,
      clusters: counts.sizes,
      metrics: counts.metrics(),
      output: path,
      ...(chain.familiarity && { unfamiliar }),
      skipped: end.skipped.length,
    };
    effects.progress.done();
    if (settings.json) effects.write(jsonText(result));
    else {
      const text = resultText(result, edited, skippedList);
      if (path === "-") effects.warn(text.trimEnd());
      else effects.write(text);
    }
    return 0;
  } finally {
    runtime?.close();
    compute.close();
    await sink.discard();
  }
}

/** The settings that were given. */
function given(
  settings: AssignSettings,
): Partial<Pick<AssignSettings, "idColumn" | "labelColumn" | "maxBad">> {
  const { idColumn, labelColumn, maxBad } = settings;
  return {
    ...(idColumn !== undefined && { idColumn }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(maxBad !== undefined && { maxBad }),
  };
}

/** What is told of images. */
type Described = Pick<SourceRecord, "height" | "width" | "channels" | "labelled" | "classNames" | "vectors">;

/** A source as it is read. */
class SourceStream {
  private readonly settings: AssignSettings;
  private readonly wanted: SourceRecord;
  private readonly item: string;
  private readonly effects: Effects;
  private readonly started: number;
  private end: StreamEnd | undefined;
  private described: Described | undefined;
  private done = 0;
  private total: number | undefined;

  constructor(settings: AssignSettings, wanted: SourceRecord, effects: Effects) {
    this.settings = settings;
    this.wanted = wanted;
    this.item = itemWord(wanted);
    this.effects = effects;
    this.started = effects.now();
  }

  /** The images, brought to what those of the run were brought to. */
  async *pieces(): AsyncGenerator<ImageSet, void, void> {
    const { source, split, limit, noCache } = this.settings;
    const { size, height, width, channels } = this.wanted;
    // How images are read is the run's own; columns and limits of the new source may be others.
    const { idColumn, labelColumn, maxBad } = { ...this.wanted, ...given(this.settings) };
    const reading = readingChoice({ ...this.wanted, idColumn, labelColumn, maxBad, noCache });
    this.effects.progress.show(`Opening ${source}`);
    const bytes = imageLength({ ...this.wanted, count: 1, pixels: new Uint8Array() });
    const chunk = Math.max(1, Math.min(PIECE_IMAGES, Math.floor(PIECE_BYTES / bytes)));
    const stream = this.effects.streamSource(source, {
      ...reading,
      ...{ split, limit, size, height, width, channels, chunk },
      onDecode: ({ total }) => {
        this.total = total;
      },
    });
    try {
      let next = await stream.next();
      while (!next.done) {
        const { height, width, channels, labels, classNames } = next.value;
        // The last piece knows the most classes.
        this.described = {
          ...{ height, width, channels, labelled: labels !== undefined },
          ...(classNames && { classNames }),
          ...(this.wanted.vectors && { vectors: true }),
        };
        this.done += next.value.count;
        yield next.value;
        next = await stream.next();
      }
      this.end = next.value;
    } finally {
      await stream.return(undefined as never);
    }
  }

  showProgress(): void {
    const { done, total, item, effects } = this;
    const seconds = Math.max((effects.now() - this.started) / 1000, 0.001);
    const of = total === undefined ? "" : ` of ${grouped(total)}`;
    effects.progress.show(
      `Assigning: ${grouped(done)}${of} ${item}s, ${grouped(Math.round(done / seconds))} ${item}s/s`,
    );
  }

  /** @throws {InputError} if there were no images */
  whole(): { readonly end: StreamEnd; readonly described: Described } {
    const { end, described } = this;
    if (end && described && end.count > 0) return { end, described };
    throw new InputError(
      `unlabeled assign: "${this.settings.source}" must hold at least one ${this.item}; got none. Give a source with ${this.item}s.`,
    );
  }
}

/** A source that was read in a stream: it has no digest, which would begin with the number of the images. */
type StreamedSource = Omit<SourceRecord, "sha256">;

interface Assigned {
  readonly run: string;
  readonly source: StreamedSource;
  readonly count: number;
  readonly clusters: readonly number[];
  readonly metrics: Metrics;
  readonly output: string;
  readonly unfamiliar?: number;
  readonly skipped: number;
}

function describedSource(
  { source, split, limit }: AssignSettings,
  { size }: SourceRecord,
  end: StreamEnd,
  described: Described,
): StreamedSource {
  return {
    name: end.name,
    location: source,
    split,
    ...(limit !== undefined && { limit }),
    ...(size !== undefined && { size }),
    count: end.count,
    ...described,
  };
}

function resultText(
  result: Assigned,
  { clusters: present }: EditedClusters,
  skippedList: string | undefined,
): string {
  const { source, count, clusters, metrics, output, unfamiliar, skipped } = result;
  const item = itemWord(source);
  const named = present.some(({ name }) => name !== null);
  const sizes = renderTable(
    [
      { head: "Cluster", align: "right" },
      ...(named ? [{ head: "Name", align: "left" } as const] : []),
      { head: item === "image" ? "Images" : "Vectors", align: "right" },
    ],
    present.map(({ cluster, name }) => [
      String(cluster),
      ...(named ? [name ?? ""] : []),
      grouped(clusters[cluster] ?? 0),
    ]),
  );
  const scores = scoreDescriptions.flatMap(({ name, label }) => {
    const value = metrics[name];
    return value === undefined ? [] : [`${label} ${formatScore(name, value)}`];
  });
  const strange =
    unfamiliar === undefined
      ? `Whether ${item}s are unlike those of the run cannot be said: it has nothing to tell that by (docs/assign.md).`
      : `Unlike the ${item}s of the run: ${grouped(unfamiliar)} of ${plural(count, item)} (${((100 * unfamiliar) / count).toFixed(2)} %; of ${item}s like those it would be about 1 %).`;
  const left =
    skipped === 0
      ? ""
      : `Could not be read: ${plural(skipped, "item")}${skippedList === undefined ? "" : `, listed in ${skippedList}`}.\n`;
  return `${sourceLine(source)}\n\n${sizes}\n${scores.join(", ")}\n${strange}\n${left}\nAssignments: ${output === "-" ? "standard output" : output}\n`;
}
