/**
 * CSV as RFC 4180 has it, safe to open in a spreadsheet: a text that a spreadsheet would take for a formula, since it
 * begins with = + - @ (also after blanks, or as wide as a Chinese letter) or a control character that is skipped before one (tab, carriage return, line feed), gets an
 * apostrophe in front, as OWASP advises ("CSV Injection"). So does a text that begins with apostrophes before such a character:
 * whoever takes one apostrophe away from each text of that kind has back what was written. Numbers are not texts, and have none.
 */

const FORMULA = /^'*\s*[=+\-@\t\r\n＝＋－＠]/;
const GUARDED = /^'+\s*[=+\-@\t\r\n＝＋－＠]/;

/** A text as a field. */
export function csvField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text that a field was made of. */
export function csvText(field: string): string {
  return GUARDED.test(field) ? field.slice(1) : field;
}

/** Rows of fields; quotes may hold commas, line ends and doubled quotes. */
export function csvRows(text: string): string[][] {
  if (!text.includes('"')) {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line) => line.split(","));
  }
  const rows: string[][] = [];
  let fields: string[] = [];
  // Each match is one field and what ends it.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break; // a stray quote: the row stays short, and is refused by the caller
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === ",") continue;
    rows.push(fields);
    fields = [];
  }
  if (fields.length > 0 || pattern.lastIndex === 0) rows.push(fields);
  return rows;
}
