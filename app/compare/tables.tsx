import type { VNode } from "preact";
import type { CompareView } from "../../src/explorer/protocol.ts";
import { formatMeasure, measureExplanation, measureLabel } from "../../src/presentation/index.ts";
import { count, short } from "../state/words.ts";

/** The scores of both runs, and what they differ by. */
export function ScorePairs({
  compared,
  names,
}: {
  compared: CompareView;
  names: readonly [string, string];
}): VNode {
  const rows = compared.scores.filter(({ values }) => values.some((value) => value !== null));
  return (
    <section class="compare-scores" aria-label="Scores of both">
      <h2>Scores</h2>
      <table class="scores pairs">
        <thead>
          <tr>
            <td />
            <th scope="col">{names[0]}</th>
            <th scope="col">{names[1]}</th>
            <th scope="col">difference</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values: [a, b] }) => (
            <tr key={name} title={measureExplanation(name)}>
              <th scope="row">{measureLabel(name)}</th>
              <td class="number">{a === null ? "" : formatMeasure(name, a)}</td>
              <td class="number">{b === null ? "" : formatMeasure(name, b)}</td>
              <td class="number">{a === null || b === null ? "" : signed(name, b - a)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="soft">
        Of the runs as they were made; edits since then are not in them. Inertia, silhouette and their like
        are measured in each run's own features: comparable only where these are the same.
      </p>
    </section>
  );
}

/** What the runs were asked differently. */
export function Differences({
  compared: { differences },
  names,
}: {
  compared: CompareView;
  names: readonly [string, string];
}): VNode {
  return (
    <section class="compare-differences" aria-label="What the runs were asked differently">
      <h2>Asked differently</h2>
      {differences.length === 0 ? (
        <p class="soft">Nothing: the same method, seed and settings.</p>
      ) : (
        <table class="scores pairs">
          <thead>
            <tr>
              <td />
              <th scope="col">{names[0]}</th>
              <th scope="col">{names[1]}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{wordsOf(values[0])}</td>
                <td>{wordsOf(values[1])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const signed = (name: string, difference: number): string =>
  difference === 0 ? "0" : `${difference > 0 ? "+" : "−"}${formatMeasure(name, Math.abs(difference))}`;

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : short(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
