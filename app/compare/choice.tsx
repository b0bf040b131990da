import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RunEntry, RunList, RunView } from "../../src/explorer/protocol.ts";
import { Asked } from "../parts/parts.tsx";
import { goTo } from "../state/address.ts";
import { askJson } from "../state/client.ts";
import type { Loaded } from "../state/run-session.ts";
import { count, faultText, images, minute } from "../state/words.ts";

/** Whether two runs are of the same images, in the same order. */
export function areComparable(a: RunEntry, b: RunEntry): boolean {
  return a.digest === b.digest && a.count === b.count;
}

/** All other runs, asked for once. */
export function useOthers(view: RunView): Loaded<readonly RunEntry[]> {
  const [others, setOthers] = useState<Loaded<readonly RunEntry[]>>({ state: "loading" });
  // asked for with each run that is opened.
  useEffect(() => {
    let over = false;
    askJson<RunList>(null).then(
      ({ runs }) => !over && setOthers({ state: "ready", value: runs.filter(({ id }) => id !== view.id) }),
      (error) => !over && setOthers({ state: "failed", error: faultText(error) }),
    );
    return () => {
      over = true;
    };
  }, [view.id]);
  return others;
}

/** Which run to compare with; those that cannot be are told of. */
export function Choice({ view, others }: { view: RunView; others: Loaded<readonly RunEntry[]> }): VNode {
  return (
    <div class="picker compare-choice">
      <h2>Compare {view.name} with …</h2>
      <Asked of={others} what="Looking for runs …" retry={() => location.reload()}>
        {(runs) => {
          const fitting = runs.filter((run) => areComparable(view, run));
          const rest = runs.filter((run) => !areComparable(view, run));
          return (
            <>
              {fitting.length === 0 ? (
                <p>
                  There is no other run of the same {images(view.count)}. Make one with another method, e.g.{" "}
                  <code>unlabeled cluster {view.source} --method pca+kmeans</code>, and come back.
                </p>
              ) : (
                <div class="table-frame">
                  <table class="runs">
                    <thead>
                      <tr>
                        <th scope="col">Method</th>
                        <th scope="col" class="number">
                          Clusters
                        </th>
                        <th scope="col">Folder</th>
                        <th scope="col">Made</th>
                      </tr>
                    </thead>
                    <tbody>
                      {fitting.map((run) => (
                        <tr key={run.id}>
                          <th scope="row">
                            <button type="button" class="link" onClick={() => goTo({ with: run.id })}>
                              {run.method}
                            </button>
                          </th>
                          <td class="number">{run.clusters}</td>
                          <td>{run.name}</td>
                          <td class="soft">{minute(run.startedAt)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
              {rest.length > 0 && (
                <details>
                  <summary>
                    {rest.length === 1 ? "One run" : `${count(rest.length)} runs`} cannot be compared with
                    this one: they are of other images
                  </summary>
                  <ul>
                    {rest.map((run) => (
                      <li key={run.id}>
                        {run.name} <span class="soft">({whyNot(view, run)})</span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          );
        }}
      </Asked>
    </div>
  );
}

function whyNot(view: RunView, run: RunEntry): string {
  if (run.source !== view.source) return `${run.source}, ${images(run.count)}`;
  if (run.count !== view.count) return `${images(run.count)} of ${run.source}, here ${count(view.count)}`;
  return `${run.source} of another content or size`;
}
