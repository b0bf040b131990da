// Train an autoencoder on images, cluster its code, and turn the centers back into images.
// Run: node examples/autoencoder.mjs
import { autoencoder, kMeans, openRuntime, strokes } from "unlabeled";

const images = strokes({ count: 400 });
const runtime = await openRuntime({ threads: 2 }); // ONNX Runtime, native or WebAssembly
try {
  const losses = [];
  const model = await autoencoder.fit(
    images,
    { architecture: "denoising-ae", network: { widths: [64, 32], codeSize: 8, epochs: 6 }, seed: 0 },
    { runtime, onProgress: ({ epochDone, validationLoss }) => epochDone && losses.push(validationLoss) },
  );
  console.log(
    `loss of images that it was not trained on: ${losses.map((loss) => loss?.toFixed(4)).join(", ")}`,
  );

  const codes = await autoencoder.encode(model, images, { runtime }); // nImages x 8
  const fitted = await kMeans.fit(codes, { nClusters: 10, nRestarts: 10 });
  console.log(`${codes.cols} numbers for each image; sizes of the clusters:`, [...fitted.sizes]);

  const drawn = await autoencoder.decode(model, fitted.centers, { runtime });
  console.log(`the centers as images: ${drawn.count} of ${drawn.height} x ${drawn.width}`);
} finally {
  runtime.close();
}
