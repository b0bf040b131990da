// A map of images in two dimensions, on which near images stay near; and the places of new images on it.
// Run: node examples/umap-map.mjs
import { pixels, sliceImages, strokes, umap } from "unlabeled";

const drawn = strokes({ count: 400 });
const map = await umap.fit(pixels(sliceImages(drawn, 0, 350)), { nNeighbors: 12, nEpochs: 100, seed: 5 });
const { rows, cols, data } = map.embedding; // one row for each image
console.log(
  `${rows} places in ${cols} dimensions; the first at (${data[0].toFixed(2)}, ${data[1].toFixed(2)})`,
);

const places = await umap.transform(map, pixels(sliceImages(drawn, 350, 400)));
console.log(`${places.rows} new images found their places`);
