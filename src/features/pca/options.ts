import { OptionError } from "../../errors.ts";
import type { PcaOptions, PcaSettings, PcaSolver } from "./types.ts";

/** What holds where an option is left out. */
export const defaults = {
  whiten: false,
  solver: "auto",
  nOversamples: 10,
  nPowerIterations: 6,
  seed: 0,
} as const;

const solvers: readonly PcaSolver[] = ["auto", "exact", "randomized"];
const known: readonly string[] = ["nComponents", ...Object.keys(defaults)];

/** Columns for which all eigenvalues take about a second or two, so that exactness costs nothing. */
const FEW_COLUMNS = 1536;

/** Most columns of an exact fit: their covariance takes 512 MiB. */
const maxExactColumns = 8192;

/** Most columns for which exactness is chosen, and components for each column from which random directions save nothing. */
const SOME_COLUMNS = 4096;
const MANY_COMPONENTS = 0.1;

/**
 * Complete, valid settings; `solver` is the one to be used.
 *
 * @param nFeatures columns of the samples
 * @throws {OptionError} naming the option, its rule and the value that came
 */
export function checkPcaOptions(where: string, options: PcaOptions, nFeatures: number): PcaSettings {
  const fail = (what: string, rule: string, got: unknown, remedy = ""): never => {
    throw new OptionError(`${where}: ${what} must be ${rule}; got ${String(got)}.${remedy}`);
  };
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail("every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
  const { nComponents } = options;
  const solver = options.solver ?? defaults.solver;
  const settings = {
    nComponents,
    whiten: options.whiten ?? defaults.whiten,
    nOversamples: options.nOversamples ?? defaults.nOversamples,
    nPowerIterations: options.nPowerIterations ?? defaults.nPowerIterations,
    seed: options.seed ?? defaults.seed,
  };
  if (!Number.isSafeInteger(nComponents) || nComponents < 1) {
    fail("nComponents", "an integer of at least 1", nComponents);
  }
  if (typeof settings.whiten !== "boolean") fail("whiten", "true or false", settings.whiten);
  if (!solvers.includes(solver)) fail("solver", `one of ${solvers.join(", ")}`, `"${solver}"`);
  for (const name of ["nOversamples", "nPowerIterations"] as const) {
    const value = settings[name];
    if (!Number.isSafeInteger(value) || value < 0) fail(name, "an integer of at least 0", value);
  }
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, settings.seed);
  }
  if (solver === "exact" && nFeatures > maxExactColumns) {
    fail(
      'solver "exact"',
      `used for at most ${maxExactColumns} columns`,
      nFeatures,
      ' Use solver "randomized".',
    );
  }
  return { ...settings, solver: solver === "auto" ? affordable(nComponents, nFeatures) : solver };
}

function affordable(nComponents: number, nFeatures: number): "exact" | "randomized" {
  if (nFeatures <= FEW_COLUMNS) return "exact";
  return nFeatures <= SOME_COLUMNS && nComponents > MANY_COMPONENTS * nFeatures ? "exact" : "randomized";
}
