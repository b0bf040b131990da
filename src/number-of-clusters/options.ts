import { OptionError } from "../errors.ts";
import type { Samples } from "../matrix/index.ts";
import { type Criterion, type PanelOptions, panelCriteria } from "./types.ts";

/** What holds where an option is left out. */
export const panelDefaults = { silhouetteSize: 2000, references: 10, pairs: 10 } as const;

/** Numbers that the samples of the expensive criteria may be, and the bounds of how many samples that makes. */
const SAMPLE_NUMBERS = 4_000_000;
const SAMPLE_LEAST = 2000;
const SAMPLE_MOST = 10_000;

/** Beyond this many features a normal distribution has more parameters than samples could tell, and mixtures are left out. */
const MIXTURE_FEATURES = 50;

const ofMixtures: readonly Criterion[] = ["bic", "adjustedBic", "icl"];

/**
 * The criteria that can say something of such samples: mixtures only where there are at most 50 features, the modularity
 * only of a clusterer of graphs.
 */
export function fittingCriteria(nFeatures: number, graphs = false): readonly Criterion[] {
  return panelCriteria.filter(
    (criterion) =>
      (nFeatures <= MIXTURE_FEATURES || !ofMixtures.includes(criterion)) &&
      (graphs || criterion !== "modularity"),
  );
}

/** Complete, checked options, without the clusterer; see {@link PanelOptions}. */
export interface PanelSettings {
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly criteria: ReadonlySet<Criterion>;
  readonly sampleSize: number;
  readonly silhouetteSize: number;
  readonly references: number;
  readonly pairs: number;
}

/**
 * Complete, valid settings.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkPanelOptions<Model>(options: PanelOptions<Model>, samples: Samples): PanelSettings {
  const { rows, cols } = samples;
  const { from, to, seed } = options;
  const wanted = options.criteria ?? fittingCriteria(cols, options.clusterer.graphs);
  const most = Math.min(SAMPLE_MOST, Math.max(SAMPLE_LEAST, Math.floor(SAMPLE_NUMBERS / cols)));
  const settings = {
    sampleSize: options.sampleSize ?? most,
    silhouetteSize: options.silhouetteSize ?? panelDefaults.silhouetteSize,
    references: options.references ?? panelDefaults.references,
    pairs: options.pairs ?? panelDefaults.pairs,
  };
  checkInteger("from", from, 1, rows);
  checkInteger("to", to, from, rows);
  checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  for (const [name, value] of Object.entries(settings)) checkInteger(name, value, 2, Number.MAX_SAFE_INTEGER);
  const stranger = wanted.find((criterion) => !panelCriteria.includes(criterion));
  if (stranger !== undefined || wanted.length === 0) {
    fail(
      "criteria",
      `some of ${panelCriteria.join(", ")}`,
      stranger === undefined ? "none" : `"${stranger}"`,
    );
  }
  const large = wanted.find((criterion) => cols > MIXTURE_FEATURES && ofMixtures.includes(criterion));
  if (large) {
    fail(
      `criteria of samples with ${cols} features`,
      `none of ${ofMixtures.join(", ")}`,
      `"${large}"`,
      `Mixtures need features of at most ${MIXTURE_FEATURES} numbers.`,
    );
  }
  if (wanted.includes("modularity") && !options.clusterer.graphs) {
    fail("criteria", "without modularity for a clusterer that has no graph", '"modularity"');
  }
  return { from, to, seed, ...settings, criteria: new Set(wanted) };
}

function checkInteger(what: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    fail(what, `an integer in ${least}..${most}`, value);
  }
}

function fail(what: string, rule: string, got: unknown, remedy = ""): never {
  throw new OptionError(`panel: ${what} must be ${rule}; got ${String(got)}. ${remedy}`.trimEnd());
}
