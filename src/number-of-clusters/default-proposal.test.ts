import { describe, expect, test } from "vitest";
import { defaultProposal } from "./default-proposal.ts";

const k = Array.from({ length: 20 }, (_, at) => at + 1);

describe("defaultProposal", () => {
  test("takes the adjusted BIC's answer, whatever others say", () => {
    const { suggested, suggestedBy } = defaultProposal(k, { adjustedBic: 7, stability: 3, silhouette: 3 });
    expect([suggested, suggestedBy]).toEqual([7, "adjustedBic"]);
  });

  test("does not take it from the last 15 % of the range", () => {
    expect(defaultProposal(k, { adjustedBic: 17, stability: 3 }).suggested).toBe(17);
    expect(defaultProposal(k, { adjustedBic: 18, stability: 3 }).suggested).toBe(3);
    expect(defaultProposal(k, { adjustedBic: 18 }).suggested).toBe(null);
  });

  test("goes on to the stability, then to the silhouette, and last to the knee", () => {
    const others = { calinskiHarabasz: 2, inertia: 5 };
    expect(defaultProposal(k, { adjustedBic: null, stability: 10, silhouette: 4, ...others }).suggested).toBe(
      10,
    );
    expect(
      defaultProposal(k, { adjustedBic: null, stability: null, silhouette: 4, ...others }).suggested,
    ).toBe(4);
    expect(defaultProposal(k, { inertia: 5 }).suggestedBy).toBe("inertia");
  });

  test("says who is of the same mind, who is not, and who has no answer", () => {
    const { reason } = defaultProposal(k, {
      adjustedBic: null,
      stability: 10,
      silhouette: 10,
      gap: 4,
      inertia: 6,
    });
    expect(reason).toBe(
      "10, by the stability: clusterings of different halves of the samples agree best there. Of the same mind: silhouette. Others: gap statistic 4, knee of the inertia 6. Without an answer inside the range: adjusted BIC.",
    );
  });

  test("says so where nobody has an answer", () => {
    const nothing = {
      suggested: null,
      suggestedBy: null,
      reason: "No criterion proposes a number inside the range 1..20.",
    };
    expect(defaultProposal(k, { inertia: null, gap: null })).toEqual(nothing);
    expect(defaultProposal(k, {})).toEqual(nothing);
  });
});
