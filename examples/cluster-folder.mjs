// Cluster a source: a folder of IDX files here; `openSource` takes whatever the command line takes.
// Run: node examples/cluster-folder.mjs [source]
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contingencyTable, externalScores, kMeans, pixels, strokes, writeIdx } from "unlabeled";
import { openSource } from "unlabeled/node";

// So that the example needs no data, it writes a folder of its own: 500 drawn digits.
const made = await mkdtemp(join(tmpdir(), "unlabeled-example-"));
try {
  const { count, height, width, pixels: bytes, labels } = strokes({ count: 500 });
  const images = writeIdx({ shape: [count, height, width], data: bytes });
  await writeFile(join(made, "train-images-idx3-ubyte"), images);
  await writeFile(
    join(made, "train-labels-idx1-ubyte"),
    writeIdx({ shape: [count], data: Uint8Array.from(labels) }),
  );

  const source = await openSource(process.argv[2] ?? made);
  const fitted = await kMeans.fit(pixels(source.images), { nClusters: 10, seed: 0 });
  console.log(`${source.images.count} images in ${fitted.sizes.length} clusters of`, [...fitted.sizes]);

  // Labels are never used for clustering; where a source has them, they can say how good the clusters are.
  if (source.images.labels) {
    const scores = externalScores(contingencyTable(fitted.labels, source.images.labels));
    console.log(`accuracy ${scores.accuracy.toFixed(3)}, NMI ${scores.nmi.toFixed(3)}`);
  }
} finally {
  await rm(made, { recursive: true });
}
