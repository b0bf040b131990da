/** Several methods on the same images, for the tests of this folder. */
import { agreementOf, type ComparisonRecord, type SideBySide, sideBySide } from "../../experiment/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { createRandom } from "../../random/index.ts";
import { comparisonOf, noiseImages, type RecordChoice, runRecord } from "./records.ts";

/** What a test may choose of a comparison. */
export interface ComparedChoice extends RecordChoice {
  readonly methods?: readonly string[];
  readonly seeds?: readonly number[];
}

/** A comparison with its agreement, and its methods side by side. */
export interface Compared {
  readonly comparison: ComparisonRecord;
  readonly sideBySide: SideBySide | undefined;
}

/**
 * Methods whose clusters are mostly the classes, each with mistakes of its own, on 120 images of noise; the records' own
 * scores are made up.
 */
export function compared(choice: ComparedChoice = {}): Compared {
  const { methods = ["pixels+kmeans", "pca+kmeans", "hog+kmeans"], seeds = [0] } = choice;
  const records = methods.flatMap((method) => seeds.map((seed) => runRecord({ ...choice, method, seed })));
  const images = imagesOf(records[0] ?? runRecord(choice));
  const runs = records.map((result, r) => {
    const random = createRandom(r).stream("labels");
    const labels = Int32Array.from({ length: images.count }, (_, i) => {
      const nClasses = images.classNames?.length ?? result.clusters;
      return random.float() < 0.2 ? random.integer(result.clusters) : ((i % nClasses) + r) % result.clusters;
    });
    return { result, labels, method: result.method, seed: result.seed };
  });
  const agreement = agreementOf(runs);
  const firsts = methods.flatMap((method) => runs.find((run) => run.method === method) ?? []);
  return {
    comparison: { ...comparisonOf(records), ...(agreement && { agreement }) },
    sideBySide: sideBySide(images, firsts, createRandom(0)),
  };
}

function imagesOf({ source }: ReturnType<typeof runRecord>): ImageSet {
  return noiseImages(120, source.height, source.channels, source.classNames);
}
