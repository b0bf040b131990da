/** What the name and the notes of a cluster may be. */

/** In words. */
export const nameRule = "a line of 1 to 200 characters, not all of them blank";

/** In words. */
export const notesRule = "a text of 1 to 10,000 characters";

/** Whether a text can be the name of a cluster: one line without control characters, 1 to 200 characters. */
export function isName(text: string): boolean {
  return text.trim() !== "" && [...text].length <= 200 && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

/** Whether a text can be the notes of a cluster. */
export function isNotes(text: string): boolean {
  return text.length >= 1 && text.length <= 10_000;
}
