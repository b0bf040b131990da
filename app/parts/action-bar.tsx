import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { EditState } from "../../src/explorer/protocol.ts";
import { goTo } from "../state/address.ts";
import type { RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { clusterLabel, images, nameOf } from "../state/words.ts";

/** What can be done with selected images. */
export function ActionBar({
  session,
  edits,
  selected,
  elsewhere = false,
}: {
  session: RunSession;
  edits: EditState;
  selected: readonly number[];
  /** Whether the map is somewhere else, and the selection can be shown there. */
  elsewhere?: boolean;
}): VNode | null {
  const [to, setTo] = useState("");
  const busy = useStore(session.busy);
  if (selected.length === 0) return null;
  const clear = (): void => goTo({ selection: "" });
  const move = async (target: number | "new"): Promise<void> => {
    const where = target === "new" ? "a new cluster" : nameOf(target, edits);
    const done = await session.edit(
      { kind: "move", images: selected, to: target },
      `Moved ${images(selected.length)} to ${where}.`,
    );
    if (done) clear();
  };
  return (
    <div class="action-bar" role="toolbar" aria-label="Selected images">
      <strong aria-live="polite">{images(selected.length)} selected</strong>
      {session.offers.edits && (
        <>
          <span class="joined">
            <select
              aria-label="Move to cluster"
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
            >
              <option value="">Move to …</option>
              {edits.clusters.map(({ cluster, name }) => (
                <option key={cluster} value={String(cluster)}>
                  {clusterLabel(cluster, name)}
                </option>
              ))}
            </select>
            <button type="button" disabled={to === "" || busy} onClick={() => void move(Number(to))}>
              Move
            </button>
          </span>
          <button type="button" disabled={busy} onClick={() => void move("new")}>
            New cluster
          </button>
        </>
      )}
      {elsewhere && (
        <button type="button" onClick={() => goTo({ tab: "map" })}>
          Show on map
        </button>
      )}
      <button type="button" class="quiet" onClick={clear}>
        Clear
      </button>
    </div>
  );
}
