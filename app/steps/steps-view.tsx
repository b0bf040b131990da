import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { StepsView as Steps, StepsRequest } from "../../src/explorer/protocol.ts";
import { measureLabel } from "../../src/presentation/index.ts";
import { LineChart } from "../charts/line-chart.tsx";
import { type Frame, frameOf, Plane } from "../charts/plane.tsx";
import { Failure, Waiting } from "../parts/parts.tsx";
import { address, goTo } from "../state/address.ts";
import { post } from "../state/client.ts";
import { css, groupColour, inkOn } from "../state/colours.ts";
import type { Loaded, RunProps } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { count, faultText, images } from "../state/words.ts";
import { movesOf, readSteps, type StepsAddress, writeSteps } from "./steps.ts";
import "./steps.css";

/** Milliseconds of a step that is played. */
const PLAY_EVERY = 900;

/** K-Means and EM, iteration by iteration, on the plane of the run's code. */
export function StepsView({ view }: RunProps): VNode {
  const at = readSteps(useStore(address).steps, view.clusters);
  const { by, k, seed, init } = at;
  const steps = useSteps(view.id, { by, k, seed, init });
  const show = (change: Partial<StepsAddress>, how: "push" | "replace" = "push"): void =>
    goTo({ steps: writeSteps({ ...at, ...change }) }, how);
  const restart = (change: Partial<StepsAddress>): void => show({ ...change, at: 0 });
  const most = Math.min(20, view.count);
  return (
    <div class="steps-view">
      <fieldset class="steps-choice">
        <legend class="hidden">What is shown</legend>
        <label class="inline-label">
          <span>Method</span>
          <select
            value={by}
            onChange={(event) => restart({ by: event.currentTarget.value as StepsRequest["by"] })}
          >
            <option value="k-means">K-Means</option>
            <option value="mixture">Mixture, by EM</option>
          </select>
        </label>
        <label class="inline-label">
          <span>Clusters</span>
          <input
            type="range"
            min={1}
            max={most}
            value={k}
            onChange={(event) => restart({ k: Number(event.currentTarget.value) })}
          />
          <output class="number">{k}</output>
        </label>
        <label class="inline-label">
          <span>Start</span>
          <select
            value={init}
            onChange={(event) => restart({ init: event.currentTarget.value as StepsRequest["init"] })}
          >
            <option value="random">random images</option>
            <option value="k-means++">k-means++</option>
          </select>
        </label>
        <button type="button" onClick={() => restart({ seed: seed + 1 })}>
          Another start
        </button>
        <span class="soft">seed {seed}</span>
      </fieldset>
      {steps.state === "loading" && <Waiting what="The iterations are computed …" />}
      {steps.state === "failed" && <Failure text={steps.error} />}
      {steps.state === "ready" && (
        <Stage
          key={writeSteps({ ...at, at: 0 })}
          steps={steps.value}
          asked={{ by, k, seed, init }}
          at={at.at}
          onMove={(next) => show({ at: next }, "replace")}
        />
      )}
    </div>
  );
}

function useSteps(run: string, { by, k, seed, init }: StepsRequest): Loaded<Steps> {
  const [steps, setSteps] = useState<Loaded<Steps>>({ state: "loading" });
  useEffect(() => {
    let over = false;
    setSteps({ state: "loading" });
    post<Steps>(run, "steps", { by, k, seed, init }).then(
      (value) => !over && setSteps({ state: "ready", value }),
      (error) => !over && setSteps({ state: "failed", error: faultText(error) }),
    );
    return () => {
      over = true;
    };
  }, [run, by, k, seed, init]);
  return steps;
}

function Stage({
  steps,
  asked,
  at: wanted,
  onMove,
}: {
  steps: Steps;
  asked: StepsRequest;
  at: number;
  onMove: (at: number) => void;
}): VNode {
  const { places, moves } = useMemo(() => movesOf(steps), [steps]);
  const frame: Frame = useMemo(
    () =>
      frameOf(
        places,
        steps.iterations.flatMap(({ centers }) => centers),
      ),
    [places, steps],
  );
  const [playing, setPlaying] = useState(false);
  const last = moves.length - 1;
  const at = Math.min(last, wanted);
  const move = moves[at] as (typeof moves)[number];
  const look = useStore(theme);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (at < last) onMove(at + 1);
      if (at + 1 >= last) setPlaying(false);
    }, PLAY_EVERY);
    return () => clearTimeout(timer);
  }, [playing, at, last]);
  const go = (to: number): void => {
    setPlaying(false);
    onMove(Math.max(0, Math.min(last, to)));
  };
  const values = steps.iterations.map(({ value }) => value);
  const first = values[0] === null ? 1 : 0;
  const drawn = values.map((value, i) =>
    i <= move.iteration && !(move.kind === "assign" && i === move.iteration) ? value : null,
  );
  const label = measureLabel(steps.objective);
  return (
    <div class="plane-parts">
      <section aria-label="The plane of the code">
        <Plane
          places={places}
          groups={move.labels}
          frame={frame}
          label={`${images(steps.sample)} in the plane of their codes. ${move.text}`}
        >
          {(toPixel) => <Centers steps={steps} upTo={move.centersOf} toPixel={toPixel} look={look} />}
        </Plane>
        <div class="plane-tools" role="toolbar" aria-label="Steps">
          <button type="button" disabled={at === 0} onClick={() => go(0)}>
            Restart
          </button>
          <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
            Back
          </button>
          <button
            type="button"
            class="primary"
            onClick={() => {
              if (!playing && at === last) onMove(0);
              setPlaying(!playing);
            }}
          >
            {playing ? "Pause" : "Play"}
          </button>
          <button type="button" disabled={at === last} onClick={() => go(at + 1)}>
            Step
          </button>
          <input
            type="range"
            min={0}
            max={last}
            value={at}
            aria-label="Step"
            aria-valuetext={move.title}
            onInput={(event) => go(Number(event.currentTarget.value))}
          />
        </div>
      </section>
      <div class="plane-curves">
        <section aria-label="What happens">
          <h2>{move.title}</h2>
          <p aria-live={playing ? "off" : "polite"} class="steps-words">
            {move.text}
          </p>
          {at === last && (
            <p class="soft">
              {steps.converged
                ? asked.by === "k-means"
                  ? "No image changes its cluster any more: this is the end, for this start. Another start may end elsewhere, with a lower or a higher inertia."
                  : "The likelihood hardly rises any more: this is the end, for this start."
                : `Ended after ${steps.iterations.length - 1} iterations, before it came to rest.`}
            </p>
          )}
        </section>
        <LineChart
          title={`${label} by iteration`}
          x={values.slice(first).map((_, i) => i + first)}
          xLabel="iteration"
          series={[
            { label: "to come", values: values.slice(first), colour: "var(--rule)" },
            { label: "so far", values: drawn.slice(first), colour: "var(--accent)" },
          ]}
          marked={Math.max(first, move.iteration)}
          onPick={(iteration) => go(moves.findLastIndex((one) => one.iteration === iteration))}
        />
        <p class="soft">
          {steps.sample < steps.count
            ? `Of ${count(steps.sample)} of the ${images(steps.count)}, evenly spaced. `
            : ""}
          On the two directions in which the codes differ most, which is less than the run's own clusterer
          sees: its clusters may be others. Nothing is written.
        </p>
      </div>
    </div>
  );
}

/** Centers, where they have been, and the ellipses of a mixture. */
function Centers({
  steps,
  upTo,
  toPixel,
  look,
}: {
  steps: Steps;
  upTo: number;
  toPixel: (x: number, y: number) => readonly [number, number];
  look: "light" | "dark";
}): VNode {
  const now = steps.iterations[upTo] as Steps["iterations"][number];
  const line = (points: readonly (readonly [number, number])[]): string =>
    points
      .map(([x, y]) =>
        toPixel(x, y)
          .map((part) => part.toFixed(1))
          .join(","),
      )
      .join(" ");
  return (
    <>
      {now.ellipses.map((ellipse, c) => (
        <polygon
          // The cluster is what it is.
          key={c}
          points={line(ellipse)}
          class="steps-ellipse"
          style={{ stroke: css(groupColour(c, look)) }}
        />
      ))}
      {now.centers.map((_, c) => (
        <polyline
          key={c}
          class="steps-trail"
          points={line(
            steps.iterations.slice(0, upTo + 1).map(({ centers }) => centers[c] as readonly [number, number]),
          )}
        />
      ))}
      {now.centers.map(([x, y], c) => {
        const [px, py] = toPixel(x, y);
        const colour = groupColour(c, look);
        return (
          <g key={c} class="steps-center" style={{ transform: `translate(${px}px, ${py}px)` }}>
            <circle r="10" style={{ fill: css(colour) }} />
            <text text-anchor="middle" dominant-baseline="central" style={{ fill: inkOn(colour) }}>
              {c}
            </text>
          </g>
        );
      })}
    </>
  );
}
