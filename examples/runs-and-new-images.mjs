// A whole run, as the command line makes it: fit a method, score it, and assign images that come later.
// Run: node examples/runs-and-new-images.mjs
import {
  assignImages,
  createCompute,
  parseMethod,
  runMethod,
  settingsOf,
  sliceImages,
  strokes,
} from "unlabeled";

const drawn = strokes({ count: 500 });
const images = sliceImages(drawn, 0, 400);
const source = { name: "drawn", location: "drawn", split: "all", images, sha256: "" };

const compute = createCompute({ threads: 2 });
const environment = { unlabeled: "", random: "", runtime: "", threads: 2, createdAt: "" };
const context = { compute, environment, now: () => performance.now() };
const method = "pca:hog+graph";
const steps = runMethod(
  source,
  { method, seed: 0, clusters: 10, settings: settingsOf(parseMethod(method)) },
  context,
);
let step = await steps.next();
while (!step.done) step = await steps.next(); // each step tells where the run stands
const { record, chain } = step.value;
console.log(`${record.method}: accuracy ${record.metrics.accuracy?.toFixed(3)}, sizes`, [...record.sizes]);

// The chain holds all that was learned, as plain data; new images take the same way.
const later = await assignImages(chain, sliceImages(drawn, 400, 500), { compute });
console.log("clusters of the first new images:", [...later.labels.slice(0, 8)]);
compute.close();
