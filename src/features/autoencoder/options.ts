import { OptionError } from "../../errors.ts";
import { type LayerShape, networkParameters } from "../../neural/index.ts";
import { didYouMean } from "../../spelling.ts";
import { type ArchitectureName, architectures, type Design } from "./architectures.ts";
import type { AutoencoderOptions } from "./records.ts";

/** Choices of a network, complete and valid. */
export interface AutoencoderSettings {
  readonly architecture: ArchitectureName;
  readonly seed: number;
  readonly design: Design;
}

const choiceNames: readonly (keyof AutoencoderOptions)[] = [
  "epochs",
  "codeSize",
  "widths",
  "loss",
  "batch",
  "learningRate",
];

/** Greatest number of units of a layer: beyond it, the weights of two such layers would not fit into memory. */
const MOST_UNITS = 65_536;

/**
 * Greatest number of weights and biases: with moments, gradients and copies between threads, training takes about 64 bytes
 * for each, so 8 GiB.
 */
const MOST_PARAMETERS = 134_217_728;

/**
 * Completes what a user asked for.
 *
 * @throws {OptionError} for a number out of its range, widths that the architecture does not have, or a network that is
 *   too large to be trained
 */
export function checkAutoencoderOptions(
  where: string,
  architecture: string,
  options: AutoencoderOptions,
  image: LayerShape,
  seed: number,
): AutoencoderSettings {
  if (!isArchitecture(architecture)) {
    const known = Object.keys(architectures);
    throw new OptionError(
      `${where}: architecture must be one of ${known.join(", ")}; got "${architecture}".${didYouMean(architecture, known)}`,
    );
  }
  const unknown = Object.keys(options).find(
    (name) => !choiceNames.includes(name as keyof AutoencoderOptions),
  );
  if (unknown !== undefined) {
    throw new OptionError(
      `${where}: options must be among ${choiceNames.join(", ")}; got "${unknown}".${didYouMean(unknown, choiceNames)}`,
    );
  }
  checkInteger(where, "epochs", options.epochs, 1_000_000);
  checkInteger(where, "codeSize", options.codeSize, MOST_UNITS);
  checkInteger(where, "batch", options.batch, 1_000_000);
  if (options.widths !== undefined && !Array.isArray(options.widths)) {
    throw new OptionError(`${where}: widths must be a list of numbers; got ${options.widths}.`);
  }
  for (const width of options.widths ?? []) checkInteger(where, "each of widths", width, MOST_UNITS);
  const { learningRate, loss, widths } = options;
  if (learningRate !== undefined && !(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new OptionError(`${where}: learningRate must be a positive number; got ${learningRate}.`);
  }
  if (loss !== undefined && loss !== "mse" && loss !== "bce") {
    throw new OptionError(`${where}: loss must be one of mse, bce; got "${loss}".`);
  }
  const { hidden } = architectures[architecture];
  if (widths && (widths.length < hidden.least || widths.length > hidden.most)) {
    const rule = hidden.least === hidden.most ? `${hidden.least}` : `${hidden.least} to ${hidden.most}`;
    throw new OptionError(
      `${where}: widths of ${architecture} must be ${rule} numbers (${hidden.what}); got ${widths.length}.`,
    );
  }
  const design = architectures[architecture].design(image, options);
  const size = parameterCount(design);
  if (size > MOST_PARAMETERS) {
    throw new OptionError(
      `${where}: ${architecture} must have at most ${MOST_PARAMETERS} weights, so that training fits into memory; got ${size} for images of ${image.height} x ${image.width} x ${image.channels}. Use smaller images or widths.`,
    );
  }
  return { architecture, seed, design };
}

/** Number of weights and biases of a network. */
export function parameterCount({ encoder, decoder }: Design): number {
  const specs = [...networkParameters(encoder, "encoder"), ...networkParameters(decoder, "decoder")];
  return specs.reduce((total, { shape }) => total + shape.reduce((size, n) => size * n, 1), 0);
}

/** Whether a feature word names an autoencoder. */
export function isArchitecture(word: string): word is ArchitectureName {
  return Object.hasOwn(architectures, word);
}

function checkInteger(where: string, what: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
  throw new OptionError(`${where}: ${what} must be an integer in 1..${most}; got ${value}.`);
}
