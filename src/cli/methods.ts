/** Which methods a command runs: those that were asked for, or those that suit what the source holds. */
import { type ImageSet, isVectors } from "../images/index.ts";
import { checkMethodSource, type Method, parseMethods } from "../pipeline/index.ts";
import { UsageError } from "./usage-error.ts";

/** What methods need to know of a source. */
export type SourceItems = Pick<ImageSet, "values" | "width">;

/** Methods, separated by commas; before the source is open, those that suit images. */
export type MethodChoice = (items: SourceItems | undefined) => string;

/** What `cluster` and `elbow` take where no method is named. */
const usualMethod = { images: "pixels+kmeans", vectors: "vectors+kmeans" };

/** The method that was asked for, or the usual one. */
export function methodChoice({ method }: { readonly method: string | undefined }): MethodChoice {
  return (images) => method ?? (images && isVectors(images) ? usualMethod.vectors : usualMethod.images);
}

/** What the flags for sources have to say of methods. */
interface MethodFlags {
  readonly thorough?: boolean;
  readonly size: number | undefined;
  readonly scaling: string | undefined;
}

/**
 * Methods for an opened source, or for images where it is not open yet.
 *
 * @param check of what the other flags must go with
 * @throws {UsageError} if a flag does not go with what the source holds
 * @throws {OptionError} if a method does not exist, or does not go with what the source holds
 */
export function chosenMethods(
  where: string,
  choice: MethodChoice,
  flags: MethodFlags,
  check: (methods: readonly Method[]) => void,
  images?: SourceItems,
): readonly Method[] {
  const vectors = images !== undefined && isVectors(images);
  const methods = parseMethods(choice(images), { thorough: flags.thorough, vectors });
  check(methods);
  if (!images) return methods;
  if (vectors && flags.size !== undefined) {
    throw new UsageError(
      `${where}: --size must go with images; got ${flags.size} and a source of vectors. Leave it out.`,
    );
  }
  if (!vectors && (flags.scaling ?? "none") !== "none") {
    throw new UsageError(
      `${where}: --scaling must go with a source of vectors; got ${flags.scaling} and images. Leave it out.`,
    );
  }
  for (const method of methods) checkMethodSource(where, method, images);
  return methods;
}
