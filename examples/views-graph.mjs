// Several views of the same images, one graph of neighbours, and its communities: what `pca:hog+graph` does.
// Run: node examples/views-graph.mjs
import { contingencyTable, externalScores, graph, hog, neighbors, pca, pixels, strokes } from "unlabeled";

const images = strokes({ count: 500 });
const views = [
  (await pca.fit(pixels(images), { nComponents: 50 })).scores,
  (await hog.fit(images)).scores, // histograms of oriented gradients, 50 components
];
const graphs = [];
for (const view of views) {
  // The weight of an edge: how far each image belongs to the neighbourhood of the other.
  graphs.push(neighbors.fuzzyGraph(await neighbors.nearestNeighbors(view, { k: 14 })));
}
const communities = await graph.fit(neighbors.meanGraph(graphs), { nClusters: 10 });
console.log("modularity:", communities.modularity.toFixed(3));
const scores = externalScores(contingencyTable(communities.labels, images.labels));
console.log("accuracy:", scores.accuracy.toFixed(3));
