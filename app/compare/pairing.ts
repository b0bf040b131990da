/** What two runs make of the same images, image by image. */
import type { CompareView } from "../../src/explorer/protocol.ts";
import type { Numbers } from "../state/run-session.ts";

/** Images of a flow, as an address names it: `3,5`, `3,`, `,5` or `differ`. */
export function imagesOfFlow(flow: string, first: Numbers, second: Numbers, match: Match): number[] {
  const found: number[] = [];
  const [a = "", b = ""] = flow.split(",");
  for (let i = 0; i < first.length; i++) {
    const [own, other] = [first[i] as number, second[i] as number];
    const within =
      flow === "differ"
        ? match.get(own) !== other
        : (a === "" || own === Number(a)) && (b === "" || other === Number(b));
    if (within) found.push(i);
  }
  return found;
}

/** The other run's cluster of each cluster that is matched. */
export type Match = ReadonlyMap<number, number>;

/**
 * The number by whose colour each cluster of the other run is drawn: that of its match, and for those without one a
 * number that no cluster of the first run has.
 */
export function colourNumbers({ clusters, others, match }: CompareView): ReadonlyMap<number, number> {
  const own = new Map(match.map(([cluster, other]) => [other, cluster]));
  let next = Math.max(-1, ...clusters.map(({ cluster }) => cluster)) + 1;
  return new Map(others.map(({ cluster }) => [cluster, own.get(cluster) ?? next++]));
}
