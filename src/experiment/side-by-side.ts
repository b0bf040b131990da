/**
 * Several methods on the same images. All of them are held against one reference, so that what they found can be laid
 * side by side: the classes, or, where no labels are known, the clusters of the first method.
 */
import { type ImageSet, nClasses, takeImages } from "../images/index.ts";
import {
  adjustedRandIndex,
  bestMatch,
  contingencyTable,
  matchOrder,
  sortedConfusion,
} from "../metrics/index.ts";
import { distinctIntegers, type Random } from "../random/index.ts";
import type { MethodGroups, SideBySide } from "./exhibits.ts";
import type { RunRecord } from "./record.ts";
import { hasLabels } from "./scores.ts";

/** Images of all classes together, where labels are known: as many as a reader can follow. */
const SHOWN_IMAGES = 80;

/** Most images of one class, where classes are few. */
const IMAGES_PER_CLASS = 20;

/** Most classes that images are shown of; of more, as many are drawn by the seed. */
const SHOWN_CLASSES = 20;

/** Images where no labels are known. */
const UNLABELLED_IMAGES = 60;

/** One method's run and the cluster that it gave each image. */
export interface GroupedRun {
  readonly result: Pick<RunRecord, "method" | "seed" | "clusters">;
  readonly labels: Int32Array;
}

/**
 * Holds one run of each method against the classes, or against the first run where no labels are known, and picks
 * images to be shown as each of them groups them.
 *
 * @param images that all the runs gave clusters to
 * @param random of the seed; decides which images are picked
 * @returns nothing for fewer than two runs
 */
export function sideBySide(
  images: ImageSet,
  runs: readonly GroupedRun[],
  random: Random,
): SideBySide | undefined {
  const [first] = runs;
  if (first === undefined || runs.length < 2) return undefined;
  const labelled = hasLabels(images);
  const groups = labelled ? images.labels : first.labels;
  const nGroups = labelled ? nClasses(images) : first.result.clusters;
  const stream = random.stream("side-by-side");
  const drawn = labelled
    ? ofEachClass(groups, nGroups, stream)
    : distinctIntegers(stream, Math.min(UNLABELLED_IMAGES, images.count), images.count);
  const groupAt = (i: number): number => groups[i] as number;
  const picked = drawn.sort((a, b) => groupAt(a) - groupAt(b) || a - b);
  return {
    reference: labelled ? "classes" : "clusters",
    nGroups,
    images: { indices: Array.from(picked), images: takeImages(images, picked) },
    groups: Array.from(picked, groupAt),
    methods: runs.map((run) => methodGroups(run, { groups, nGroups, picked })),
  };
}

interface Reference {
  readonly groups: Int32Array;
  readonly nGroups: number;
  readonly picked: Int32Array;
}

function methodGroups({ result, labels }: GroupedRun, reference: Reference): MethodGroups {
  const { method, seed, clusters } = result;
  const { groups, nGroups, picked } = reference;
  const table = contingencyTable(labels, groups, { nClusters: clusters, nClasses: nGroups });
  const match = bestMatch(table);
  const order = matchOrder(table, match);
  const partners = order.map((cluster) => match.classOfCluster[cluster] as number);
  return {
    method,
    seed,
    order,
    partners: partners.map((group) => (group < 0 ? null : group)),
    counts: sortedConfusion(table, order),
    ari: adjustedRandIndex(table),
    clusters: Array.from(picked, (i) => labels[i] as number),
  };
}

/** As many images of each class; where classes are very many, of some of them. */
function ofEachClass(labels: Int32Array, nGroups: number, random: Random): Int32Array {
  const members = Array.from({ length: nGroups }, (): number[] => []);
  for (let i = 0; i < labels.length; i++) members[labels[i] as number]?.push(i);
  const present = members.flatMap((ofClass, label) => (ofClass.length > 0 ? [label] : []));
  const shown = distinctIntegers(
    random.stream("classes"),
    Math.min(SHOWN_CLASSES, present.length),
    present.length,
  );
  const perClass = Math.min(IMAGES_PER_CLASS, Math.floor(SHOWN_IMAGES / shown.length));
  const drawn = Array.from(shown, (position) => {
    const label = present[position] as number;
    const ofClass = members[label] as number[];
    const places = distinctIntegers(
      random.stream("class", label),
      Math.min(perClass, ofClass.length),
      ofClass.length,
    );
    return Array.from(places, (place) => ofClass[place] as number);
  });
  return Int32Array.from(drawn.flat());
}
