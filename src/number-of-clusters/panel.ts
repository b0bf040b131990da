/** The panel: partitions over a range of k, and what each criterion says of them. */
import { drain, type RunContext, throwIfCancelled } from "../estimator.ts";
import { checkShape, type Samples } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { defaultProposal } from "./default-proposal.ts";
import type { PartitionFit } from "./fits.ts";
import type { GapCurve } from "./gap.ts";
import { groundOf, labelsOn } from "./ground.ts";
import type { MixtureValues } from "./mixtures.ts";
import { checkPanelOptions } from "./options.ts";
import { suggestionsOf } from "./proposals.ts";
import { uniformReference } from "./reference.ts";
import type { PartitionScores } from "./scores.ts";
import type { StabilityCurve } from "./stability.ts";
import { fitAll, gapOf, mixAll, scoreAll, stabilityOf, type Work } from "./stages.ts";
import type { Criterion, Curve, Panel, PanelOptions, PanelProgress } from "./types.ts";

/** Runs {@link panelSteps} to their end. */
export function panel<Model>(
  samples: Samples,
  options: PanelOptions<Model>,
  context: RunContext<PanelProgress> = {},
): Promise<Panel> {
  return drain(panelSteps(samples, options, context), context.onProgress);
}

/**
 * Criteria for the number of clusters over a range of k, and what each proposes. The same numbers on any number of
 * threads, if the clusterer's are.
 *
 * @param samples nSamples x nFeatures, finite
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for samples of no use
 * @throws {CancelledError} if `context.signal` fires
 */
export async function* panelSteps<Model>(
  samples: Samples,
  options: PanelOptions<Model>,
  { signal, compute }: RunContext<PanelProgress> = {},
): AsyncGenerator<PanelProgress, Panel, void> {
  checkShape("panel", samples);
  const settings = checkPanelOptions(options, samples);
  throwIfCancelled("panel", signal);
  const random = createRandom(settings.seed).stream("panel");
  const work: Work<Model> = {
    samples,
    ground: groundOf(samples, settings.sampleSize, random.stream("ground")),
    clusterer: options.clusterer,
    settings,
    k: Array.from({ length: settings.to - settings.from + 1 }, (_, at) => settings.from + at),
    random,
    context: { signal, compute },
  };
  const asked = (...criteria: Criterion[]): boolean => criteria.some((each) => settings.criteria.has(each));
  const fits = yield* fitAll(work);
  const labels = fits.map((fit) => labelsOn(work.ground, fit.labels));
  const measured: Measured = { fits };
  if (asked("silhouette", "calinskiHarabasz", "daviesBouldin")) {
    measured.scores = yield* scoreAll(work, labels);
  }
  if (asked("bic", "adjustedBic", "icl")) measured.mixtures = yield* mixAll(work, fits);
  if (asked("gap", "stability")) {
    const reference = uniformReference(work.ground.samples);
    if (asked("gap")) measured.gap = yield* gapOf(work, labels, reference);
    if (asked("stability")) measured.stability = yield* stabilityOf(work, reference);
  }
  return panelOf(work, measured);
}

/** What the parts of a panel have found; those that nobody asked for are absent. */
interface Measured {
  readonly fits: readonly PartitionFit<unknown>[];
  scores?: readonly PartitionScores[];
  mixtures?: readonly MixtureValues[];
  gap?: GapCurve;
  stability?: StabilityCurve;
}

function panelOf({ k, settings, ground }: Work<unknown>, measured: Measured): Panel {
  const { fits, scores, mixtures, gap, stability } = measured;
  const found: Record<Criterion, Curve | undefined> = {
    inertia: fits.map((fit) => fit.inertia),
    modularity: fits.map((fit) => fit.modularity ?? null),
    silhouette: scores?.map((score) => score.silhouette),
    calinskiHarabasz: scores?.map((score) => score.calinskiHarabasz),
    daviesBouldin: scores?.map((score) => score.daviesBouldin),
    gap: gap?.gap,
    bic: mixtures?.map((values) => values.bic),
    adjustedBic: mixtures?.map((values) => values.adjustedBic),
    icl: mixtures?.map((values) => values.icl),
    stability: stability?.stability,
  };
  const curves = only(found, settings.criteria);
  const errors = only(
    {
      silhouette: scores?.map((score) => score.silhouetteError),
      gap: gap?.error,
      stability: stability?.error,
    },
    settings.criteria,
  );
  const suggestions = suggestionsOf(k, curves, errors);
  return {
    k,
    curves,
    errors,
    suggestions,
    ...defaultProposal(k, suggestions),
    ...(ground.rows && { sampled: ground.samples.rows }),
  };
}

/** Of some curves, those that were asked for and computed. */
function only(
  curves: Partial<Record<Criterion, Curve | undefined>>,
  asked: ReadonlySet<Criterion>,
): Partial<Record<Criterion, Curve>> {
  const entries = Object.entries(curves) as [Criterion, Curve | undefined][];
  return Object.fromEntries(entries.filter(([criterion, curve]) => curve && asked.has(criterion)));
}
