/** What the flags for networks come to. */
import type { NetworkChoices } from "../experiment/index.ts";
import { architectures, checkAutoencoderOptions, isArchitecture } from "../features/autoencoder/index.ts";
import { readEncoder } from "../node/index.ts";
import { type EncoderFile, type ImageShape, type Method, trainsNetwork } from "../pipeline/index.ts";
import type { NetworkSettings } from "./command-settings.ts";
import { networkOptions } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** What was asked of networks, and nothing else; undefined if nothing was. */
export function networkChoices(settings: NetworkSettings): NetworkChoices | undefined {
  const names = givenNames(settings);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, settings[name]])) as NetworkChoices;
}

/** @throws {UsageError} if a flag for training was given, and no method trains a network */
export function checkNetworkFlags(
  where: string,
  methods: readonly Method[],
  settings: NetworkSettings,
): void {
  const [name] = givenNames(settings);
  if (name === undefined || methods.some(trainsNetwork)) return;
  const [flag] = networkOptions[name].flags.split(" ");
  const got = methods.map((method) => method.name).join(", ");
  const words = Object.keys(architectures).join(", ");
  throw new UsageError(
    `${where}: ${flag} must go with a method that trains a network; got ${got}. Take features from ${words}.`,
  );
}

/**
 * Checks what was asked of the network of every method, before anything is begun.
 *
 * @throws {OptionError} naming the network that cannot be made so
 */
export function checkNetworks(
  where: string,
  methods: readonly Method[],
  settings: NetworkSettings,
  { height, width, channels }: ImageShape,
): void {
  const choices = networkChoices(settings) ?? {};
  for (const word of methods.flatMap((method) => method.features).filter(isArchitecture)) {
    checkAutoencoderOptions(where, word, choices, { height, width, channels }, 0);
  }
}

/**
 * The user's own network, where a method takes one.
 *
 * @throws {UsageError} if a method needs one and none is given, or one is given and no method takes it
 * @throws {InputError} if its file cannot be read
 */
export async function openEncoder(
  where: string,
  methods: readonly Method[],
  path: string | undefined,
): Promise<EncoderFile | undefined> {
  const taker = methods.find(({ features }) => features.includes("onnx"));
  if (taker && path === undefined) {
    throw new UsageError(
      `${where}: --encoder must name the ONNX file of your own network for ${taker.name}; got none.`,
    );
  }
  if (!taker && path !== undefined) {
    const got = methods.map(({ name }) => name).join(", ");
    throw new UsageError(
      `${where}: --encoder must go with a method whose features are onnx, e.g. onnx+kmeans; got ${got}.`,
    );
  }
  return path === undefined ? undefined : readEncoder(path);
}

function givenNames(settings: NetworkSettings): readonly (keyof NetworkSettings)[] {
  const names = Object.keys(networkOptions) as (keyof NetworkSettings)[];
  return names.filter((name) => settings[name] !== undefined);
}
