/**
 * A method's name, `features[+manifold]+clusterer`, e.g. `pixels+kmeans`. Several feature words joined by `:` are
 * views of the same images.
 */
import { OptionError } from "../errors.ts";
import { didYouMean, nearestSpelling } from "../spelling.ts";
import { clustererStages } from "./clusterers.ts";
import { featureStages } from "./features.ts";

/** The parts of a method, in their order. */
export interface Method {
  /** The name as it is spelled: the parts, joined. */
  readonly name: string;
  /** One word, or several views. */
  readonly features: readonly [string, ...string[]];
  readonly manifold?: string;
  readonly clusterer: string;
}

type Part = "features" | "manifold" | "clusterer";

/** Words that will be built; a name that uses one gets an honest answer rather than a guess. */
const plannedWords: Readonly<Record<Part | "joint", readonly string[]>> = {
  features: ["pca", "hog", "scattering"],
  manifold: ["umap"],
  clusterer: ["graph", "consensus"],
  joint: ["dec", "idec", "auto"],
};

/** Every method that this version runs, spelled out. */
export function availableMethods(): readonly string[] {
  return [...featureStages.keys()].flatMap((feature) =>
    [...clustererStages.keys()].map((clusterer) => `${feature}+${clusterer}`),
  );
}

/**
 * Reads a method's name.
 *
 * @throws {OptionError} for a word that does not exist, with the nearest spelling, and for one that is not built yet
 */
export function parseMethod(text: string): Method {
  const parts = text.trim().split("+");
  const [first = "", second, third] = parts;
  if (parts.length === 1) throw singleWord(text, first);
  if (parts.length > 3 || second === undefined) {
    throw new OptionError(
      `parseMethod: a method must be spelled features+clusterer or features+manifold+clusterer; got "${text}".`,
    );
  }
  const words: [Part, string][] = first.split(":").map((word) => ["features", word]);
  if (third !== undefined) words.push(["manifold", second]);
  words.push(["clusterer", third ?? second]);
  for (const [part, word] of words) checkKnown(text, part, word);
  for (const [part, word] of words) checkBuilt(part, word);

  const [feature = "", ...views] = first.split(":");
  if (views.length > 0) {
    throw new OptionError(`parseMethod: several views ("${first}") come with a later version; ${runsNow()}.`);
  }
  const clusterer = third ?? second;
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
export function parseMethods(text: string): readonly Method[] {
  const methods = text.split(",").map(parseMethod);
  const names = methods.map((method) => method.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new OptionError(`parseMethods: each method must be named once; got "${twice}" twice.`);
  }
  return methods;
}

function singleWord(text: string, word: string): OptionError {
  if (plannedWords.joint.includes(word)) return laterVersion(`the method "${word}" comes`);
  const meant = nearestSpelling(text, [...availableMethods(), ...plannedWords.joint]);
  const example = meant ?? availableMethods()[0];
  return new OptionError(
    `parseMethod: a method must be spelled features+clusterer, e.g. "${example}"; got "${text}".`,
  );
}

function checkKnown(text: string, part: Part, word: string): void {
  const built = builtWords(part);
  const known = [...built, ...plannedWords[part]];
  if (known.includes(word)) return;
  const words = built.length > 0 ? built : known;
  throw new OptionError(
    `parseMethod: the ${part} of "${text}" must be one of ${words.join(", ")}; got "${word}".${didYouMean(word, known)}`,
  );
}

function checkBuilt(part: Part, word: string): void {
  if (builtWords(part).includes(word)) return;
  throw laterVersion(`the ${part} "${word}" ${part === "features" ? "come" : "comes"}`);
}

function builtWords(part: Part): readonly string[] {
  if (part === "features") return [...featureStages.keys()];
  return part === "clusterer" ? [...clustererStages.keys()] : [];
}

function laterVersion(what: string): OptionError {
  return new OptionError(`parseMethod: ${what} with a later version; ${runsNow()}.`);
}

function runsNow(): string {
  return `this version runs ${availableMethods().join(", ")}`;
}
