import { beforeAll, describe, expect, test } from "vitest";
import { InputError, OptionError } from "../errors.ts";
import { drain } from "../estimator.ts";
import { type ImageSet, sliceImages, strokes } from "../images/index.ts";
import { isByteMatrix } from "../matrix/index.ts";
import { encodeModel, input, type Runtime, reshape, type TrainingProgress } from "../neural/index.ts";
import { sharedRuntime } from "../neural/testing/runtimes.ts";
import {
  assignImages,
  type Chain,
  centerImages,
  chainFeatures,
  methodStages,
  parseMethod,
  pipelineFile,
} from "./index.ts";
import { fitChain } from "./testing/fit-chain.ts";

const images = sliceImages(strokes({ count: 120 }), 0, 120);
const network = { epochs: 2, batch: 50, widths: [16], codeSize: 4 };

let runtime: Runtime;
let chain: Chain;
beforeAll(async () => {
  runtime = await sharedRuntime();
  chain = await fitChain("dense-ae+kmeans", images, { nClusters: 5, network }, { runtime });
});

describe("a chain with a trained network", () => {
  test("gives images their codes, and each code its nearest center", async () => {
    const codes = await chainFeatures(chain, images, { runtime });
    if (isByteMatrix(codes)) throw new TypeError("a code was expected");
    expect([codes.rows, codes.cols]).toEqual([120, 4]);
    const { labels, distances } = await assignImages(chain, images, { runtime });
    const centers = methodStages(parseMethod(chain.method)).clusterer.centers(chain.clusterer);
    for (let i = 0; i < codes.rows; i++) {
      const to = Array.from({ length: 5 }, (_, c) =>
        Math.hypot(
          ...Array.from(
            { length: 4 },
            (_, d) => (codes.data[i * 4 + d] as number) - (centers.data[c * 4 + d] as number),
          ),
        ),
      );
      const nearest = Math.min(...to);
      expect(labels[i]).toBe(to.indexOf(nearest));
      expect(distances[i]).toBeCloseTo(nearest, 6);
    }
  });

  test("shows its centers as images, which the network draws", async () => {
    const centers = (await centerImages(chain, { runtime })) as ImageSet;
    expect(centers).toMatchObject({ count: 5, height: 28, width: 28, channels: 1 });
    expect(new Set(centers.pixels).size).toBeGreaterThan(10);
  });

  test("gives back images, with the error of each", async () => {
    const { features } = methodStages(parseMethod(chain.method));
    const first = sliceImages(images, 0, 7);
    const made = await features.reconstruction?.of(chain.features, first, { runtime });
    const errors = await features.reconstruction?.errors(chain.features, first, { runtime });
    expect(made?.images).toMatchObject({ count: 7, height: 28, width: 28, channels: 1 });
    expect(made?.errors).toEqual(errors);
    // Bytes are rounded to half of 1 / 255, the errors are not.
    const length = 784;
    const own = Array.from({ length: 7 }, (_, i) => {
      let sum = 0;
      for (let p = i * length; p < (i + 1) * length; p++) {
        sum += (((first.pixels[p] as number) - (made?.images.pixels[p] as number)) / 255) ** 2;
      }
      return sum / length;
    });
    own.forEach((error, i) => {
      expect(error).toBeCloseTo(errors?.[i] as number, 3);
    });
  });

  test("refuses images of another size before anything runs", async () => {
    const turned = { ...images, height: 14, width: 56 };
    await expect(assignImages(chain, turned)).rejects.toThrow(InputError);
    await expect(assignImages(chain, turned)).rejects.toThrow("images must be 28 x 28 x 1");
  });

  test("reports its training, and leaves a record and pictures of it", async () => {
    const { features } = methodStages(parseMethod("vanilla-ae+kmeans"));
    const steps = features.steps(images, { seed: 0, network: { epochs: 2 } }, { runtime });
    const seen: TrainingProgress[] = [];
    const fit = await drain(steps, (progress) => seen.push(progress));
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(fit.training).toMatchObject({ architecture: "vanilla-ae", codeSize: 32, maxEpochs: 2 });
    expect(fit.training?.epochs).toHaveLength(2);
    expect(fit.unfolding?.epochs).toEqual([1, 2]);
    expect(fit.samples).toEqual(await features.apply(fit.model, images, { runtime }));
  });
});

describe("a chain with the user's own network", () => {
  const pixels = input("x", "float32", ["n", 3, 28, 28]);
  const bytes = encodeModel({
    name: "own",
    inputs: [pixels],
    outputs: { y: reshape(pixels, ["n", 2352]) },
  });
  const encoder = { name: "own.onnx", bytes };

  test("clusters what the network says, and says what it did to the images", async () => {
    const { features } = methodStages(parseMethod("onnx+kmeans"));
    const fit = await drain(features.steps(images, { seed: 0, encoder }, { runtime }));
    expect(fit.notices).toEqual([
      '"own.onnx" takes 3 channels: the one of the grey images was given 3 times.',
    ]);
    expect(fit.training).toBeUndefined();
    const own = await fitChain("onnx+kmeans", images, { nClusters: 5, encoder }, { runtime });
    const plain = await fitChain("pixels+kmeans", images, { nClusters: 5 });
    const [repeated, once] = [
      await assignImages(own, images, { runtime }),
      await assignImages(plain, images),
    ];
    expect(repeated.labels).toEqual(once.labels);
    // Three equal channels: sqrt(3) times as far.
    repeated.distances.forEach((distance, i) => {
      expect(distance).toBeCloseTo(Math.sqrt(3) * (once.distances[i] as number), 4);
    });
    expect(pipelineFile(own)).toBeUndefined();
    expect(await centerImages(own, { runtime })).toBeUndefined();
  });

  test("cannot be had without the network", async () => {
    await expect(fitChain("onnx+kmeans", images, { nClusters: 5 }, { runtime })).rejects.toThrow(OptionError);
  });
});

test("a network that gives all images the same code says so, and so do the empty clusters", async () => {
  const black = { count: 12, height: 6, width: 5, channels: 1, pixels: new Uint8Array(12 * 30) };
  const network = { epochs: 1, widths: [4, 4], codeSize: 2 };
  const stages = methodStages(parseMethod("deep-ae+kmeans"));
  const features = await drain(stages.features.steps(black, { seed: 0, network }, { runtime }));
  expect(features.notices).toEqual([expect.stringContaining("All images have the same code")]);
  const clusters = {
    nClusters: 3,
    seed: 0,
    init: "random",
    restarts: 1,
    maxIterations: 9,
    tolerance: 0,
  } as const;
  const fit = await drain(stages.clusterer.steps(features.samples, clusters, {}));
  expect(fit.notices).toEqual([expect.stringContaining("2 of the 3 clusters are empty")]);
});
