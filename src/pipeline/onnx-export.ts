import { encodeModel, input } from "../neural/index.ts";
import { type Chain, methodStages } from "./chain.ts";
import { parseMethod } from "./method.ts";
import { takesVectors } from "./vectors.ts";

/**
 * A whole chain as an `.onnx` file: `images` (uint8, batch x height x width x channels), or `vectors` (float32, batch x width, before any scaling), to `cluster` (int64, batch) and
 * `distances` (float64, batch x clusters), in the units of the features; where the clusterer knows them also `probabilities` (float64,
 * batch x clusters). Where two clusters are equally near, or likely, to rounding, the cluster may differ from that of
 * `assignImages`.
 *
 * @returns undefined where a stage of the chain has no ONNX form
 */
export function pipelineFile(chain: Chain): Uint8Array | undefined {
  const { features, manifold, clusterer } = methodStages(parseMethod(chain.method));
  if (!features.graph || !clusterer.graph || (manifold && !manifold.graph)) return undefined;
  const { height, width, channels } = chain.shape;
  const vectors = takesVectors(chain.features);
  const given = vectors
    ? input("vectors", "float32", ["batch", width])
    : input("images", "uint8", ["batch", height, width, channels]);
  const code = features.graph(chain.features, given);
  const seen = chain.manifold && manifold?.graph ? manifold.graph(chain.manifold, code) : code;
  const outputs = clusterer.graph(chain.clusterer, seen);
  return encodeModel({
    name: chain.method,
    description: `${vectors ? "Vectors (numbers as the source has them)" : "Images (bytes; rows, columns, channels)"} to their cluster and the distances to all centers${outputs.probabilities ? ", with the probability of each cluster" : ""}.`,
    metadata: {
      "unlabeled.method": chain.method,
      ...(vectors
        ? { "unlabeled.vectors": `${width} numbers` }
        : { "unlabeled.images": `${height} x ${width} x ${channels}, bytes 0..255` }),
      "unlabeled.clusters": `${clusterer.centers(chain.clusterer).rows}`,
    },
    inputs: [given],
    outputs: { ...outputs },
  });
}
