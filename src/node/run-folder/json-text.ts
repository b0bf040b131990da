/**
 * JSON for people and programs: indented, lists of numbers on one line, with a line end.
 *
 * Line ends never occur inside JSON's strings, so that only layout is changed.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const inLine = text.replace(/\[\n[^[\]{}"]*\]/g, (list) =>
    list.replace(/\s+/g, " ").replace(/^\[ | \]$/g, bracket),
  );
  return `${inLine}\n`;
}

function bracket(match: string): string {
  return match.trim();
}
