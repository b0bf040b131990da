import type { AgreementRecord, ComparisonRecord } from "../../experiment/index.ts";
import { decimal } from "../../presentation/index.ts";
import { methodAgreementChart } from "../charts/method-agreement.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { scrollBox, wideChart } from "../pieces.ts";
import { itemOf } from "../words.ts";

const meaning =
  "1 means the same groups, 0 no more alike than chance would make them. No labels are needed for it, and agreement is no proof: methods can share a mistake.";

/** How far methods, and runs of one method from different seeds, agree; nothing where the record does not say. */
export function methodAgreementPart({ agreement, source }: ComparisonRecord): Part | undefined {
  if (agreement === undefined) return undefined;
  const { methods } = agreement;
  const section = { id: "agreement", title: "How far they agree" };
  if (methods.length < 2) {
    const body = html`<p>${seedsWords(agreement)} ${meaning}</p>`;
    return { section: { ...section, body }, figures: [] };
  }
  const chart = methodAgreementChart(agreement);
  const body = html`<div class="beside"><div>${wideChart(chart, "Agreement of the methods")}</div>
<div><p>Adjusted Rand index of what two methods made of the same ${itemOf(source)}s${
    hasSeeds(agreement) &&
    ", averaged over seeds; on the diagonal, of runs of one method from different seeds"
  }. ${meaning}</p>
<p>${pairsWords(agreement)} ${seedsWords(agreement)}</p>
${numbersTable(agreement)}</div></div>`;
  return {
    section: { ...section, body },
    figures: [{ name: "method-agreement.svg", content: chart.file }],
  };
}

/** A number with the methods that it is of. */
interface Entry {
  readonly methods: readonly string[];
  readonly ari: number;
}

function hasSeeds({ ari }: AgreementRecord): boolean {
  return ari.some((row, a) => (row[a] ?? null) !== null);
}

function pairsWords({ methods, ari }: AgreementRecord): string {
  const pairs = ari.flatMap((row, a) =>
    row.flatMap((value, b): Entry[] =>
      b > a && value !== null ? [{ methods: [methods[a] ?? "", methods[b] ?? ""], ari: value }] : [],
    ),
  );
  const [most, least] = extremes(pairs);
  if (most === undefined || least === undefined) return "";
  if (most === least) return `Between ${wordsOf(most)}.`;
  return `Most alike are ${wordsOf(most)}, least alike ${wordsOf(least)}.`;
}

function seedsWords({ methods, ari }: AgreementRecord): string {
  const own = ari.flatMap((row, a): Entry[] => {
    const value = row[a] ?? null;
    return value === null ? [] : [{ methods: [methods[a] ?? ""], ari: value }];
  });
  const [most, least] = extremes(own);
  if (most === undefined || least === undefined) return "";
  if (most === least)
    return `Runs of ${most.methods[0]} from different seeds agree with each other by an adjusted Rand index of ${decimal(most.ari, 2)}.`;
  return `From seed to seed, ${wordsOf(most)} changes least, ${wordsOf(least)} most.`;
}

function wordsOf({ methods, ari }: Entry): string {
  return `${methods.join(" and ")} (${decimal(ari, 2)})`;
}

/** The greatest and the least of the entries, the earliest among equals. */
function extremes(entries: readonly Entry[]): readonly [Entry | undefined, Entry | undefined] {
  const sorted = entries.toSorted((a, b) => b.ari - a.ari);
  return [sorted[0], sorted[sorted.length - 1]];
}

function numbersTable({ methods, ari }: AgreementRecord): Html {
  const table = html`<table class="numbers"><thead><tr><th scope="col">Method</th>${methods.map((method) => html`<th scope="col">${method}</th>`)}</tr></thead>
<tbody>${methods.map(
    (method, a) =>
      html`<tr><th scope="row">${method}</th>${methods.map((_, b) => {
        const value = ari[a]?.[b] ?? null;
        return html`<td>${value === null ? "–" : decimal(value, 4)}</td>`;
      })}</tr>`,
  )}</tbody></table>`;
  return html`<details><summary>The agreement as numbers</summary>${scrollBox("Agreement of the methods as numbers", table)}</details>`;
}
