/**
 * Sorted indices as a short text for an address: differences of neighbours, each as a varint of 7 bits a byte, and
 * these bytes in base64url. A thousand images of 70,000 need about 1,800 characters.
 */

/** Packs indices (each once, in ascending order). */
export function packIndices(indices: ArrayLike<number>): string {
  const bytes: number[] = [];
  let last = -1;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    let step = index - last - 1;
    last = index;
    while (step > 127) {
      bytes.push((step & 127) | 128);
      step >>>= 7;
    }
    bytes.push(step);
  }
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What {@link packIndices} packed; empty where the text is none of its. */
export function unpackIndices(packed: string): number[] {
  let text: string;
  try {
    text = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return [];
  }
  const indices: number[] = [];
  let last = -1;
  let step = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    step += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte > 127) continue;
    last += step + 1;
    indices.push(last);
    step = 0;
    shift = 0;
  }
  return indices;
}

/** Indices with one of them taken out, or put in where it was not; ascending. */
export function toggled(indices: Iterable<number>, index: number): number[] {
  const next = new Set(indices);
  if (!next.delete(index)) next.add(index);
  return ascending(next);
}

/** Indices of two lists, each once; ascending. */
export const joined = (some: readonly number[], others: readonly number[]): number[] =>
  ascending(new Set([...some, ...others]));

const ascending = (indices: Iterable<number>): number[] => [...indices].sort((a, b) => a - b);
