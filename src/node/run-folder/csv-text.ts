/** A field of a CSV file as RFC 4180 has it: in quotes where it holds a comma, a quote or a line end. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A field of text that a spreadsheet will not take for a formula: where it begins with one of `= + - @`, a tab or a line
 * end, also after blanks, an apostrophe is put before it (as OWASP advises); then as {@link csvField}.
 */
export function spreadsheetField(text: string): string {
  return csvField(/^\s*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);
}
