/** Long work that is done once, whoever asks for it, and tells how far it is. */
import { CancelledError } from "../errors.ts";
import type { RunEvent } from "./protocol.ts";

/** Tells how far the work is, 0..1. */
export type Tell = (done: number) => void;

/** How a piece of work is going. */
export interface Work<T> {
  readonly what: string;
  readonly state: "running" | "done" | "failed";
  /** 0..1. */
  readonly done: number;
  /** Rejects where the work failed. */
  readonly result: Promise<T>;
  /** The result of work that is done. */
  readonly value?: T;
}

/** Milliseconds between two reports of one work. */
const REPORT_EVERY = 200;

interface Entry extends Work<unknown> {
  state: Work<unknown>["state"];
  done: number;
  value?: unknown;
  lastAsked: number;
  readonly cancellable: boolean;
  readonly controller: AbortController;
}

/** The works of one run. */
export class SharedWorks {
  private readonly works = new Map<string, Entry>();
  private readonly report: (event: RunEvent) => void;
  private readonly now: () => number;
  private readonly queue: { last: Promise<unknown> };

  /** @param queue what heavy works of all runs wait in: one at a time has all threads */
  constructor(report: (event: RunEvent) => void, now: () => number, queue: { last: Promise<unknown> }) {
    this.report = report;
    this.now = now;
    this.queue = queue;
  }

  /**
   * The work of a name, which begins if nobody has asked for it yet, or if it failed.
   *
   * @param make given a way to tell how far it is, and a signal that fires when nobody waits any more
   * @param options.cancellable whether it may be given up when nobody has asked for it for a while
   */
  get<T>(
    what: string,
    make: (tell: Tell, signal: AbortSignal) => Promise<T>,
    options: { readonly cancellable?: boolean } = {},
  ): Work<T> {
    const known = this.works.get(what);
    if (known && known.state !== "failed") {
      known.lastAsked = this.now();
      return known as Work<T>;
    }
    const entry = this.begin(what, make, options.cancellable ?? false);
    this.works.set(what, entry);
    return entry as Work<T>;
  }

  /** Runs a step when no other heavy one runs. Must not wait for another heavy step. */
  alone<T>(step: () => Promise<T>): Promise<T> {
    const result = this.queue.last.then(step);
    this.queue.last = result.catch(() => {});
    return result;
  }

  /** Whether work of this name is finished. */
  isDone(what: string): boolean {
    return this.works.get(what)?.state === "done";
  }

  /** Forgets a result. */
  forget(what: string): void {
    if (this.works.get(what)?.state !== "running") this.works.delete(what);
  }

  /** Gives up what nobody has asked for within so many milliseconds. */
  cancelIdle(milliseconds: number): void {
    for (const entry of this.works.values()) {
      if (entry.state === "running" && entry.cancellable && this.now() - entry.lastAsked > milliseconds) {
        entry.controller.abort(
          new CancelledError(`explorer: ${entry.what} was given up: nobody waits for it.`),
        );
      }
    }
  }

  /** Gives up everything. */
  close(): void {
    for (const { controller, state, what } of this.works.values()) {
      if (state === "running") controller.abort(new CancelledError(`explorer: ${what} was given up.`));
    }
    this.works.clear();
  }

  private begin(
    what: string,
    make: (tell: Tell, signal: AbortSignal) => Promise<unknown>,
    cancellable: boolean,
  ): Entry {
    const controller = new AbortController();
    let reported = 0;
    const tell = (done: number): void => {
      entry.done = Math.max(entry.done, Math.min(1, done));
      if (this.now() - reported < REPORT_EVERY) return;
      reported = this.now();
      this.report({ kind: "preparing", what, done: entry.done });
    };
    const result = Promise.resolve()
      .then(() => make(tell, controller.signal))
      .then(
        (value) => {
          Object.assign(entry, { state: "done", done: 1, value });
          this.report({ kind: "prepared", what });
          return value;
        },
        (error) => {
          entry.state = "failed";
          throw error;
        },
      );
    result.catch(() => {}); // whoever waits is told; where nobody does, the next who asks begins anew
    const entry: Entry = {
      what,
      state: "running",
      done: 0,
      result,
      lastAsked: this.now(),
      cancellable,
      controller,
    };
    return entry;
  }
}

/** The result, or undefined where it is not there within so many milliseconds. */
export async function within<T>(
  { result }: Pick<Work<T>, "result">,
  milliseconds: number,
): Promise<{ readonly value: T } | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([result.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Work that needed none. */
export function finished<T>(value: T): Work<T> {
  return { what: "", state: "done", done: 1, result: Promise.resolve(value), value };
}
