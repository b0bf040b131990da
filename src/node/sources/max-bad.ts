import { InputError, OptionError } from "../../errors.ts";
import type { SkippedFile } from "../../images/index.ts";

/** Part of the items of a source that may be unreadable, unless told. */
const defaultMaxBad = "1%";

/**
 * A part of a whole: `1%`, `2.5%`, or `0.025`.
 *
 * @returns a number in [0, 1]
 * @throws {OptionError} for anything else
 */
export function parseMaxBad(text: string): number {
  const [, digits, percent] = /^(\d+\.?\d*|\.\d+)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = digits === undefined ? Number.NaN : Number(digits) / (percent ? 100 : 1);
  if (value <= 1) return value;
  throw new OptionError(
    `openSource: maxBad must be a part of all files, as 1% or 0.01, and at most 100%; got "${text}".`,
  );
}

/**
 * Holds the number of unreadable items to what is allowed.
 *
 * @param seen items so far, or all that there will be
 * @throws {InputError} naming the first three and what to do, if there are more
 */
export function checkBad(
  source: string,
  skipped: readonly SkippedFile[],
  seen: number,
  maxBad: string | undefined,
): void {
  const most = parseMaxBad(maxBad ?? defaultMaxBad);
  if (skipped.length <= most * seen) return;
  const first = skipped.slice(0, 3).map(({ file, reason }) => `"${oneLine(file)}" (${reason})`);
  const others = skipped.length > first.length ? `, and ${skipped.length - first.length} more` : "";
  const enough = Math.min(100, Math.ceil((1000 * skipped.length) / seen) / 10);
  const files = seen === 1 ? "the 1 file" : `the ${seen} files`;
  const remedy =
    skipped.length === seen
      ? "Check that these are images."
      : `Mend them or take them away, or allow for them: --max-bad ${enough}%.`;
  throw new InputError(
    `openSource: at most ${percent(most)} of ${files} of "${oneLine(source)}" may be unreadable; got ${skipped.length}: ${first.join(", ")}${others}. ${remedy}`,
  );
}

function percent(part: number): string {
  return `${Number((100 * part).toPrecision(6))} %`;
}

/** File names may hold line ends; messages are one line. */
function oneLine(name: string): string {
  return name.replace(/[\r\n]+/g, " ");
}
