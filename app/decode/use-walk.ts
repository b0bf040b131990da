import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CodeView, EditState } from "../../src/explorer/protocol.ts";
import { address, goTo } from "../state/address.ts";
import type { Loaded, RunProps } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { faultText } from "../state/words.ts";
import type { Path } from "./overlay.tsx";
import { KEEP_MS } from "./use-place.ts";

/** A walk from one end to another. */
export interface UsedWalk {
  /** Its ends, as the address has them; null where there is nothing to walk between. */
  readonly walk: readonly [string, string] | null;
  readonly ends: Loaded<readonly [CodeView, CodeView]>;
  /** Images on the way. */
  readonly steps: number;
  /** Place on it, 0..1. */
  readonly on: number;
  readonly slide: (on: number) => void;
  /** In the plane; null until the ends are known. */
  readonly path: Path | null;
  /** Lets it begin (0) or end (1) elsewhere. */
  readonly change: (which: 0 | 1, end: string) => void;
}

const usualSteps = 11;

/** The walk of the address, else one between two clusters that lie far apart. */
export function useWalk({ session, view, edits }: RunProps, clusters: EditState["clusters"]): UsedWalk {
  const at = useStore(address);
  const usual = useMemo(() => farthestClusters(view, clusters), [view, edits]);
  const walk = at.walk ?? usual;
  const ends = useEnds(session, walk, edits?.version ?? 0);
  const steps = Math.max(2, Math.min(60, at.stops ?? usualSteps));
  const [slid, setSlid] = useState<number | null>(null);
  const keeping = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setSlid(null), [at.at]);
  useEffect(() => () => clearTimeout(keeping.current), []);
  const on = slid ?? at.at ?? 0.5;
  const slide = (next: number): void => {
    setSlid(next);
    clearTimeout(keeping.current);
    keeping.current = setTimeout(() => goTo({ at: next }, "replace"), KEEP_MS);
  };
  const path: Path | null =
    ends.state === "ready" ? { from: ends.value[0].place, to: ends.value[1].place, steps, on } : null;
  const change = (which: 0 | 1, end: string): void => {
    const now = walk ?? ([end, end] as const);
    goTo({ walk: which === 0 ? [end, now[1]] : [now[0], end] });
  };
  return { walk, ends, steps, on, slide, path, change };
}

/** The two clusters whose centers lie the farthest apart in the plane; the first two where centers are not known. */
function farthestClusters(
  view: RunProps["view"],
  clusters: readonly { readonly cluster: number }[],
): readonly [string, string] | null {
  const centers = view.shapes["code-2d"]?.centers;
  let best: readonly [string, string] | null = null;
  let most = -1;
  for (const { cluster: a } of clusters) {
    for (const { cluster: b } of clusters) {
      if (a >= b) continue;
      const [[x = 0, y = 0] = [], [u = 0, v = 0] = []] = [centers?.[a], centers?.[b]];
      const apart = Math.hypot(x - u, y - v);
      if (apart <= most) continue;
      most = apart;
      best = [`c${a}`, `c${b}`];
    }
  }
  return best;
}

/** The codes of both ends. */
function useEnds(
  session: RunProps["session"],
  walk: readonly [string, string] | null,
  version: number,
): Loaded<readonly [CodeView, CodeView]> {
  const [ends, setEnds] = useState<Loaded<readonly [CodeView, CodeView]>>({ state: "loading" });
  // centers move with edits.
  useEffect(() => {
    if (walk === null) return;
    let over = false;
    Promise.all([session.code(walk[0]), session.code(walk[1])]).then(
      (value) => !over && setEnds({ state: "ready", value }),
      (reason) => !over && setEnds({ state: "failed", error: faultText(reason) }),
    );
    return () => {
      over = true;
    };
  }, [session, walk?.join("~"), version]);
  return ends;
}
