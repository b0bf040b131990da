import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { DecodeRequest } from "../../src/explorer/protocol.ts";
import type { Places } from "../canvas/places.ts";
import { address, goTo } from "../state/address.ts";
import type { RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { placeText } from "./ends.ts";
import { nearestImage } from "./moving.ts";
import { type UsedDecoded, useDecoded } from "./use-decoded.ts";

/** The place that is decoded. */
export interface UsedPlace {
  /** Null until the points are there. */
  readonly place: readonly number[] | null;
  readonly move: (place: readonly number[]) => void;
  /** The image that lies nearest. */
  readonly nearest: number | null;
  /** What the place looks like. */
  readonly here: UsedDecoded;
}

/** Milliseconds after which what was moved goes into the address, so that dragging it stays light. */
export const KEEP_MS = 250;

/** The place of the address, else the middle of the points. */
export function usePlace(session: RunSession, places: Places | null, dimensions: 2 | 3): UsedPlace {
  const at = useStore(address);
  const [moved, setMoved] = useState<readonly number[] | null>(null);
  const keeping = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const middle =
    places?.low.slice(0, dimensions).map((low, d) => (low + (places.high[d] ?? low)) / 2) ?? null;
  const known = at.place?.length === dimensions ? at.place : middle;
  const place = moved?.length === dimensions ? moved : known;
  // what the address says counts again once it says something else.
  useEffect(() => setMoved(null), [at.place]);
  useEffect(() => () => clearTimeout(keeping.current), []);
  const move = (next: readonly number[]): void => {
    setMoved(next);
    clearTimeout(keeping.current);
    keeping.current = setTimeout(() => goTo({ place: next }, "replace"), KEEP_MS);
  };
  const key = place === null ? "" : placeText(place);
  const request = useMemo(
    (): DecodeRequest | null => (place === null ? null : { place: place as number[] }),
    [key],
  );
  const here = useDecoded(session, request);
  const nearest = useMemo(() => (places && place ? nearestImage(places, place) : null), [places, key]);
  return { place, move, nearest, here };
}
