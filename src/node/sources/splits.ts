import { InputError, OptionError } from "../../errors.ts";
import { concatenateImages, type ImageSet, type Split, sliceImages, splits } from "../../images/index.ts";

/** The two parts of a source, opened when they are needed; a part that a source does not have is absent. */
export interface Parts {
  readonly train?: (() => Promise<ImageSet>) | undefined;
  readonly test?: (() => Promise<ImageSet>) | undefined;
}

/**
 * The images of a split: `all` is train, then test, as far as there are such parts; `validation` and `holdout` are the
 * first and the second half of test (the second is greater where the number is odd).
 *
 * @param source as the user named it, for messages
 * @throws {OptionError} for a split that the source does not have
 * @throws {InputError} if half of the test images are none
 */
export async function openSplit(parts: Parts, split: Split, source: string): Promise<ImageSet> {
  const { train, test } = parts;
  if (split === "all") {
    if (!train || !test) return openPart(train ?? test, split, source);
    const [first, second] = [await train(), await test()];
    if (!first.labels !== !second.labels) {
      const which = first.labels ? "train" : "test";
      throw new InputError(
        `openSource: train and test images of "${source}" must both have labels, or neither; got labels for ${which} only. Add the missing labels file, or use --split ${which}.`,
      );
    }
    return concatenateImages(first, second);
  }
  if (split === "train" || split === "test") return openPart(parts[split], split, source);
  const images = await openPart(test, split, source);
  const half = Math.floor(images.count / 2);
  if (half === 0) {
    throw new InputError(
      `openSource: test images of "${source}" must be at least 2 for the split ${split}; got 1.`,
    );
  }
  return split === "validation" ? sliceImages(images, 0, half) : sliceImages(images, half, images.count);
}

/** @throws {OptionError} for a word that is no split */
export function checkSplit(split: string): Split {
  const known = splits.find((candidate) => candidate === split);
  if (known) return known;
  throw new OptionError(`openSource: split must be one of ${splits.join(", ")}; got "${split}".`);
}

async function openPart(part: Parts["train"], split: Split, source: string): Promise<ImageSet> {
  if (part) return part();
  throw new OptionError(
    `openSource: split of "${source}" must be a part that it has; got ${split}. Use --split all, or give a source with that part.`,
  );
}
