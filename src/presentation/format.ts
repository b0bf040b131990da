/** Numbers as people read them; the same characters on every machine, whatever its language. */

const absent = "–";

/** Whole number with thousands separated: `60,000`. */
export function count(value: number): string {
  return decimal(value, 0);
}

/** Number with a fixed count of decimals, thousands separated; a dash if it is not finite. */
export function decimal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return absent;
  const [whole = "", fraction] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const zero = /^[0,]*$/.test(grouped) && (fraction === undefined || /^0*$/.test(fraction));
  return `${value < 0 && !zero ? "−" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Number of any size in about `digits` digits: 2,233,496 and 41.83 and 0.007312. */
export function significant(value: number, digits = 4): string {
  if (value === 0 || !Number.isFinite(value)) return decimal(value, 0);
  if (Math.abs(value) < 1e-12) return decimal(0, 0); // what rounding leaves of nothing
  const magnitude = Math.floor(Math.log10(Math.abs(value))) + 1;
  return decimal(value, Math.min(12, Math.max(0, digits - magnitude)));
}

/** Fraction in percent with one decimal: 0.5399 is `54.0%`. */
export function percent(fraction: number): string {
  return Number.isFinite(fraction) ? `${decimal(fraction * 100, 1)}%` : absent;
}

/** Duration in words of a clock: `0.42 s`, `12.3 s`, `3 min 5 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return absent;
  if (seconds < 10) return `${decimal(seconds, 2)} s`;
  if (seconds < 100) return `${decimal(seconds, 1)} s`;
  const whole = Math.round(seconds);
  return `${count(Math.floor(whole / 60))} min ${whole % 60} s`;
}

/** `1 image`, `2 images`. */
export function quantity(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Items in a sentence: `a, b and c`. */
export function enumeration(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}

/** The same as what one may choose from: `a, b or c`. */
export function alternatives(items: readonly string[]): string {
  return enumeration(items).replace(/ and (\S+)$/, " or $1");
}

/** Text cut to at most `length` characters, the last of them an ellipsis if something is missing. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** The same with the ellipsis inside: what tells names apart, of paths above all, is mostly their ends. */
export function shortenInside(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const kept = length - 1;
  const before = Math.floor(kept / 3);
  return `${characters.slice(0, before).join("")}…${characters.slice(characters.length - kept + before).join("")}`;
}

/** Name made of a-z, 0-9 and single hyphens, for element ids and file names. */
export function slug(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "x" : name;
}
