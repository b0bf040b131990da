import type { ClusterExhibit, Exhibit, Exhibits } from "../../experiment/index.ts";
import { concatenateImages, type ImageSet, imageLength, sliceImages } from "../../images/index.ts";
import { count, enumeration, quantity, shorten } from "../../presentation/index.ts";
import { className, classWords, majorityWords, scoredSource } from "../clusters.ts";
import { type Html, html } from "../html.ts";
import type { Figure, Part } from "../part.ts";
import { imageGrid, viewSwitch } from "../pieces.ts";
import { drawSprite, shrinkImages } from "../sprite.ts";
import type { RunView } from "../view.ts";
import { reconstructionShare } from "./reconstructions.ts";

/** The three ways to pick examples of a cluster. */
const kinds = ["typical", "borderline", "random"] as const;
type Kind = (typeof kinds)[number];

const explanations: Readonly<Record<Kind, string>> = {
  typical: "Nearest to the center first.",
  borderline: "Nearly as close to another center; the most doubtful first.",
  random: "Drawn at random: what the cluster is really like.",
};

// From here on grids are drawn small, to keep the page at a length that people scroll.
const manyClusters = 20;

/** How many examples of each kind a page can hold, and how much smaller they must be drawn. */
export interface ExamplePlan {
  /** Images of one cluster and kind, at most. */
  readonly perGrid: number;
  readonly columns: number;
  /** Whole factor by which images are shrunk; 1 leaves them alone. */
  readonly shrink: number;
  /** Width of a grid to come near to, in CSS pixels. */
  readonly width: number;
}

/** Examples of every cluster as grids: typical, borderline, random (seed 002's `examples_of`). */
export function examplesPart(view: RunView): Part | undefined {
  const { exhibits, prefix } = view;
  if (exhibits === undefined || exhibits.clusters.length === 0) return undefined;
  const plan = planExamples(exhibits, exampleBudget(view));
  const cards = exhibits.clusters.map((exhibit) => cardOf(exhibit, view, plan));
  const body = html`<div class="views">
${viewSwitch(
  `${prefix}examples`,
  "Show",
  kinds.map((kind) => [kind, kind] as const),
)}
${kinds.map((kind) => html`<p class="view ${kind}">${explanations[kind]}</p>`)}
<div class="cards${exhibits.clusters.length > manyClusters && " small"}">${cards}</div>
</div>`;
  return {
    section: { id: `${prefix}examples`, title: "Examples of each cluster", body },
    figures: sheetOf(exhibits, `${prefix}examples.png`),
  };
}

// As a file, one row of random images for each cluster.
const sheetColumns = 20;

function sheetOf({ clusters }: Exhibits, name: string): readonly Figure[] {
  const rows = clusters.map(({ random }) =>
    sliceImages(random.images, 0, Math.min(sheetColumns, random.images.count)),
  );
  const columns = Math.max(...rows.map((images) => images.count));
  if (columns === 0 || clusters.length > manyClusters) return [];
  const images = rows.map((own) => filledUp(own, columns)).reduce(concatenateImages);
  return [{ name, content: drawSprite(images, { columns, gap: 2, scale: 1 }).png }];
}

// Small clusters end in empty places, so that each row is one cluster.
function filledUp({ count: nImages, height, width, channels, pixels }: ImageSet, columns: number): ImageSet {
  const filled = new Uint8Array(columns * height * width * channels);
  filled.set(pixels.subarray(0, nImages * height * width * channels));
  return { count: columns, height, width, channels, pixels: filled };
}

function exampleBudget({ exhibits, pixelBudget }: RunView): number {
  return exhibits?.reconstructions === undefined ? pixelBudget : pixelBudget * (1 - reconstructionShare);
}

/**
 * Up to 25 images in a grid, as in seed 002; fewer, and then smaller ones, if all clusters together would not fit.
 *
 * @param budget bytes of pixels for all grids together
 */
function planExamples(exhibits: Exhibits, budget: number): ExamplePlan {
  const grids = exhibits.clusters.flatMap((cluster) => kinds.map((kind) => cluster[kind].images));
  const bytes = (perGrid: number): number =>
    grids.reduce((total, images) => total + Math.min(perGrid, images.count) * imageLength(images), 0);
  const most = Math.max(1, ...grids.map((images) => images.count));
  const perGrid = [25, 20, 16, 12, 9].find((n) => bytes(n) <= budget) ?? 6;
  const shrink = Math.ceil(Math.sqrt(Math.max(1, bytes(perGrid) / budget)));
  return {
    perGrid,
    columns: Math.ceil(Math.sqrt(Math.min(perGrid, most))),
    shrink,
    width: exhibits.clusters.length > manyClusters ? 180 : 290,
  };
}

function cardOf(exhibit: ClusterExhibit, view: RunView, plan: ExamplePlan): Html {
  const { cluster } = exhibit;
  const summary = view.clusters[cluster];
  const size = summary?.size ?? exhibit.size;
  return html`<figure class="card"><figcaption><b>Cluster ${cluster}${summary?.name && `: ${summary.name}`}</b> <span class="soft">${quantity(size, "image")}</span>${
    summary?.majority &&
    html`<span class="class" title="${summary.majority.className}">${majorityWords(summary.majority, 28)}</span>`
  }${summary?.notes && html`<span class="notes">${summary.notes}</span>`}</figcaption>${kinds.map((kind) => gridOf(kind, exhibit[kind], cluster, view, plan))}</figure>`;
}

function gridOf(kind: Kind, exhibit: Exhibit, cluster: number, view: RunView, plan: ExamplePlan): Html {
  const images = sliceImages(exhibit.images, 0, Math.min(plan.perGrid, exhibit.images.count));
  if (images.count === 0) return html`<div class="view ${kind}"><p class="soft">No images.</p></div>`;
  const classes = classesWords(images, view);
  const alt = `${count(images.count)} ${kind} images of cluster ${cluster}${classes === "" ? "" : `: ${classes}`}`;
  const grid = imageGrid(shrinkImages(images, plan.shrink), plan.columns, plan.width, alt);
  return html`<div class="view ${kind}">${grid}${classes !== "" && html`<p class="soft">${classes}</p>`}</div>`;
}

// "19 Trouser, 1 Dress": the classes of the images shown, the most frequent first.
function classesWords(images: ImageSet, view: RunView): string {
  if (images.labels === undefined) return "";
  const counts = new Map<number, number>();
  for (const label of images.labels) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
  const source = scoredSource(view.result);
  const named = ranked.slice(0, 3).map(([label, n]) => countedClass(n, className(source, label)));
  const rest = ranked.slice(3).reduce((total, [, n]) => total + n, 0);
  return enumeration(rest > 0 ? [...named, `${rest} of other classes`] : named);
}

// "19 Trouser", but "19 of class 5".
function countedClass(n: number, name: string): string {
  const short = shorten(name, 24);
  const words = classWords(short);
  return words === short ? `${n} ${words}` : `${n} of ${words}`;
}
