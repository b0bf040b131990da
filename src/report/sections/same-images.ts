import type { MethodGroups, RunRecord, SideBySide } from "../../experiment/index.ts";
import { quantity, shorten } from "../../presentation/index.ts";
import { classWords } from "../clusters.ts";
import { followScript } from "../following.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { scrollBox } from "../pieces.ts";
import { type SharedImages, sharedImages } from "../shared-images.ts";
import { colouredClasses } from "../theme.ts";
import { groupNames } from "./side-by-side.ts";

/**
 * The same images as each method groups them: a column for each method, a row for each group of the reference, in it
 * the cluster that the method has for that group.
 */
export function sameImagesPart(shared: SideBySide, results: readonly RunRecord[]): Part | undefined {
  if (shared.images.images.count === 0) return undefined;
  const table: Table = {
    ...shared,
    names: groupNames(shared, results),
    colours: coloursOf(shared),
    pictures: sharedImages(shared.images.images, "same-images-source"),
  };
  const { source, width, height } = table.pictures;
  const body = html`<p>${explanation(table)}</p>
${source}
${scrollBox(
  "The same images, grouped by each method",
  html`<table class="same" style="--w:${width}px;--h:${height}px;--n:${shared.methods.length}"><thead><tr><td></td>${shared.methods.map(
    ({ method, seed }) => html`<th scope="col"><b>${method}</b> <span class="soft">seed ${seed}</span></th>`,
  )}</tr></thead>
<tbody>${rowsOf(table).map((row) => rowOf(row, table))}</tbody></table>`,
)}`;
  return {
    section: { id: "same-images", title: "The same images, grouped by each method", body },
    figures: [],
    script: followScript(),
  };
}

/** What all cells of the table need. */
interface Table extends SideBySide {
  readonly names: readonly string[];
  /** Rank of the colour of each group. */
  readonly colours: ReadonlyMap<number, number>;
  readonly pictures: SharedImages;
}

/** A row of the table: which clusters of a method stand in it, and the group of the reference that they stand for. */
interface Row {
  readonly group?: number;
  readonly name: string;
  readonly clustersOf: (method: MethodGroups) => readonly number[];
}

/**
 * A row for each group that some of the images are of; then, together, the clusters matched with other groups, and those
 * without a match, as far as they hold some of the images.
 */
function rowsOf(table: Table): readonly Row[] {
  const { groups, methods, reference } = table;
  const shown = [...new Set(groups)];
  const matched = (
    wanted: (partner: number | null) => boolean,
    { order, partners }: MethodGroups,
  ): number[] => order.filter((_, r) => wanted(partners[r] ?? null));
  const holding = (clusters: readonly number[], method: MethodGroups): readonly number[] =>
    clusters.filter((cluster) => method.clusters.includes(cluster));
  const others = (partner: number | null): boolean => partner !== null && !shown.includes(partner);
  const left = (partner: number | null): boolean => partner === null;
  const rows: readonly Row[] = [
    ...shown.map((group) => ({
      group,
      name: shorten(groupWords(group, table), 32),
      clustersOf: (method: MethodGroups) => matched((partner) => partner === group, method),
    })),
    {
      name: `other ${reference}`,
      clustersOf: (method) => holding(matched(others, method), method),
    },
    { name: "without a match", clustersOf: (method) => holding(matched(left, method), method) },
  ];
  return rows.filter(
    (row) => row.group !== undefined || methods.some((method) => row.clustersOf(method).length > 0),
  );
}

// One image of each group at home has the colour of its row; groups that are not shown have none.
function coloursOf({ groups, nGroups }: SideBySide): ReadonlyMap<number, number> {
  const shown = [...new Set(groups)];
  const few = nGroups <= colouredClasses + 1;
  return new Map(shown.map((group, i) => [group, few ? group : i % colouredClasses]));
}

function rowOf(row: Row, table: Table): Html {
  const rank = row.group === undefined ? undefined : table.colours.get(row.group);
  const swatch = rank !== undefined && html`<i class="c${rank}"></i>`;
  return html`<tr><th scope="row">${swatch}${row.name}</th>${table.methods.map(
    (method) => html`<td data-method="${method.method}">${cellOf(row, method, table)}</td>`,
  )}</tr>`;
}

function cellOf(row: Row, method: MethodGroups, table: Table): Html {
  const clusters = row.clustersOf(method).map((cluster) => {
    const members = membersOf(cluster, row.group, method, table.groups);
    return html`<div data-cluster="${cluster}"><span>cluster ${cluster}</span>${
      members.length > 0 && html`<ul>${members.map((i) => pictureOf(i, table))}</ul>`
    }</div>`;
  });
  if (clusters.length === 0) return html`<span>–</span>`;
  return row.group === undefined ? html`<div class="rest">${clusters}</div>` : html`${clusters}`;
}

/** Positions of the images of a cluster: those of its group first, then those that came from elsewhere. */
function membersOf(
  cluster: number,
  group: number | undefined,
  { clusters }: MethodGroups,
  groups: readonly number[],
): readonly number[] {
  const members = clusters.flatMap((one, i) => (one === cluster ? [i] : []));
  return [...members.filter((i) => groups[i] === group), ...members.filter((i) => groups[i] !== group)];
}

function pictureOf(i: number, table: Table): Html {
  const { images, groups, pictures, colours, reference } = table;
  const group = groups[i] ?? 0;
  const known = reference === "classes" ? `, ${shorten(groupWords(group, table), 40)}` : "";
  return html`<li class="c${colours.get(group) ?? colouredClasses}" data-image="${i}">${pictures.picture(i, `Image ${images.indices[i] ?? i}${known}`)}</li>`;
}

function groupWords(group: number, { names, reference }: Table): string {
  const name = names[group] ?? `${group}`;
  return reference === "classes" ? classWords(name) : `cluster ${name}`;
}

function explanation({ images, groups, nGroups, reference, methods }: Table): string {
  const shown = new Set(groups).size;
  const number = quantity(images.indices.length, "image");
  const drawn =
    reference === "classes"
      ? `${number} of ${shown < nGroups ? `${shown} of ` : ""}${quantity(nGroups, "class", "classes")}, drawn at random`
      : `${number}, drawn at random`;
  const what = reference === "classes" ? "class" : `cluster of ${methods[0]?.method}`;
  const again =
    nGroups > colouredClasses + 1 ? ` There are ${colouredClasses} colours, so they come again.` : "";
  return `${drawn}. Each row is a ${what} with the clusters that the methods have for it by the best match; the bar under an image has the colour of its ${what}, so that one that went elsewhere stands out.${again}`;
}
