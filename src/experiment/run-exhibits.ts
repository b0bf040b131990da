/** All pictures of one run, picked while everything that they need is at hand. */
import { centerImages, methodStages, parseMethod, type StageContext } from "../pipeline/index.ts";
import { type CodeRun, codeExhibits } from "./code-exhibits.ts";
import type { Exhibits } from "./exhibits.ts";
import { mixtureExhibit } from "./mixture-exhibit.ts";
import { pickExhibits } from "./pick-exhibits.ts";

/** Pictures of a fitted run. */
export async function runExhibits(run: CodeRun, context: StageContext): Promise<Exhibits> {
  const { source, scored, chain, samples, assignment, random, seed } = run;
  const { clusterer } = methodStages(parseMethod(chain.method));
  const { labels, distances } = assignment;
  const margins = await clusterer.margins(chain.clusterer, samples, labels, context);
  const choice = {
    labels,
    distances,
    margins,
    nClusters: clusterer.centers(chain.clusterer).rows,
    centers: await centerImages(chain, context),
    strip: source.images,
  };
  const mixture = await mixtureExhibit(
    { chain, images: scored.images, samples, assignment, margins, seed },
    context,
  );
  return {
    ...pickExhibits(scored.images, choice, random),
    ...(await codeExhibits(run, context)),
    ...(mixture && { mixture }),
  };
}
