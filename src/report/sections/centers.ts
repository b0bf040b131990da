import { sliceImages } from "../../images/index.ts";
import { quantity } from "../../presentation/index.ts";
import { type ClusterSummary, clusterLine, majorityWords } from "../clusters.ts";
import { html } from "../html.ts";
import type { Part } from "../part.ts";
import { singleImage } from "../pieces.ts";
import { drawSprite } from "../sprite.ts";
import type { RunView } from "../view.ts";
import { type Space, spaceOf } from "../words.ts";
import { figureScale } from "./strip.ts";

const explanations: Readonly<Record<Space, string>> = {
  pixels:
    "Each center is the mean of its cluster’s images. A sharp one stands for images that look alike; a blurred one for a mixture.",
  vectors: "Each center is the mean of its cluster’s vectors.",
  code: "Each center is the mean of its cluster’s codes, decoded into an image by the network. No image need look like it: of a mixture, the network draws something in between.",
  features: "Each center is the mean of its cluster’s features, turned back into an image.",
};

const meansExplanation =
  "Each picture is the mean of its cluster’s images: centers in these features cannot be turned back into images. Clusters were not sought among pixels, so a blurred mean need not be a poor cluster.";

/** Cluster centers drawn as images (seed 002); nothing where centers are not images. */
export function centersPart(view: RunView): Part | undefined {
  const centers = view.exhibits?.centers;
  if (centers === undefined || centers.count === 0) return undefined;
  const space = spaceOf(view.result);
  const means = view.exhibits?.centersAreMeans === true;
  const labelled = view.clusters.some(({ majority }) => majority !== undefined);
  const items = view.clusters
    .slice(0, centers.count)
    .map(
      (summary) =>
        html`<li><figure>${singleImage(
          sliceImages(centers, summary.cluster, summary.cluster + 1),
          84,
          `${means ? "Mean image" : "Center"} of cluster ${summary.cluster}${space === "code" && !means ? ", decoded" : ""}: ${clusterLine(summary)}`,
        )}<figcaption><b>Cluster ${summary.cluster}${summary.name && `: ${summary.name}`}</b>${captionOf(summary)}</figcaption></figure></li>`,
    );
  const body = html`<p>${means ? meansExplanation : explanations[space]}${
    labelled && " Under it: the share of the cluster’s most frequent class."
  }</p>
<ul class="centers">${items}</ul>`;
  return {
    section: {
      id: `${view.prefix}centers`,
      title: means ? "Mean images of the clusters" : "Cluster centers",
      body,
    },
    figures: [
      {
        name: `${view.prefix}centers.png`,
        content: drawSprite(centers, {
          columns: centerColumns(centers.count),
          gap: 2,
          scale: figureScale(centers.width),
        }).png,
      },
    ],
  };
}

// Up to 5 in one row; then two rows as in seed 002; then ten to a row.
function centerColumns(count: number): number {
  if (count <= 5) return count;
  return Math.min(10, Math.ceil(count / 2));
}

function captionOf({ size, majority }: ClusterSummary): ReturnType<typeof html> {
  return html`${
    majority && html`<span class="class" title="${majority.className}">${majorityWords(majority, 24)}</span>`
  }<span class="soft">${quantity(size, "image")}</span>`;
}
