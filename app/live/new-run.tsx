import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Waiting } from "../parts/parts.tsx";
import { isOver, useLive } from "./live.ts";
import { LiveView } from "./live-view.tsx";
import { StartForm } from "./start-form.tsx";
import "./live.css";

/** A new run: what is asked of it, then how it learns. */
export function NewRun(): VNode {
  const state = useLive();
  /** The run after which another one is wanted. */
  const [after, setAfter] = useState<string | null>(null);
  useEffect(() => {
    document.title = "New run · unlabeled";
  }, []);
  if (state === undefined) return <Waiting what="Looking whether a run is being made …" />;
  if (state === null || (isOver(state) && after === state.id)) {
    return (
      <div class="new-run">
        <h1>New run</h1>
        <StartForm first={state?.request ?? null} />
      </div>
    );
  }
  return <LiveView key={state.id} state={state} onAnother={() => setAfter(state.id)} />;
}
