import type { CodeExhibit, MapExhibit } from "../../experiment/exhibits.ts";
import { count, quantity } from "../../presentation/index.ts";
import { scoredSource } from "../clusters.ts";
import { html } from "../html.ts";
import type { Part } from "../part.ts";
import { viewSwitch } from "../pieces.ts";
import type { RunView } from "../view.ts";
import { itemOf, spaceOf } from "../words.ts";
import { flatOf, viewName } from "./code.ts";
import { colouringsOf, thinned } from "./code-colours.ts";

const spaces = { pixels: "pixels", vectors: "numbers", code: "code", features: "features" } as const;

/** Images as points of a UMAP map, whatever clustered them. */
export function mapPart(view: RunView): Part | undefined {
  const exhibit = view.exhibits?.map;
  if (exhibit === undefined) return undefined;
  const { prefix } = view;
  const map = thinned(asCode(exhibit, view.result.clusters), view.pointBudget);
  const drawings = colouringsOf(map, view).map((drawing) => ({
    ...drawing,
    axes: "map" as const,
    item: itemOf(view.result.source),
  }));
  const drawn = flatOf(drawings, `${prefix}map`, "Both axes have one scale, and no meaning of their own.");
  const source = scoredSource(view.result);
  const { count: total } = source;
  const item = itemOf(source);
  const shown =
    map.points.rows < total
      ? `${count(map.points.rows)} of the ${quantity(total, item)}`
      : `All ${quantity(total, item)}`;
  const body = html`<p>${shown}, laid out by UMAP so that those lie close together that are near each other in their ${spaces[spaceOf(view.result)]}. Distances between far points say little. The clusters were not made from this picture. A numbered circle marks the middle of each cluster.</p>
<div class="views">
${
  drawings.length > 1 &&
  viewSwitch(`${prefix}map-colour`, "Colour by", [
    ["classes", "class"],
    ["clusters", "cluster"],
  ])
}
${drawings.map((drawing) => html`<div class="${viewName(drawing, drawings)}">${drawing.key}</div>`)}
<div class="codes">${drawn.markup}</div>
</div>`;
  return { section: { id: `${prefix}map`, title: "Map", body }, figures: drawn.figures };
}

/** With a place for the number of each cluster: the point of it that is nearest to the median of its points. */
function asCode(map: MapExhibit, nClusters: number): CodeExhibit {
  const { points, clusters } = map;
  const data = new Float32Array(nClusters * 2);
  for (let cluster = 0; cluster < nClusters; cluster++) {
    const members = Array.from(clusters.keys())
      .filter((i) => clusters[i] === cluster)
      .map((i) => [points.data[i * 2] as number, points.data[i * 2 + 1] as number] as const);
    const [x, y] = [0, 1].map((axis) => {
      const values = members.map((place) => place[axis] as number).sort((a, b) => a - b);
      return values[Math.floor(values.length / 2)] ?? 0;
    }) as [number, number];
    let nearest = Number.POSITIVE_INFINITY;
    for (const place of members) {
      const apart = Math.hypot(place[0] - x, place[1] - y);
      if (apart >= nearest) continue;
      nearest = apart;
      data.set(place, cluster * 2);
    }
  }
  return { ...map, codeSize: 2, centers: { rows: nClusters, cols: 2, data } };
}
