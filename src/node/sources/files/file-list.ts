import { FormatError, InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";

/** More bytes than this are no list of files. */
const mostBytes = 1 << 30;

/**
 * The paths that a stream lists, one a line; or ended by null characters, as `find -print0` writes them, where it has
 * any: names may then hold line ends. Sorted by code units, each once.
 *
 * @throws {InputError} if it lists nothing
 * @throws {FormatError} if it is not UTF-8, or longer than 1 GiB
 */
export async function readFileList(
  input: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const text: string[] = [];
  let length = 0;
  try {
    for await (const chunk of input) {
      throwIfCancelled("openSource", signal);
      length += chunk.length;
      if (length > mostBytes) {
        throw new FormatError(
          `openSource: the list on standard input must be at most 1 GiB; got more. Give a folder or a pattern.`,
        );
      }
      text.push(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    }
    text.push(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new FormatError(
      `openSource: the list on standard input must be text in UTF-8; got other bytes. Give paths, one a line.`,
      { cause: error },
    );
  }
  const whole = text.join("");
  const paths = whole.includes("\0") ? whole.split("\0") : whole.split(/\r?\n/);
  const given = [...new Set(paths.filter((path) => path !== ""))].sort();
  if (given.length > 0) return given;
  throw new InputError(
    `openSource: standard input must list image files, one path a line; got nothing. For instance: find photos -name "*.jpg" | unlabeled cluster -`,
  );
}
