// How many clusters? Criteria over a range of k, what each proposes, and why.
// Run: node examples/number-of-clusters.mjs
import { elbow, strokes } from "unlabeled";

const images = strokes({ count: 400 });
const source = { name: "drawn", location: "drawn", split: "all", images, sha256: "" };
const steps = elbow(
  source,
  {
    ...{ method: "pca+kmeans", seed: 0, from: 1, to: 8, settings: { restarts: 3 } },
    criteria: ["inertia", "silhouette", "calinskiHarabasz", "daviesBouldin", "bic"],
  },
  { now: () => performance.now() },
);
let step = await steps.next();
while (!step.done) step = await steps.next();
const { suggestions, suggested, reason } = step.value;
console.log("proposals:", suggestions);
console.log("suggested:", suggested, "-", reason);
