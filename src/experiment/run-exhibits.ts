/** All pictures of one run, picked while everything that they need is at hand. */
import { type ImageSet, imageLength } from "../images/index.ts";
import { groupMeans } from "../matrix/index.ts";
import { centerImages, methodStages, parseMethod, type StageContext } from "../pipeline/index.ts";
import { type CodeRun, codeExhibits } from "./code-exhibits.ts";
import { type Curation, curate } from "./curation/index.ts";
import type { Exhibits } from "./exhibits.ts";
import { mapExhibit } from "./map-exhibit.ts";
import { mixtureExhibit } from "./mixture-exhibit.ts";
import { pickExhibits } from "./pick-exhibits.ts";
import { type RunPoints, runPoints } from "./points.ts";
import { vectorExhibit } from "./vector-exhibit.ts";

/** Mean of the images of each cluster; black for an empty one. */
function meanImages(images: ImageSet, labels: Int32Array, nClusters: number): ImageSet {
  const bytes = { rows: images.count, cols: imageLength(images), data: images.pixels, unit: 1 };
  const pixels = Uint8Array.from(groupMeans(bytes, labels, nClusters).data, Math.round);
  const { height, width, channels } = images;
  return { count: nClusters, height, width, channels, pixels };
}

/** Pictures of a fitted run, and which of its images to look at. */
export async function runExhibits(
  run: CodeRun,
  context: StageContext,
): Promise<{ readonly exhibits: Exhibits; readonly curation: Curation; readonly points: RunPoints }> {
  const { source, scored, chain, samples, assignment, random, seed } = run;
  const { clusterer } = methodStages(parseMethod(chain.method));
  const { labels, distances } = assignment;
  const margins = assignment.margins ?? (await clusterer.margins(chain.clusterer, samples, labels, context));
  const places = clusterer.centers(chain.clusterer);
  const nClusters = places.rows;
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
  const { columns, ...images } = scored.images; // pictures need not repeat what columns are called
  const mixture = await mixtureExhibit({ chain, images, samples, assignment, margins, seed }, context);
  const map = await mapExhibit(run, context);
  const picked = pickExhibits(images, choice, random);
  const { clusters } = picked;
  const curation = await curate({ images, labels, distances, margins, nClusters, clusters }, context);
  const { errors, ...code } = await codeExhibits(run, context);
  const exhibits: Exhibits = {
    ...picked,
    ...(!centers && !values && { centersAreMeans: true }),
    ...(values && { vectors: vectorExhibit(values, labels, nClusters, columns) }),
    ...code,
    ...(map && { map }),
    ...(mixture && { mixture }),
    ...(curation.exhibit && { curation: curation.exhibit }),
  };
  const points = await runPoints({ samples, labels, margins, centers: places, errors }, context);
  return { exhibits, curation, points };
}
