import { describe, expect, test } from "vitest";
import { InputError, OptionError } from "../../errors.ts";
import { clique, graphOf } from "../graph/testing/graphs.ts";
import * as consensus from "./index.ts";

const graph = graphOf(6, [...clique(0, 3), ...clique(3, 3), [2, 3]]);

describe("what comes in is checked", () => {
  test.each([
    [{ nClusters: 0 }, "nClusters must be an integer in 1..6 (the number of samples); got 0."],
    [{ nClusters: 7 }, "nClusters must be an integer in 1..6 (the number of samples); got 7."],
    [{ nClusters: 2, resolutions: [] }, "resolutions must be one number or more; got none."],
    [{ nClusters: 2, resolutions: [1, 0] }, "each of resolutions must be a finite number above 0; got 0."],
    [
      { nClusters: 2, startResolution: Number.NaN },
      "startResolution must be a finite number above 0; got NaN.",
    ],
    [{ nClusters: 2, nRuns: 0 }, "nRuns must be an integer of at least 1; got 0."],
    [{ nClusters: 2, maxSweeps: -1 }, "maxSweeps must be an integer of at least 0; got -1."],
    [{ nClusters: 2, nRuns: 334 }, "graphs x nRuns x resolutions must be at most 1000 partitions; got 1002."],
    [{ nClusters: 2, method: "sum" as "vote" }, 'method must be one of spectral, vote; got "sum".'],
    [{ nClusters: 2, seed: 0.5 }, "seed must be an integer in 0..9007199254740991; got 0.5."],
    [
      { nClusters: 2, runs: 3 } as never,
      'every option must be one of nClusters, resolutions, nRuns, startResolution, maxSweeps, method, seed; got "runs".',
    ],
  ])("%j is an OptionError", async (options, message) => {
    const failure = consensus.fit([graph], options);
    await expect(failure).rejects.toThrow(OptionError);
    await expect(failure).rejects.toThrow(`consensus.fit: ${message}`);
  });

  test("no graphs, graphs of different samples, and a graph that is no graph are InputErrors", async () => {
    for (const [graphs, message] of [
      [[], "consensus.fit: graphs must be one or more; got none."],
      [[graph, graphOf(5, [])], "consensus.fit: all graphs must have the same samples; got 6 and 5."],
      [
        [{ ...graph, values: graph.values.map((value, e) => (e === 0 ? 2 : value)) }],
        "consensus.fit: the graph must be symmetric; got 2 at (0, 1) and another weight, or none, at (1, 0).",
      ],
    ] as const) {
      const failure = consensus.fit(graphs, { nClusters: 2 });
      await expect(failure).rejects.toThrow(InputError);
      await expect(failure).rejects.toThrow(message);
    }
  });
});
