/** What the first bytes of a CSV file tell. */
import { FormatError } from "../../../errors.ts";

/**
 * What separates the fields. Of `.tsv` and `.tab` files it is the tab; of others the tab if one stands in the first line outside
 * quotes, else the semicolon if one does, else the comma.
 *
 * @param start first bytes of the content
 * @throws {FormatError} if they are no text in UTF-8
 */
export function delimiterOf(start: Buffer, path: string): string {
  checkText(start, path);
  if (/\.(tsv|tab)(\.gz)?$/i.test(path)) return "\t";
  const found = new Set<number>();
  let quoted = false;
  for (const byte of start) {
    if (byte === 0x22) quoted = !quoted;
    else if (!quoted && (byte === 0x0a || byte === 0x0d)) break;
    else if (!quoted) found.add(byte);
  }
  return ["\t", ";"].find((character) => found.has(character.charCodeAt(0))) ?? ",";
}

function checkText(start: Buffer, path: string): void {
  const [first, second] = start;
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (!wide && !start.includes(0)) return;
  const got = wide ? "text in UTF-16" : "bytes of 0, which no text holds";
  const remedy = wide
    ? "Save it as UTF-8."
    : "Give a table as text, or a file under the name of its own kind.";
  throw new FormatError(`openSource: "${path}" must be text in UTF-8; got ${got}. ${remedy}`);
}
