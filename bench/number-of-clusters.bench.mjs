// The panel over the number of clusters: what each criterion proposes for sets of normal blobs whose number is known, how
// often it is right, and how long a panel takes on 70,000 samples.
// SEEDS=0,1,2 makes ten sets of each seed (default 0); ARRANGEMENT=chained|spread|simplex says how the tight centers lie
// (bench/blob-sets.mjs; default chained: each is 2.5 standard deviations from its nearest one).
import { createCompute, criterionNames, kMeans, panel, panelCriteria } from "unlabeled";
import { blobSets } from "./blob-sets.mjs";
import { blobs, dataFolder, mnistAll } from "./samples.mjs";

const quick = process.argv.includes("--quick");
const seeds = (process.env.SEEDS ?? "0").split(",").map(Number);
const arrangement = process.env.ARRANGEMENT ?? "chained";
const range = { from: 1, to: 20 };

/** K-Means from ten starts of k-means++, unless the panel asks for fewer. */
const clusterer = {
  async *steps(samples, { nClusters, seed, init, restarts = 10 }, context) {
    const options = init ? { nClusters, seed, init } : { nClusters, seed, nRestarts: restarts };
    const steps = kMeans.steps(samples, options, context);
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) {
      yield { iteration: next.value.iteration, objective: next.value.inertia };
    }
    return { model: next.value, labels: next.value.labels, inertia: next.value.inertia };
  },
  assign: kMeans.predict,
};

export async function run() {
  const compute = createCompute();
  await table(compute);
  await times(compute);
  compute.close();
}

/** One markdown table of all sets, and below it how often each criterion is right. */
async function table(compute) {
  const heads = [
    "set",
    "samples",
    ...panelCriteria.map((criterion) => criterionNames[criterion]),
    "**default**",
  ];
  console.log(`Blobs in 10 dimensions, tight ones ${arrangement}; right answers are bold.\n`);
  console.log(`| ${heads.join(" | ")} |`);
  console.log(`| ${heads.map(() => "---").join(" | ")} |`);
  const right = Object.fromEntries([...panelCriteria, "default"].map((name) => [name, 0]));
  let sets = 0;
  for (const seed of quick ? [0] : seeds) {
    for (const { k, kind, samples } of quick
      ? blobSets(seed, arrangement).slice(0, 1)
      : blobSets(seed, arrangement)) {
      const { suggestions, suggested } = await panel(
        samples,
        { clusterer, ...(quick ? { from: 1, to: 4 } : range), seed },
        { compute },
      );
      const cell = (name, value) => {
        right[name] += value === k ? 1 : 0;
        return value === k ? `**${value}**` : (value ?? "-");
      };
      const cells = panelCriteria.map((criterion) => cell(criterion, suggestions[criterion]));
      console.log(
        `| ${k}, ${kind} | ${samples.rows} | ${cells.join(" | ")} | ${cell("default", suggested)} |`,
      );
      sets++;
    }
  }
  const shares = [...panelCriteria, "default"].map((name) => right[name]);
  console.log(`| right, of ${sets} | | ${shares.join(" | ")} |\n`);
}

/** Seconds of each part of a panel of many samples. */
async function times(compute) {
  const cases = [["blobs 70,000 x 10", blobs(quick ? 1000 : 70_000, 10)]];
  if (dataFolder && !quick) cases.push(["MNIST 70,000 x 784 bytes", mnistAll()]);
  for (const [name, samples] of cases) {
    const seconds = new Map();
    const begin = performance.now();
    let last = begin;
    const onProgress = ({ stage }) => {
      const now = performance.now();
      seconds.set(stage, (seconds.get(stage) ?? 0) + (now - last) / 1000);
      last = now;
    };
    const options = { clusterer, ...(quick ? { from: 1, to: 4 } : range), seed: 0 };
    const { suggestions, suggested, sampled } = await panel(samples, options, { compute, onProgress });
    const parts = [...seconds].map(([stage, time]) => `${stage} ${time.toFixed(1)}`).join(", ");
    const total = (performance.now() - begin) / 1000;
    console.log(`${name}: ${total.toFixed(1)} s (${parts}), ${sampled ?? "all"} samples in all but the fits`);
    console.log(`  proposals ${JSON.stringify(suggestions)}, default ${suggested}`);
  }
}
