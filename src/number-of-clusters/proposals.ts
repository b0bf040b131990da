/** What each criterion proposes, and the one proposal that is made of them. */
import { gapProposal } from "./gap.ts";
import { knee } from "./knee.ts";
import { stabilityProposal } from "./stability.ts";
import type { Criterion, Curve } from "./types.ts";

type Curves = Partial<Record<Criterion, Curve>>;
type Suggestions = Partial<Record<Criterion, number | null>>;

/** Least k at which a criterion has a value. A proposal of the range's own start says nothing, unless it is this one. */
const leastK: Readonly<Record<Criterion, number>> = {
  inertia: 1,
  modularity: 1,
  silhouette: 2,
  calinskiHarabasz: 2,
  daviesBouldin: 2,
  gap: 1,
  bic: 1,
  adjustedBic: 1,
  icl: 1,
  stability: 2,
};

/** What each criterion proposes; null where it has nothing but an end of the range, beyond which it might do better. */
export function suggestionsOf(k: readonly number[], curves: Curves, errors: Curves): Suggestions {
  const suggestions: Suggestions = {};
  for (const [criterion, curve] of Object.entries(curves) as [Criterion, Curve][]) {
    const best = bestOf(criterion, k, curve, errors[criterion] ?? []);
    const inside =
      best !== null && best < lastDefined(k, curve) && (best > k[0] || best <= leastK[criterion]);
    suggestions[criterion] = inside ? best : null;
  }
  return suggestions;
}

function bestOf(criterion: Criterion, k: readonly number[], curve: Curve, error: Curve): number | null {
  switch (criterion) {
    case "inertia":
      return knee(k, curve as readonly number[]);
    case "gap":
      return gapProposal(k, { gap: curve, error });
    case "stability":
      return stabilityProposal(k, { stability: curve, error });
    case "modularity":
    case "silhouette":
    case "calinskiHarabasz":
      return greatest(k, curve);
    case "daviesBouldin":
    case "bic":
    case "adjustedBic":
    case "icl":
      return greatest(
        k,
        curve.map((value) => (value === null ? null : -value)),
      );
  }
}

/** The k of the greatest value, the smallest among equals. */
function greatest(k: readonly number[], curve: Curve): number | null {
  let best = -1;
  curve.forEach((value, at) => {
    if (value !== null && (best < 0 || value > (curve[best] ?? 0))) best = at;
  });
  return best < 0 ? null : k[best];
}

/** The last k at which a curve has a value. */
function lastDefined(k: readonly number[], curve: Curve): number {
  return k[curve.findLastIndex((value) => value !== null)] ?? k[0];
}
