/** All pictures of one run, picked while everything that they need is at hand. */
import { type ImageSet, imageLength } from "../images/index.ts";
import { groupMeans } from "../matrix/index.ts";
import { centerImages, methodStages, parseMethod, type StageContext } from "../pipeline/index.ts";
import { type CodeRun, codeExhibits } from "./code-exhibits.ts";
import type { Exhibits } from "./exhibits.ts";
import { mapExhibit } from "./map-exhibit.ts";
import { mixtureExhibit } from "./mixture-exhibit.ts";
import { pickExhibits } from "./pick-exhibits.ts";
import { vectorExhibit } from "./vector-exhibit.ts";

/** Mean of the images of each cluster; black for an empty one. */
function meanImages(images: ImageSet, labels: Int32Array, nClusters: number): ImageSet {
  const bytes = { rows: images.count, cols: imageLength(images), data: images.pixels, unit: 1 };
  const pixels = Uint8Array.from(groupMeans(bytes, labels, nClusters).data, Math.round);
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
  const { values } = scored.images;
  const choice = {
    labels,
    distances,
    margins,
    nClusters,
    centers: centers ?? (values ? undefined : meanImages(scored.images, labels, nClusters)),
    strip: source.images,
  };
  const mixture = await mixtureExhibit(
    { chain, images: scored.images, samples, assignment, margins, seed },
    context,
  );
  const map = await mapExhibit(run, context);
  return {
    ...pickExhibits(scored.images, choice, random),
    ...(!centers && !values && { centersAreMeans: true }),
    ...(values && { vectors: vectorExhibit(values, labels, nClusters) }),
    ...(await codeExhibits(run, context)),
    ...(map && { map }),
    ...(mixture && { mixture }),
  };
}
