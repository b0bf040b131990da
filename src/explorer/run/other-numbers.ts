/** Numbers of clusters that somebody tries: the run's features, divided anew by K-Means. */
import * as kMeans from "../../cluster/k-means/index.ts";
import type { RunRecord } from "../../experiment/index.ts";
import { internalScores } from "../../metrics/index.ts";
import { panelCriteria } from "../../number-of-clusters/index.ts";
import { createRandom } from "../../random/index.ts";
import type { KView } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import type { SharedWorks, Work } from "../shared-work.ts";
import type { RunCode } from "./run-code.ts";
import type { RunImages } from "./run-images.ts";

/** Starts of K-Means for a number of clusters that somebody tries: enough to be no accident, few enough to wait for. */
const K_RESTARTS = 3;

/** Numbers of clusters whose labels are kept. */
const MOST_K = 24;

/** Images that the silhouette of such a number is measured on. */
const K_SILHOUETTE = 1000;

interface Parts {
  readonly record: RunRecord;
  /** Number of images. */
  readonly count: number;
  readonly works: SharedWorks;
  readonly images: RunImages;
  readonly code: RunCode;
}

export class OtherNumbers {
  private readonly parts: Parts;
  /** Numbers that were tried, the last one last. */
  private readonly asked = new Set<number>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** The run's features in k clusters. */
  k(k: number): Work<KView & { readonly labels: Int32Array }> {
    const { count, code, works, record } = this.parts;
    const most = Math.min(count, 1000);
    if (k < 1 || k > most) throw new Refusal(400, `explorer: k must be in 1..${most}; got ${k}.`);
    const make = async (tell: (done: number) => void, signal: AbortSignal) => {
      const samples = await code.features().result;
      const context = await code.context(signal);
      const { seed } = record;
      return works.alone(async () => {
        const steps = kMeans.steps(samples, { nClusters: k, seed, nRestarts: K_RESTARTS }, context);
        let next = await steps.next();
        while (!next.done) {
          // How many iterations there will be, nobody knows: most are done after some ten.
          const { restart, iteration } = next.value;
          tell((restart + 1 - Math.exp(-iteration / 15)) / K_RESTARTS);
          next = await steps.next();
        }
        const { labels, inertia } = next.value;
        const random = createRandom(seed).stream("explorer-k");
        const scores = await internalScores(
          samples,
          labels,
          { nClusters: k, sampleSize: K_SILHOUETTE, random },
          context,
        );
        return {
          k,
          array: `k-${k}`,
          inertia,
          labels,
          criteria: await this.criteria(k, { ...scores, inertia }),
        };
      });
    };
    this.asked.delete(k);
    this.asked.add(k);
    for (const old of [...this.asked].slice(0, -MOST_K)) {
      this.asked.delete(old);
      works.forget(`k-${old}`);
    }
    return works.get(`k-${k}`, make, { cancellable: true });
  }

  /** The labels alone. */
  labels(k: number): Work<Int32Array> {
    const work = this.k(k);
    const { value } = work;
    const result = work.result.then(({ labels }) => labels);
    result.catch(() => {}); // told by the work
    return { ...work, result, ...(value && { value: value.labels }) } as Work<Int32Array>;
  }

  /** What was measured at k, and what the run's own panel says of it. */
  private async criteria(
    k: number,
    measured: Readonly<Record<string, number | undefined>>,
  ): Promise<Readonly<Record<string, number>>> {
    const found: Record<string, number> = {};
    const put = (name: string, value: unknown): void => {
      if (typeof value === "number" && Number.isFinite(value)) found[name] = value;
    };
    const { record, images } = this.parts;
    const panel = record.numberOfClusters ?? (await images.pictures())?.elbow;
    const at = panel?.k.indexOf(k) ?? -1;
    if (panel && at >= 0) {
      for (const name of panelCriteria) put(name, panel[name]?.[at]);
    }
    for (const name of panelCriteria) put(name, measured[name]);
    return found;
  }
}
