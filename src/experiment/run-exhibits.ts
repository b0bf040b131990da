/** All pictures of one run, picked while everything that they need is at hand. */
import { type ImageSet, imageLength } from "../images/index.ts";
import { centerImages, methodStages, parseMethod, type StageContext } from "../pipeline/index.ts";
import { type CodeRun, codeExhibits } from "./code-exhibits.ts";
import type { Exhibits } from "./exhibits.ts";
import { mapExhibit } from "./map-exhibit.ts";
import { mixtureExhibit } from "./mixture-exhibit.ts";
import { pickExhibits } from "./pick-exhibits.ts";

/** Mean of the images of each cluster; black for an empty one. */
function meanImages(images: ImageSet, labels: Int32Array, nClusters: number): ImageSet {
  const length = imageLength(images);
  const sums = new Float64Array(nClusters * length);
  const sizes = new Float64Array(nClusters);
  labels.forEach((cluster, i) => {
    sizes[cluster] = (sizes[cluster] as number) + 1;
    for (let j = 0; j < length; j++) {
      const at = cluster * length + j;
      sums[at] = (sums[at] as number) + (images.pixels[i * length + j] as number);
    }
  });
  const pixels = Uint8Array.from(sums, (sum, at) =>
    Math.round(sum / Math.max(1, sizes[Math.floor(at / length)] as number)),
  );
  const { height, width, channels } = images;
  return { count: nClusters, height, width, channels, pixels };
}

/** Pictures of a fitted run. */
export async function runExhibits(run: CodeRun, context: StageContext): Promise<Exhibits> {
  const { source, scored, chain, samples, assignment, random, seed } = run;
  const { clusterer } = methodStages(parseMethod(chain.method));
  const { labels, distances } = assignment;
  const margins = assignment.margins ?? (await clusterer.margins(chain.clusterer, samples, labels, context));
  const nClusters = clusterer.centers(chain.clusterer).rows;
  const centers = await centerImages(chain, context);
  const choice = {
    labels,
    distances,
    margins,
    nClusters,
    centers: centers ?? meanImages(scored.images, labels, nClusters),
    strip: source.images,
  };
  const mixture = await mixtureExhibit(
    { chain, images: scored.images, samples, assignment, margins, seed },
    context,
  );
  const map = await mapExhibit(run, context);
  return {
    ...pickExhibits(scored.images, choice, random),
    ...(!centers && { centersAreMeans: true }),
    ...(await codeExhibits(run, context)),
    ...(map && { map }),
    ...(mixture && { mixture }),
  };
}
