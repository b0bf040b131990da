/** What a walk through the code begins and ends at. */
import type { EditState } from "../../src/explorer/protocol.ts";
import { count, nameOf, short } from "../state/words.ts";

export type End =
  | { readonly kind: "image"; readonly image: number }
  | { readonly kind: "cluster"; readonly cluster: number }
  | { readonly kind: "place"; readonly place: readonly number[] };

/** Reads `i12`, `c3` or `p0.5,-1`. */
export function endOf(text: string): End {
  const rest = text.slice(1);
  if (text.startsWith("i")) return { kind: "image", image: Number(rest) };
  if (text.startsWith("c")) return { kind: "cluster", cluster: Number(rest) };
  return { kind: "place", place: rest.split(",").map(Number) };
}

export const placeText = (place: readonly number[]): string =>
  `p${place.map((x) => Number(x.toPrecision(5))).join(",")}`;

/** An end in words. */
export function endWords(text: string, edits: EditState | null): string {
  const end = endOf(text);
  if (end.kind === "image") return `image ${count(end.image)}`;
  if (end.kind === "cluster") return nameOf(end.cluster, edits);
  return `place ${placeWords(end.place)}`;
}

export const placeWords = (place: readonly number[]): string => place.map(short).join(", ");
