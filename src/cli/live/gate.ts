/** A place where work waits while it is paused. */
export class Gate {
  private closed = false;
  private wake: (() => void) | undefined;

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
    this.wake?.();
  }

  /**
   * Waits while the gate is closed; a signal that fires lets through.
   *
   * @param onWait called once before it waits, if it does
   * @returns whether it waited
   */
  async pass(signal: AbortSignal, onWait: () => void): Promise<boolean> {
    if (!this.closed || signal.aborted) return false;
    onWait();
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    this.wake = undefined;
    return true;
  }
}

/** A clock that can be stopped: what lies between `stop` and `go` takes no time. */
export interface StoppableClock {
  now(): number;
  stop(): void;
  go(): void;
}

export function stoppableClock(now: () => number): StoppableClock {
  let lost = 0;
  let stoppedAt: number | undefined;
  return {
    now: () => (stoppedAt ?? now()) - lost,
    stop: () => {
      stoppedAt ??= now();
    },
    go: () => {
      if (stoppedAt === undefined) return;
      lost += now() - stoppedAt;
      stoppedAt = undefined;
    },
  };
}
