// Clusters of any shape, and how sure each assignment is: a Gaussian mixture on principal components.
// Run: node examples/mixture.mjs
import { gaussianMixture, pca, pixels, strokes } from "unlabeled";

const images = strokes({ count: 600 });
const { scores } = await pca.fit(pixels(images), { nComponents: 12 });
const mixture = await gaussianMixture.fit(scores, { nComponents: 10, nRestarts: 2, seed: 3 });
console.log("mean log-likelihood:", mixture.meanLogLikelihood.toFixed(3), "converged:", mixture.converged);

// Each row holds the probability of every cluster, and adds up to 1.
const probabilities = await gaussianMixture.responsibilities(mixture, scores);
const surest = Array.from({ length: images.count }, (_, i) =>
  Math.max(...probabilities.data.subarray(i * 10, i * 10 + 10)),
);
console.log("images that are sure (above 0.99):", surest.filter((share) => share > 0.99).length);

// A density also tells what no cluster explains.
const densities = await gaussianMixture.logDensity(mixture, scores);
console.log("the least likely image is number", densities.indexOf(Math.min(...densities)));
