/**
 * Follows a run for those who watch it in the explorer: stages, losses, the objective, and after each epoch what the network
 * makes of a sample of the images. All of it lies between two steps of the run, on a clock that stands still, and changes
 * nothing of it: the record is that of a run that nobody watched.
 */
import { type RunProgress, type UnfoldingStep, unfoldingStep } from "../../experiment/index.ts";
import type { LiveTraining, RunNews } from "../../explorer/index.ts";
import { type ImageSet, isVectors, takeImages } from "../../images/index.ts";
import { parseMethod, trainsNetwork } from "../../pipeline/index.ts";
import { doingText } from "../progress-text.ts";
import type { Workplace } from "../work.ts";
import type { RunsOrder, RunWatcher } from "../write-runs.ts";
import type { Gate, StoppableClock } from "./gate.ts";

/** Images whose places are followed, and those of them whose pictures are. */
const SAMPLE = 2000;
const PICTURES = 10;

/** Milliseconds between two news of progress; what happened in between is told with the next. */
const TELL_EVERY = 60;

/** The first epochs are looked at in any case, later ones while looking takes no more than a third of all the time. */
const ALWAYS_SEEN = 2;
const MOST_LOOKING = 1 / 3;

export interface WatcherParts {
  readonly tell: (news: RunNews) => void;
  readonly gate: Gate;
  readonly clock: StoppableClock;
  /** Milliseconds, on a clock that is never stopped. */
  readonly now: () => number;
  /** Fires when the run is to end; nothing waits then. */
  readonly signal: AbortSignal;
}

/** The images that are followed. */
interface Followed {
  readonly sample: ImageSet;
  readonly pictures: ImageSet | undefined;
  readonly nGroups: number | undefined;
  readonly seed: number;
  readonly place: Workplace;
}

interface Objective {
  readonly name: string;
  readonly restart: number;
  readonly from: number;
  readonly values: number[];
}

export class NewsWatcher implements RunWatcher {
  private readonly parts: WatcherParts;
  private readonly started: number;
  private followed: Followed | undefined;
  private last: UnfoldingStep | undefined;
  private objective: Objective | undefined;
  private stage: string | undefined;
  /** Whether the run itself is complete, and its report is written. */
  private isReporting = false;
  private told = Number.NEGATIVE_INFINITY;
  private looking = 0;

  constructor(parts: WatcherParts) {
    this.parts = parts;
    this.started = parts.now();
  }

  async began({ source, request, wanted }: RunsOrder, place: Workplace): Promise<void> {
    const { images } = source;
    const { method = "", seed = 0 } = wanted[0] ?? {};
    const { count, height, width, channels, labels, classNames } = images;
    const trains = trainsNetwork(parseMethod(method));
    const sample = takeImages(images, spaced(count, SAMPLE));
    const pictures = trains ? takeImages(sample, spaced(sample.count, PICTURES)) : undefined;
    const { clusters } = request;
    const nGroups = clusters === "auto" ? undefined : clusters;
    this.followed = { sample, pictures, nGroups, seed, place };
    this.parts.tell({
      kind: "opened",
      facts: {
        source: source.name,
        count,
        image: isVectors(images) ? null : { height, width, channels },
        ...{ method, seed, clusters },
        folder: place.output.path,
        classNames: labels ? (classNames ?? null) : null,
        sample: sample.count,
        pictures: pictures?.count ?? 0,
      },
      sample: { classes: sample.labels && Int32Array.from(sample.labels), pictures },
    });
  }

  async after(progress: RunProgress): Promise<void> {
    const { clock, gate, signal, tell } = this.parts;
    clock.stop();
    try {
      this.note(progress);
      if (progress.training?.epochDone) await this.look(progress.training);
      const waited = await gate.pass(signal, () => {
        this.report(progress);
        tell({ kind: "paused" });
      });
      if (waited) tell({ kind: "going" });
    } finally {
      clock.go();
    }
  }

  /** Tells where the run stands, if that was not done a moment ago. */
  private note(progress: RunProgress): void {
    this.collect(progress);
    const isNew = progress.stage !== this.stage || progress.training?.epochDone === true;
    if (isNew || this.parts.now() - this.told >= TELL_EVERY) this.report(progress);
  }

  private report(progress: RunProgress): void {
    const { objective } = this;
    this.isReporting ||= progress.stage === "exhibits";
    this.stage = progress.stage;
    this.told = this.parts.now();
    this.objective = objective && {
      ...objective,
      from: objective.from + objective.values.length,
      values: [],
    };
    this.parts.tell({
      kind: "progress",
      // The curve over k that the report shows.
      stage: this.isReporting && progress.stage === "number of clusters" ? "report" : progress.stage,
      text: doingText(progress),
      part: partOf(progress),
      ...(progress.training && { training: trainingNews(progress.training) }),
      ...(objective && objective.values.length > 0 && { objective }),
    });
  }

  private collect({ step }: RunProgress): void {
    if (!step || "part" in step) return;
    const [name, value] =
      "inertia" in step
        ? (["inertia", step.inertia] as const)
        : "loss" in step
          ? (["loss", step.loss] as const)
          : (["meanLogLikelihood", step.meanLogLikelihood] as const);
    const { restart } = step;
    if (this.objective?.name !== name || this.objective.restart !== restart) {
      this.objective = { name, restart, from: 1, values: [] };
    }
    this.objective.values.push(value);
  }

  private async look(training: NonNullable<RunProgress["training"]>): Promise<void> {
    const { epoch, epochs, loss, validationLoss = null, glimpse } = training;
    const { now, tell, signal } = this.parts;
    const { followed } = this;
    const began = now();
    const isWorthIt = this.looking <= MOST_LOOKING * (began - this.started);
    const isSeen = epoch <= ALWAYS_SEEN || epoch === epochs || isWorthIt;
    if (!glimpse || !followed?.pictures || !isSeen || signal.aborted) {
      tell({ kind: "epoch", epoch, loss, validationLoss });
      return;
    }
    const { sample, pictures, nGroups, seed, place } = followed;
    const { compute } = place.context;
    const codes = await glimpse.codes(sample);
    this.last = await unfoldingStep(codes, { nGroups, seed }, this.last, { compute });
    const { places, groups } = this.last;
    const reconstructions = await glimpse.reconstructions(pictures);
    this.looking += now() - began;
    tell({
      ...{ kind: "epoch", epoch, loss, validationLoss },
      look: { places: places.data, groups, reconstructions },
    });
  }
}

/** At most so many of 0..count-1, evenly spaced. */
function spaced(count: number, most: number): Int32Array {
  const length = Math.min(count, most);
  return Int32Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}

/** How far the stage is, where that can be said. */
function partOf({ training, map, panel, step }: RunProgress): number | undefined {
  if (training) {
    const { epoch, epochs, batch, batches } = training;
    return (epoch - 1 + batch / Math.max(1, batches)) / epochs;
  }
  if (map) return map.part === "layout" ? map.epoch / map.epochs : undefined;
  if (panel) return panel.stage === "fit" ? panel.position / panel.total : panel.done / panel.total;
  if (step && "part" in step) return step.total > 1 ? step.done / step.total : undefined;
  return undefined;
}

function trainingNews(training: NonNullable<RunProgress["training"]>): LiveTraining {
  const { epoch, epochs, batch, batches, loss } = training;
  const { validationLoss = null, imagesPerSecond = null, secondsLeft = null } = training;
  return { epoch, epochs, batch, batches, loss, validationLoss, imagesPerSecond, secondsLeft };
}
