/** The run that is being made, one at a time, and those who watch it. */
import { relative, sep } from "node:path";
import { UnlabeledError } from "../../errors.ts";
import type { LiveAnswer, StartRequest } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import { type RunList, runId } from "../run-list.ts";
import type { ExplorerWorld } from "../world.ts";
import { LiveRun } from "./live-run.ts";
import type { RunMaker } from "./run-maker.ts";

/** Milliseconds between two states that are told to those who watch: more than an eye follows. */
const TELL_EVERY = 150;

export class LiveRuns {
  private readonly world: Pick<ExplorerWorld, "maker" | "date" | "warn">;
  private readonly list: RunList;
  private readonly runsFolder: string;
  private readonly listeners = new Set<(answer: LiveAnswer) => void>();
  private current: LiveRun | undefined;
  private started = 0;
  private closing = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(world: Pick<ExplorerWorld, "maker" | "date" | "warn">, list: RunList, runsFolder: string) {
    this.world = world;
    this.list = list;
    this.runsFolder = runsFolder;
  }

  get answer(): LiveAnswer {
    return { live: this.current?.state ?? null };
  }

  /** @throws {Refusal} 404 where runs cannot be started from the page */
  get maker(): RunMaker {
    const { maker } = this.world;
    if (maker) return maker;
    throw new Refusal(404, "explorer: this server starts no runs; use unlabeled cluster.");
  }

  /**
   * Starts a run.
   *
   * @throws {Refusal} 409 while another one is made, 400 for settings that the command line would not take, in its words
   */
  start(request: StartRequest): LiveRun {
    const { maker } = this;
    if (this.closing) throw new Refusal(503, "explorer: the server is ending; start it again.");
    if (this.current && !this.current.isOver) {
      const { source, options } = this.current.state.request;
      throw new Refusal(
        409,
        `explorer: one run is made at a time; got another while ${options.method ?? "one"} of ${source} is. Wait for it, or cancel it.`,
      );
    }
    try {
      maker.check(request);
    } catch (error) {
      if (error instanceof UnlabeledError) throw new Refusal(400, error.message);
      throw error;
    }
    this.started++;
    const first = { id: String(this.started), request, startedAt: this.world.date() };
    const run = new LiveRun(
      first,
      (tell) => maker.make(request, tell),
      (folder) => this.runOf(folder),
      () => this.tell(),
    );
    this.current = run;
    run.over.catch((error) => this.world.warn(`unlabeled explore: ${error?.stack ?? error}`));
    this.tell();
    return run;
  }

  /** @throws {Refusal} 404 for any run but the present one */
  get(id: string): LiveRun {
    if (this.current?.state.id === id) return this.current;
    throw new Refusal(404, "explorer: a run that is being made must be the present one; got another.");
  }

  /** Calls the listener now, and after each change, until what is returned is called. */
  listen(listener: (answer: LiveAnswer) => void): () => void {
    this.listeners.add(listener);
    listener(this.answer);
    return () => this.listeners.delete(listener);
  }

  /** Ends the run that is being made as Ctrl-C ends the command, and says at the terminal how to go on. */
  async close(): Promise<void> {
    this.closing = true;
    const { current } = this;
    if (current && !current.isOver) {
      this.world.warn("unlabeled explore: the run that is being made is brought to safety …");
      current.cancel();
      const end = await current.over;
      if (end.kind !== "done") {
        this.world.warn(
          end.resume === null
            ? "unlabeled explore: the run that was being made is ended; nothing was done that could be resumed."
            : `unlabeled explore: the run that was being made is kept. Resume with: ${end.resume}`,
        );
      }
    }
    clearTimeout(this.timer);
  }

  /** What is told is the state of the moment: changes between two tellings are one. */
  private tell(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const listener of [...this.listeners]) listener(this.answer);
    }, TELL_EVERY);
  }

  private async runOf(folder: string): Promise<string | null> {
    const id = runId(relative(this.runsFolder, folder).split(sep).join("/"));
    return (await this.list.find(id)) ? id : null;
  }
}
