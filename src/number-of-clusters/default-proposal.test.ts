import { describe, expect, test } from "vitest";
import { defaultProposal } from "./default-proposal.ts";
import type { Panel } from "./types.ts";

const k = Array.from({ length: 20 }, (_, at) => at + 1);

describe("defaultProposal", () => {
  const of = (suggestions: Panel["suggestions"]) => {
    const { suggested, suggestedBy } = defaultProposal(k, suggestions);
    return [suggested, ...suggestedBy];
  };
  const apart = { gap: 3, icl: 3, stability: 3, silhouette: 3 } as const;

  test("takes what both BICs say, whatever others say", () => {
    expect(of({ ...apart, bic: 7, adjustedBic: 7 })).toEqual([7, "bic", "adjustedBic"]);
  });

  test("then what gap, ICL and stability all say", () => {
    expect(of({ ...apart, bic: 6, adjustedBic: 7 })).toEqual([3, "gap", "icl", "stability"]);
    expect(of({ ...apart, gap: 1, icl: 1, stability: 1, bic: null, adjustedBic: 15 })[0]).toBe(1);
  });

  test("then what the adjusted BIC says alone, then the stability, then the silhouette", () => {
    expect(of({ ...apart, gap: 2, bic: 6, adjustedBic: 7 })).toEqual([7, "adjustedBic"]);
    expect(of({ ...apart, gap: 2, bic: 6, adjustedBic: null })).toEqual([3, "stability"]);
    expect(of({ gap: 2, stability: null, silhouette: 4, inertia: 5 })).toEqual([4, "silhouette"]);
    expect(of({ inertia: 5 })).toEqual([5, "inertia"]);
  });

  test("takes no mixture's answer from the last 15 % of the range", () => {
    expect(of({ bic: 17, adjustedBic: 17, stability: 3 })[0]).toBe(17);
    expect(of({ bic: 18, adjustedBic: 18, stability: 3 })[0]).toBe(3);
    expect(of({ bic: 18, adjustedBic: 18 })[0]).toBe(null);
    expect(of({ stability: 19 })[0]).toBe(19);
  });

  test("says who is of the same mind, who is not, and who has no answer", () => {
    const one = defaultProposal(k, { adjustedBic: null, stability: 10, silhouette: 10, gap: 4, inertia: 6 });
    expect(one.reason).toBe(
      "10, by stability: clusterings of different halves of the samples agree best there. Of the same mind: silhouette. Others: knee of the inertia 6, gap statistic 4. Without an answer inside the range: adjusted BIC.",
    );
    expect(defaultProposal(k, apart).reason).toBe(
      "3, by gap statistic, ICL, stability: criteria that have little in common agree. Of the same mind: silhouette.",
    );
  });

  test("says so where nobody has an answer", () => {
    const nothing = {
      suggested: null,
      suggestedBy: [],
      reason: "No criterion proposes a number inside the range 1..20.",
    };
    expect(defaultProposal(k, { inertia: null, gap: null })).toEqual(nothing);
    expect(defaultProposal(k, {})).toEqual(nothing);
  });
});
