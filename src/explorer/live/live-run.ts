/** One run that is being made: what was told of it, in bounds, as the page shows it. */
import type { LiveEpoch, LiveState, LiveStatus, StartRequest } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import type { EpochLook, RunEnd, RunInTheMaking, RunNews, RunSample } from "./run-maker.ts";

/** Points of a curve, epochs, and epochs with places and pictures, at most; beyond, every second one is forgotten. */
const MOST_POINTS = 400;
const MOST_EPOCHS = 400;
const MOST_SEEN = 100;
const MOST_WARNINGS = 20;

const ended: readonly LiveStatus[] = ["done", "cancelled", "failed"];

type Fields = { -readonly [K in keyof LiveState]: LiveState[K] };

export class LiveRun {
  private readonly fields: Fields;
  private readonly making: RunInTheMaking;
  private readonly changed: () => void;
  private sample: RunSample | undefined;
  private readonly looks = new Map<number, EpochLook>();
  private restart = 0;
  private pauseAsked = false;
  /** Resolves once the run has ended, and its state says how. */
  readonly over: Promise<RunEnd>;

  /**
   * @param begin begins the run, and tells its news to what it is given
   * @param runOf what the list of runs calls a folder
   * @param changed called after each change
   */
  constructor(
    first: { readonly id: string; readonly request: StartRequest; readonly startedAt: string },
    begin: (tell: (news: RunNews) => void) => RunInTheMaking,
    runOf: (folder: string) => Promise<string | null>,
    changed: () => void,
  ) {
    this.fields = {
      ...first,
      status: "starting",
      text: "Starting …",
      stages: [],
      part: null,
      made: null,
      training: null,
      losses: { at: [], values: [] },
      epochs: [],
      objective: null,
      warnings: [],
      run: null,
      error: null,
      resume: null,
    };
    this.changed = changed;
    this.making = begin((news) => this.heed(news));
    this.over = this.making.ended.then(async (end) => {
      await this.end(end, runOf);
      return end;
    });
  }

  get state(): LiveState {
    return this.fields;
  }

  get isOver(): boolean {
    return ended.includes(this.fields.status);
  }

  pause(): void {
    if (this.isOver || this.fields.status === "cancelling") return;
    this.pauseAsked = true;
    if (this.fields.status !== "paused") this.set({ status: "pausing" });
    this.making.pause();
  }

  goOn(): void {
    if (this.isOver || this.fields.status === "cancelling") return;
    this.pauseAsked = false;
    this.set({ status: this.fields.made ? "running" : "starting" });
    this.making.goOn();
  }

  /** The second time it does not wait for a safe point. */
  cancel(): void {
    if (this.isOver) return;
    if (this.fields.status === "cancelling") this.making.kill();
    else {
      this.set({ status: "cancelling" });
      this.making.cancel();
    }
  }

  /** @throws {Refusal} 404 where no classes are known */
  classes(): Int32Array {
    return this.sample?.classes ?? missing("classes must be known");
  }

  /** @throws {Refusal} 404 for an epoch that was not looked at, or is forgotten */
  look(epoch: number): EpochLook {
    return this.looks.get(epoch) ?? missing("an epoch must be one that was seen");
  }

  /** Images of a row: as they are for epoch 0, else what the network made of them. */
  pictures(epoch: number): NonNullable<RunSample["pictures"]> {
    if (epoch > 0) return this.look(epoch).reconstructions;
    return this.sample?.pictures ?? missing("there must be pictures");
  }

  private set(change: Partial<Fields>): void {
    Object.assign(this.fields, change);
    this.changed();
  }

  private heed(news: RunNews): void {
    const { fields } = this;
    switch (news.kind) {
      case "opened":
        this.sample = news.sample;
        this.set({ made: news.facts, ...(fields.status === "starting" && { status: "running" }) });
        return;
      case "paused":
        if (fields.status === "pausing") this.set({ status: "paused" });
        return;
      case "going":
        if (fields.status === "paused" && !this.pauseAsked) this.set({ status: "running" });
        return;
      case "warning":
        this.set({ warnings: [...fields.warnings, news.text].slice(-MOST_WARNINGS) });
        return;
      case "epoch":
        this.takeEpoch(news);
        return;
      case "progress":
        this.takeProgress(news);
    }
  }

  private takeProgress(news: Extract<RunNews, { kind: "progress" }>): void {
    const { stages, losses } = this.fields;
    const { stage, text, part, training, objective } = news;
    const isNew = stage !== undefined && stages.at(-1) !== stage;
    const change: Partial<Fields> = { text, part: part ?? null };
    if (isNew) change.stages = [...stages, stage];
    if (training) {
      change.training = training;
      const at = training.epoch - 1 + training.batch / Math.max(1, training.batches);
      change.losses = thinnedCurve([...losses.at, at], [...losses.values, training.loss]);
    }
    if (objective) change.objective = this.objectiveWith(objective);
    this.set(change);
  }

  private objectiveWith(news: NonNullable<Extract<RunNews, { kind: "progress" }>["objective"]>) {
    const { name, restart, from, values } = news;
    const before = this.fields.objective;
    const same = before?.name === name && restart === this.restart;
    this.restart = restart;
    const iterations = values.map((_, i) => from + i);
    const curve = thinnedCurve(
      [...(same ? before.iterations : []), ...iterations],
      [...(same ? before.values : []), ...values],
    );
    return { name, iterations: curve.at, values: curve.values };
  }

  private takeEpoch({ epoch, loss, validationLoss, look }: Extract<RunNews, { kind: "epoch" }>): void {
    if (look) {
      this.looks.set(epoch, look);
      if (this.looks.size > MOST_SEEN) this.forgetLooks();
    }
    const added = [...this.fields.epochs, { epoch, loss, validationLoss }];
    const kept = added.length > MOST_EPOCHS ? everySecond(added) : added;
    this.set({
      epochs: kept.map((one): LiveEpoch => {
        const seen = this.looks.get(one.epoch);
        return { ...one, seen: seen !== undefined, grouped: seen?.groups !== undefined };
      }),
    });
  }

  /** The first and the last stay. */
  private forgetLooks(): void {
    const kept = new Set(everySecond([...this.looks.keys()]));
    for (const epoch of [...this.looks.keys()]) if (!kept.has(epoch)) this.looks.delete(epoch);
  }

  private async end(end: RunEnd, runOf: (folder: string) => Promise<string | null>): Promise<void> {
    switch (end.kind) {
      case "done":
        this.set({ run: await runOf(end.folder), status: "done", text: "Done.", part: 1 });
        return;
      case "cancelled":
        this.set({ status: "cancelled", text: "Cancelled.", resume: end.resume, part: null });
        return;
      case "failed":
        this.set({ status: "failed", text: "Failed.", error: end.error, resume: end.resume, part: null });
    }
  }
}

/** The last one stays, and of those before every second one, the first among them. */
function everySecond<T>(all: readonly T[]): T[] {
  return all.filter((_, i) => i % 2 === 0 || i === all.length - 1);
}

function thinnedCurve(
  at: readonly number[],
  values: readonly number[],
): { readonly at: readonly number[]; readonly values: readonly number[] } {
  let curve = { at, values };
  while (curve.at.length > MOST_POINTS) {
    curve = { at: everySecond(curve.at), values: everySecond(curve.values) };
  }
  return curve;
}

function missing(rule: string): never {
  throw new Refusal(404, `explorer: ${rule}; got a run that is being made without.`);
}
