import { count, shorten } from "../../presentation/index.ts";
import { type Html, html } from "../html.ts";
import { classColour, colouredClasses } from "../theme.ts";

/** A colour and its meaning. */
export interface LegendEntry {
  readonly name: string;
  /** Rank of the colour in the palette. */
  readonly rank: number;
}

/** Colours and what they stand for. */
export function legend(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend">${entries.map(
    ({ name, rank }) => html`<li><i style="background:${classColour(rank)}"></i>${shorten(name, 32)}</li>`,
  )}</ul>`;
}

/** Colours of classes; those that share the grey have one entry together. */
export function classLegend(classNames: readonly string[], ranks: readonly number[]): Html {
  const rest = ranks.filter((rank) => rank >= colouredClasses).length;
  const named = classNames.map((name, l) => ({ name, rank: ranks[l] ?? colouredClasses }));
  if (rest <= 1) return legend(named);
  return legend([
    ...named.filter(({ rank }) => rank < colouredClasses),
    { name: `${count(rest)} other classes`, rank: colouredClasses },
  ]);
}
