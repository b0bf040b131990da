import type { VNode } from "preact";
import { address, goTo, newRun } from "../state/address.ts";
import { useStore } from "../state/store.ts";
import { isOver, useLiveNowAndThen } from "./live.ts";

/** Says in the head of every page that a run is being made, and leads to it. */
export function LiveChip(): VNode | null {
  const state = useLiveNowAndThen();
  const { run, page } = useStore(address);
  const isShown = run === null && page === "new";
  if (!state || isOver(state) || isShown) return null;
  const { made, request, training, status, stages } = state;
  const where =
    status === "paused"
      ? "paused"
      : stages.at(-1) === "features" && training
        ? `epoch ${training.epoch} of ${training.epochs}`
        : (stages.at(-1) ?? "starting");
  return (
    <button type="button" class="live-chip" onClick={() => goTo(newRun)}>
      <span class="live-dot" aria-hidden="true" />
      <span class="live-chip-words">
        {made?.method ?? request.options.method ?? request.source}: {where}
      </span>
    </button>
  );
}
