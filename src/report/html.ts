/** HTML as a value of its own type, so that text from users can reach a page only by being escaped. */

/** Markup that is safe to put into a page as it stands. */
export interface Html {
  readonly markup: string;
}

/** What a template accepts: text and numbers are escaped, markup goes in as it is, the empty values vanish. */
export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

/** Template tag: `` html`<p>${text}</p>` `` escapes `text`. Attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = parts[0] ?? "";
  values.forEach((value, i) => {
    markup += markupOf(value) + (parts[i + 1] ?? "");
  });
  return { markup };
}

/** Declares a string to be markup; only for strings that this folder has made itself. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Text with the five characters escaped that mean something in HTML and XML, without control characters. */
export function escapeText(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text without the control characters and lone surrogates that XML forbids. */
export function plainText(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/gu, "");
}

function markupOf(value: HtmlValue): string {
  if (value === undefined || value === null || value === false) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return escapeText(`${value}`);
  if ("markup" in value) return value.markup;
  return value.map(markupOf).join("");
}
