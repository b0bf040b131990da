import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { KView as AtK } from "../../src/explorer/protocol.ts";
import {
  criterionDescriptions,
  formatMeasure,
  measureExplanation,
  measureLabel,
} from "../../src/presentation/index.ts";
import { LineChart } from "../charts/line-chart.tsx";
import { MapView } from "../map/map-view.tsx";
import { Failure, Waiting } from "../parts/parts.tsx";
import { address, goTo } from "../state/address.ts";
import type { RunProps, RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { faultText } from "../state/words.ts";

/** What a run's record says about the number of clusters, where the program chose it. */
interface Panel {
  readonly k: readonly number[];
  readonly suggested: number | null;
  readonly suggestions: Readonly<Record<string, number | null>>;
  readonly reason?: string;
  readonly [criterion: string]: unknown;
}

function panelOf(record: unknown): Panel | null {
  const panel = (record as { numberOfClusters?: unknown } | null)?.numberOfClusters;
  return panel !== null && typeof panel === "object" && Array.isArray((panel as Panel).k)
    ? (panel as Panel)
    : null;
}

/** The number of clusters: what speaks for each, and what it would look like. */
export function NumberOfClusters({ session, view, edits }: RunProps): VNode {
  const at = useStore(address);
  const panel = panelOf(view.record);
  const own = view.clusters;
  const choices = panel?.k.filter((k) => k >= 1) ?? Array.from({ length: 19 }, (_, i) => i + 2);
  const chosen = useKView(session, at.k);
  const pick = (k: number): void =>
    goTo({ k: k === at.k ? null : k, colours: "cluster", only: [], selection: "" });
  const tried = at.k ?? null;
  return (
    <div class="k-view">
      <div class="k-side">
        {session.offers.k && (
          <div class="k-choice">
            <label class="inline-label">
              <span>Number of clusters</span>
              <input
                type="range"
                min={choices[0]}
                max={choices.at(-1)}
                value={tried ?? own}
                aria-valuetext={`${tried ?? own} clusters`}
                onChange={(event) => {
                  const k = Number(event.currentTarget.value);
                  if (k !== at.k) goTo({ k, colours: "cluster", only: [], selection: "" });
                }}
              />
              <output class="number">{tried ?? own}</output>
            </label>
            <fieldset class="ks">
              <legend class="hidden">Number of clusters</legend>
              {choices.map((k) => (
                <button
                  key={k}
                  type="button"
                  aria-pressed={tried === k}
                  class={k === panel?.suggested ? "suggested" : undefined}
                  title={k === panel?.suggested ? "what the criteria propose" : undefined}
                  onClick={() => pick(k)}
                >
                  {k}
                </button>
              ))}
            </fieldset>
            <p class="soft">
              {tried === null
                ? `The run has ${own} clusters. Choose another number to see the map in it; nothing is written.`
                : `Shown: the run's features in ${tried} clusters by K-Means. Names and edits belong to the run's own ${own}.`}
            </p>
            {tried !== null && (
              <button type="button" onClick={() => goTo({ k: null, only: [] })}>
                Back to the run's own {own}
              </button>
            )}
          </div>
        )}
        {tried !== null && chosen.state === "loading" && (
          <Waiting what={`${tried} clusters are being found …`} />
        )}
        {tried !== null && chosen.state === "failed" && <Failure text={chosen.error} />}
        {tried !== null && chosen.state === "ready" && (
          <dl class="facts">
            <dt>Inertia</dt>
            <dd>{formatMeasure("inertia", chosen.value.inertia)}</dd>
            {Object.entries(chosen.value.criteria)
              .filter(([name]) => name !== "inertia")
              .map(([name, value]) => (
                <>
                  <dt key={name} title={measureExplanation(name)}>
                    {measureLabel(name)}
                  </dt>
                  <dd>{formatMeasure(name, value)}</dd>
                </>
              ))}
          </dl>
        )}
        {panel ? (
          <>
            {panel.reason && <p>{panel.reason}</p>}
            {criterionDescriptions.map(({ name }) => {
              const values = panel[name];
              if (!Array.isArray(values)) return null;
              const proposed = panel.suggestions[name] ?? null;
              return (
                <LineChart
                  key={name}
                  title={measureLabel(name)}
                  x={panel.k}
                  xLabel="k"
                  height={150}
                  series={[
                    {
                      label: measureLabel(name),
                      values: values as (number | null)[],
                      colour: "var(--accent)",
                    },
                  ]}
                  marked={proposed}
                  markedLabel={proposed === null ? "" : `proposes ${proposed}`}
                  picked={tried}
                  {...(session.offers.k ? { onPick: pick } : {})}
                />
              );
            })}
          </>
        ) : (
          <p class="soft">
            The number of clusters was given, so this run holds no criteria over k.{" "}
            <code>--clusters auto</code>, or <code>unlabeled elbow</code>, measures them.
          </p>
        )}
      </div>
      <div class="k-map">
        <MapView session={session} view={view} edits={edits} />
      </div>
    </div>
  );
}

type Chosen =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: AtK }
  | { readonly state: "failed"; readonly error: string };

function useKView(session: RunSession, k: number | null): Chosen {
  const [chosen, setChosen] = useState<Chosen>({ state: "loading" });
  useEffect(() => {
    if (k === null) return;
    let over = false;
    setChosen({ state: "loading" });
    session.kView(k).then(
      (value) => !over && setChosen({ state: "ready", value }),
      (error) => !over && setChosen({ state: "failed", error: faultText(error) }),
    );
    return () => {
      over = true;
    };
  }, [session, k]);
  return chosen;
}
