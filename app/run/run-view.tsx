import type { VNode } from "preact";
import type { EditState, RunView as View } from "../../src/explorer/protocol.ts";
import { formatMeasure, measureExplanation, measureLabel } from "../../src/presentation/index.ts";
import { LineChart, type Series } from "../charts/line-chart.tsx";
import { count, duration, images, minute, short } from "../state/words.ts";

interface Epoch {
  readonly loss: number;
  readonly validationLoss?: number;
}

/** The parts of run.json that are shown, none of which need be there. */
interface Shown {
  readonly requested?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly source?: Readonly<Record<string, unknown>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly seconds?: Readonly<Record<string, number>>;
  readonly history?: readonly number[];
  readonly objective?: string;
  readonly converged?: boolean;
  readonly iterations?: number;
  readonly notices?: readonly string[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>> & { readonly epochs?: readonly Epoch[] };
}

/** How the run was made, how good it is, and what was done to it since. */
export function RunView({ view, edits }: { view: View; edits: EditState | null }): VNode {
  const record = (view.record ?? {}) as Shown;
  const { metrics = {}, seconds = {}, history = [], training } = record;
  const epochs = training?.epochs ?? [];
  const lossSeries: Series[] = [
    { label: "training", values: epochs.map(({ loss }) => loss), colour: "var(--accent)" },
  ];
  if (epochs.some(({ validationLoss }) => validationLoss !== undefined)) {
    lossSeries.push({
      label: "validation",
      values: epochs.map(({ validationLoss }) => validationLoss ?? null),
      colour: "var(--class-1)",
    });
  }
  const objective = record.objective ?? "inertia";
  return (
    <div class="run-view">
      <section aria-label="Scores">
        <h2>Scores</h2>
        <table class="scores">
          <tbody>
            {Object.entries(metrics).map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{measureLabel(name)}</th>
                <td class="number">{formatMeasure(name, value)}</td>
                <td class="soft">{measureExplanation(name)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="soft">Of the run as it was made; edits since then are not in them.</p>
      </section>
      <section aria-label="Training">
        <h2>Training</h2>
        {epochs.length > 1 && (
          <LineChart
            title="Loss by epoch"
            x={epochs.map((_, i) => i + 1)}
            xLabel="epoch"
            series={lossSeries}
          />
        )}
        {history.length > 1 && (
          <LineChart
            title={`${measureLabel(objective)} by iteration`}
            x={history.map((_, i) => i + 1)}
            xLabel="iteration"
            series={[{ label: measureLabel(objective), values: history, colour: "var(--accent)" }]}
          />
        )}
        {epochs.length <= 1 && history.length <= 1 && <p class="soft">Nothing was trained step by step.</p>}
        <p class="soft">
          {record.converged === false
            ? `Not converged after ${record.iterations} iterations.`
            : record.iterations !== undefined && `Converged after ${count(record.iterations)} iterations.`}
        </p>
        {(record.notices ?? []).map((notice) => (
          <p key={notice} class="notice-line">
            {notice}
          </p>
        ))}
      </section>
      <section aria-label="Time">
        <h2>Time</h2>
        <Facts of={Object.fromEntries(Object.entries(seconds).map(([name, s]) => [name, duration(s)]))} />
      </section>
      <section aria-label="Settings">
        <h2>Settings</h2>
        <Facts
          of={{
            method: view.method,
            ...(record.requested === view.method ? {} : { requested: record.requested }),
            clusters: view.clusters,
            seed: view.seed,
            ...record.settings,
          }}
        />
        <h3>Source</h3>
        <Facts of={record.source ?? {}} />
        {!view.images.available && <p class="notice-line">{view.images.reason}</p>}
        {training && (
          <>
            <h3>Network</h3>
            <Facts of={training} />
          </>
        )}
        <h3>Made by</h3>
        <Facts of={record.environment ?? {}} />
      </section>
      <section aria-label="Edits">
        <h2>What was done since</h2>
        {edits && edits.log.length > 0 ? (
          <ol class="log">
            {edits.log.map(({ at, what, undone }, i) => (
              // the log only grows at its end.
              <li key={i} class={undone ? "undone" : undefined}>
                <span>{what}</span>
                {undone && <em> undone</em>} <time dateTime={at}>{minute(at)}</time>
              </li>
            ))}
          </ol>
        ) : (
          <p class="soft">Nothing: the {images(view.count)} lie in the clusters that the run found.</p>
        )}
      </section>
    </div>
  );
}

/** Plain values by name; what is a list or an object of its own is told in short. */
function Facts({ of }: { of: Readonly<Record<string, unknown>> }): VNode {
  const rows = Object.entries(of).flatMap(([name, value]) => {
    const text = wordsOf(value);
    return text === null ? [] : [[spaced(name), text] as const];
  });
  return (
    <dl class="facts wide">
      {rows.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

const spaced = (name: string): string =>
  name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replace(/^./, (first) => first.toUpperCase());

function wordsOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : short(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value.length > 90 ? `${value.slice(0, 89)}…` : value;
  if (Array.isArray(value)) {
    if (value.length === 0 || value.some((part) => typeof part === "object")) return null;
    return value.length > 12
      ? `${value.slice(0, 12).map(wordsOf).join(", ")}, …`
      : value.map(wordsOf).join(", ");
  }
  return Object.entries(value as object)
    .map(([name, part]) => `${spaced(name).toLowerCase()} ${wordsOf(part) ?? ""}`)
    .join(", ");
}
