// From image to cluster in one ONNX file, for any ONNX runtime in any language; here it is run by our own.
// Run: node examples/export-onnx.mjs
import { kMeans, openRuntime, pipelineFile, pixels, sliceImages, strokes } from "unlabeled";

const images = strokes({ count: 500 });
const { labels, distances: _, ...clusterer } = await kMeans.fit(pixels(images), { nClusters: 10 });
const { height, width, channels } = images;
const chain = {
  kind: "chain",
  method: "pixels+kmeans",
  shape: { height, width, channels },
  features: { kind: "pixels" },
  clusterer,
};
const file = pipelineFile(chain); // bytes: write them to pipeline.onnx
console.log(`pipeline.onnx: ${file.length} bytes`);

const runtime = await openRuntime({ threads: 1 });
try {
  const session = await runtime.load(file);
  const few = sliceImages(images, 0, 20);
  const input = { type: "uint8", shape: [few.count, height, width, channels], data: few.pixels };
  const { cluster } = (await session.run({ images: input }, { fetch: ["cluster"] })) ?? {};
  const same = Array.from(cluster.data, Number).filter((label, i) => label === labels[i]).length;
  console.log(`${same} of ${few.count} images get the cluster that K-Means gave them`);
} finally {
  runtime.close();
}
