/** A signal that can be held back for a moment: between a wish to cancel and the cancelling, work is brought to safety. */
export interface PatientSignal {
  readonly signal: AbortSignal;
  /** From here on the signal waits for {@link release}. */
  hold(): void;
  /** Lets the signal fire, now if it was held back. */
  release(): void;
  /** Stops listening. */
  close(): void;
}

/** Follows a signal. */
export function patientSignal(wish: AbortSignal): PatientSignal {
  const controller = new AbortController();
  let held = false;
  const follow = (): void => {
    if (wish.aborted && !held) controller.abort();
  };
  wish.addEventListener("abort", follow);
  follow();
  return {
    signal: controller.signal,
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      follow();
    },
    close: () => wish.removeEventListener("abort", follow),
  };
}
