/**
 * A method's name: `features+clusterer` or `features+manifold+clusterer`, e.g. `pixels+kmeans`, in which several feature
 * words joined by `:` are views of the same images; or one word for a method whose features and clusters are learned
 * together; or `auto`, which stands for the recipe of our choice.
 */

import { OptionError } from "../errors.ts";
import { isArchitecture } from "../features/autoencoder/index.ts";
import { didYouMean, nearestSpelling } from "../spelling.ts";
import { clustererStages } from "./clusterers.ts";
import { featureStages } from "./features.ts";
import { jointMethods } from "./joint-stages.ts";
import { manifoldStages } from "./manifolds.ts";

/** The parts of a method, in their order. */
export interface Method {
  /** The name of what runs: the parts, joined. */
  readonly name: string;
  /** The name as it was given, where it stands for another. */
  readonly requested?: string;
  /** One word, or several views. */
  readonly features: readonly [string, ...string[]];
  readonly manifold?: string;
  readonly clusterer: string;
  /** How features and clusters are learned together, where they are. */
  readonly joint?: string;
}

/** What a name may depend on. */
export interface MethodOptions {
  /** Whether `auto` stands for the recipe that takes minutes rather than one. */
  readonly thorough?: boolean | undefined;
  /** Whether the source holds vectors, for which `auto` has recipes of their own. */
  readonly vectors?: boolean | undefined;
}

/** What `auto` stands for: one recipe for all images (docs/results.md says how it was found). */
export const recipes = {
  fast: "pca:hog:scattering+graph",
  thorough: "pca:hog:scattering+consensus",
} as const;

/** What `auto` stands for where the source holds vectors. */
export const vectorRecipes = { fast: "vectors+graph", thorough: "vectors+consensus" } as const;

type Part = "features" | "manifold" | "clusterer";

/** Every method of one view and no map that this version runs, spelled out, and those of a single word. */
export function availableMethods(): readonly string[] {
  const spelled = [...featureStages.keys()].flatMap((feature) =>
    [...clustererStages.keys()].map((clusterer) => `${feature}+${clusterer}`),
  );
  return [...spelled, ...singleWords()];
}

/**
 * Reads a method's name.
 *
 * @throws {OptionError} for a word that does not exist, with the nearest spelling
 */
export function parseMethod(text: string, options: MethodOptions = {}): Method {
  const parts = text.trim().split("+");
  const [first = "", second, third] = parts;
  if (parts.length === 1) return singleWord(text, first, options);
  if (parts.length > 3 || second === undefined) {
    throw new OptionError(
      `parseMethod: a method must be spelled features+clusterer or features+manifold+clusterer; got "${text}".`,
    );
  }
  const [feature = "", ...views] = first.split(":");
  const clusterer = third ?? second;
  for (const word of [feature, ...views]) checkKnown(text, "features", word);
  if (third !== undefined) checkKnown(text, "manifold", second);
  checkKnown(text, "clusterer", clusterer);
  checkViews(text, [feature, ...views]);
  return {
    name: parts.join("+"),
    features: [feature, ...views],
    clusterer,
    ...(third !== undefined && { manifold: second }),
  };
}

/**
 * Reads a list of methods, separated by commas.
 *
 * @throws {OptionError} as {@link parseMethod}, and for a method named twice
 */
export function parseMethods(text: string, options: MethodOptions = {}): readonly Method[] {
  const methods = text.split(",").map((one) => parseMethod(one, options));
  const names = methods.map((method) => method.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new OptionError(`parseMethods: each method must be named once; got "${twice}" twice.`);
  }
  return methods;
}

function singleWords(): readonly string[] {
  return [...jointMethods.keys(), "auto"];
}

function singleWord(text: string, word: string, { thorough, vectors }: MethodOptions): Method {
  const { fast, thorough: slow } = vectors ? vectorRecipes : recipes;
  if (word === "auto") return { ...parseMethod(thorough ? slow : fast), requested: "auto" };
  const joint = jointMethods.get(word);
  if (joint) return { name: word, features: [joint.features], clusterer: "student-t", joint: word };
  const example = nearestSpelling(text, availableMethods()) ?? availableMethods()[0];
  throw new OptionError(
    `parseMethod: a method must be spelled features+clusterer, or be one of ${singleWords().join(", ")}, e.g. "${example}"; got "${text}".`,
  );
}

function checkKnown(text: string, part: Part, word: string): void {
  const known = wordsOf(part);
  if (known.includes(word)) return;
  throw new OptionError(
    `parseMethod: the ${part} of "${text}" must be one of ${known.join(", ")}; got "${word}".${didYouMean(word, known)}`,
  );
}

/** A training is kept, and taken up again, for one network only. */
function checkViews(text: string, views: readonly string[]): void {
  const twice = views.find((word, at) => views.indexOf(word) !== at);
  if (twice !== undefined) {
    throw new OptionError(`parseMethod: each view of "${text}" must be named once; got "${twice}" twice.`);
  }
  const networks = views.filter((word) => isArchitecture(word));
  if (networks.length > 1) {
    throw new OptionError(
      `parseMethod: at most one view of "${text}" must be a network that is trained; got ${networks.join(" and ")}.`,
    );
  }
}

function wordsOf(part: Part): readonly string[] {
  const tables = { features: featureStages, manifold: manifoldStages, clusterer: clustererStages };
  return [...tables[part].keys()];
}
