/** Whether a table begins with the names of its columns. */

/** Longest text that is looked at as a number. */
const longestNumber = 400;

/** The number that a field holds (`1`, `-.5`, `2e-3`); undefined for any other text. White space around it does not count. */
export function numberOf(field: string): number | undefined {
  if (field.length > longestNumber) return undefined;
  const value = Number(field);
  if (Number.isFinite(value) && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(field)) return value;
  return undefined;
}

/** Whether a field stands where a number should, be it one that cannot be used: a gap, NaN, a decimal comma. */
export function isMeantAsNumber(field: string): boolean {
  if (numberOf(field) !== undefined) return true;
  return isGap(field) || /^\s*[+-]?\d{1,300}([.,]\d{0,300})?(e[+-]?\d{1,9})?\s*$/i.test(field);
}

/** Whether a field says that there is no number. */
export function isGap(field: string): boolean {
  return field.length < 50 && /^(|-|\?|#?n\/?a|null|none|nan|[+-]?inf(inity)?)$/i.test(field.trim());
}

/**
 * Whether the first record is a header: it is if some field of it is no number where the field below is meant as one; or if it
 * counts its columns, 0 to n - 1 or 1 to n, of which there are three at least (a first column without a name does not count).
 * Alone it is one if no field of it is a number.
 */
export function isHeader(first: readonly string[], second: readonly string[] | undefined): boolean {
  const numbers = first.map(numberOf);
  if (!second) return numbers.every((value) => value === undefined);
  if (counts(first[0] === "" ? numbers.slice(1) : numbers)) return true;
  return first.some((field, i) => !isMeantAsNumber(field) && isMeantAsNumber(second[i] ?? "x"));
}

function counts(numbers: readonly (number | undefined)[]): boolean {
  const [from] = numbers;
  return numbers.length >= 3 && (from === 0 || from === 1) && numbers.every((value, i) => value === from + i);
}
