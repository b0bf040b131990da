import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RunEntry, RunList } from "../../src/explorer/protocol.ts";
import { formatMeasure, measureLabel } from "../../src/presentation/index.ts";
import { areComparable } from "../compare/choice.tsx";
import { Asked } from "../parts/parts.tsx";
import { goTo, newRun, openedRun } from "../state/address.ts";
import { backend, connection } from "../state/backend.ts";
import type { Loaded } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { count, faultText, minute } from "../state/words.ts";

const shownScores = ["accuracy", "nmi", "ari"];
let openedFirst = false;

/** The runs that the server may show. The one that the command named is opened at once. */
export function RunPicker(): VNode {
  const [list, setList] = useState<Loaded<RunList>>({ state: "loading" });
  const [wanted, setWanted] = useState("");
  const [attempt, setAttempt] = useState(0);
  const there = useStore(connection);
  // asked again at each attempt, and when the server is back.
  useEffect(() => {
    let over = false;
    backend()
      .json<RunList>(null, "")
      .then(
        (value) => {
          if (over) return;
          if (value.first !== null && !openedFirst) {
            openedFirst = true;
            goTo(openedRun(value.first), "replace");
          }
          setList({ state: "ready", value });
        },
        (error) => !over && setList({ state: "failed", error: faultText(error) }),
      );
    return () => {
      over = true;
    };
  }, [attempt, there]);
  return (
    <div class="picker">
      <div class="picker-head">
        <h1>Runs</h1>
        <button type="button" class="primary" onClick={() => goTo(newRun)}>
          New run
        </button>
      </div>
      <Asked of={list} what="Looking for runs …" retry={() => setAttempt(attempt + 1)}>
        {({ runs }) =>
          runs.length === 0 ? (
            <p>
              There is no finished run here yet. Start one with the button above, or at a terminal, e.g.{" "}
              <code>unlabeled cluster strokes</code>.
            </p>
          ) : (
            <>
              {runs.length > 8 && (
                <input
                  type="search"
                  aria-label="Find runs"
                  placeholder="Find by method, source or folder …"
                  value={wanted}
                  onInput={(event) => setWanted(event.currentTarget.value)}
                />
              )}
              <RunTable runs={runs.filter((run) => matches(run, wanted))} />
            </>
          )
        }
      </Asked>
    </div>
  );
}

function matches(run: RunEntry, wanted: string): boolean {
  const words = `${run.name} ${run.method} ${run.source}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

function RunTable({ runs }: { runs: readonly RunEntry[] }): VNode {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [first, second] = chosen.map((id) => runs.find((run) => run.id === id));
  const toggle = (id: string): void =>
    // A third one takes the place of the first.
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2));
  return (
    <div class="table-frame">
      {first && <ComparePair first={first} second={second} />}
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Compare</span>
            </th>
            <th scope="col">Method</th>
            <th scope="col">Source</th>
            <th scope="col" class="number">
              Images
            </th>
            <th scope="col" class="number">
              Clusters
            </th>
            {shownScores.map((name) => (
              <th key={name} scope="col" class="number">
                {measureLabel(name)}
              </th>
            ))}
            <th scope="col">Folder</th>
            <th scope="col">Made</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Compare ${run.name}`}
                  title="Choose two to compare them"
                  checked={chosen.includes(run.id)}
                  onChange={() => toggle(run.id)}
                />
              </td>
              <th scope="row">
                <button type="button" class="link" onClick={() => goTo(openedRun(run.id))}>
                  {run.method}
                </button>
              </th>
              <td>{run.source}</td>
              <td class="number">{count(run.count)}</td>
              <td class="number">{run.clusters}</td>
              {shownScores.map((name) => (
                <td key={name} class="number">
                  {run.scores[name] === undefined ? "" : formatMeasure(name, run.scores[name] as number)}
                </td>
              ))}
              <td>{run.name}</td>
              <td class="soft">{minute(run.startedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What two chosen runs lead to. */
function ComparePair({ first, second }: { first: RunEntry; second: RunEntry | undefined }): VNode {
  const fitting = second !== undefined && areComparable(first, second);
  return (
    <p class="compare-pair" role="status">
      <span>
        {second === undefined
          ? `${first.name}: choose a second run to compare it with.`
          : fitting
            ? `${first.name} and ${second.name}`
            : `${first.name} and ${second.name} are of different images: only runs of the same can be compared.`}
      </span>
      <button
        type="button"
        disabled={!fitting}
        onClick={() => second && goTo({ ...openedRun(first.id), tab: "compare", with: second.id })}
      >
        Compare the two
      </button>
    </p>
  );
}
