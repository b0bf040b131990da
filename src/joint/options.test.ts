import { expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import type { AutoencoderModel } from "../features/autoencoder/index.ts";
import { checkJointOptions, type JointOptions } from "./index.ts";
import { noticesOf } from "./notices.ts";
import { corners } from "./testing/corners.ts";
import type { JointModel } from "./types.ts";

const images = corners(20);
const check = (options: object): ReturnType<typeof checkJointOptions> =>
  checkJointOptions({ method: "idec", nClusters: 3, ...options } as JointOptions, images);

test("what is left out takes its default; the interval is 140, and at most one pass over the images", () => {
  expect(check({})).toMatchObject({ seed: 0, gamma: 0.1, tolerance: 0.001, nRestarts: 20, batch: 256 });
  expect(check({}).updateInterval).toBe(1);
  expect(check({ batch: 6 }).updateInterval).toBe(4);
  const many = checkJointOptions({ method: "dec", nClusters: 2, batch: 1 }, corners(150));
  expect(many).toMatchObject({ updateInterval: 140, gamma: 1, augment: { shift: 0, rotation: 0 } });
  expect(check({ pretrained: {} as AutoencoderModel }).pretraining).toBe("given");
});

test.each([
  [{ method: "idecs" }, 'method must be one of dec, idec; got "idecs".'],
  [{ nClusters: 21 }, "nClusters must be an integer in 1..20 (the number of images); got 21."],
  [{ nClusters: 0 }, "nClusters must be an integer in 1..20 (the number of images); got 0."],
  [{ seed: -1 }, "seed must be an integer in 0..9007199254740991; got -1."],
  [{ updateInterval: 0 }, "updateInterval must be an integer of at least 1; got 0."],
  [{ maxIterations: 1.5 }, "maxIterations must be an integer of at least 1; got 1.5."],
  [{ nRestarts: 0 }, "nRestarts must be an integer of at least 1; got 0."],
  [{ batch: 0 }, "batch must be an integer of at least 1; got 0."],
  [{ layerEpochs: 0 }, "layerEpochs must be an integer of at least 1; got 0."],
  [{ tolerance: -0.1 }, "tolerance must be a share in 0..1; got -0.1."],
  [{ tolerance: Number.NaN }, "tolerance must be a share in 0..1; got NaN."],
  [{ gamma: 0 }, "gamma must be a positive number; got 0."],
  [{ learningRate: 0 }, "learningRate must be a positive number; got 0."],
  [
    { method: "dec", gamma: 0.1 },
    "gamma must be left out with dec, which has no reconstruction loss to weigh against; got 0.1.",
  ],
  [{ pretraining: "layers" }, 'pretraining must be one of end-to-end, layer-wise; got "layers".'],
  [
    { augment: { shift: 6 } },
    "augment.shift must be a number of pixels from 0 to below 6 (the images' shorter side); got 6.",
  ],
  [{ augment: { rotation: 181 } }, "augment.rotation must be an angle in 0..180 degrees; got 181."],
])("%o is refused", (options, message) => {
  expect(() => check(options)).toThrow(new OptionError(`joint.fit: ${message}`));
});

test("an option that does not exist is refused, with the nearest spelling", () => {
  expect(() => check({ tolerence: 1 })).toThrow(
    /every option must be one of .*; got "tolerence"\..*tolerance/,
  );
});

test("notices tell of empty clusters, of a worse result and of one that still moves", () => {
  const settings = check({});
  const told = (more: Partial<JointModel>): readonly string[] =>
    noticesOf({
      settings,
      sizes: Int32Array.of(5, 7, 8),
      check: { start: 0.8, end: 0.9, images: 20 },
      history: [{ iteration: 1, loss: 1, changed: 0.25 }],
      converged: true,
      ...more,
    } as JointModel);
  expect(told({})).toEqual([]);
  expect(told({ check: { start: 0.8, end: 0.8, images: 20 } })).toEqual([]);
  expect(told({ sizes: Int32Array.of(0, 20, 0) })).toEqual([
    "Clusters 0, 2 have lost all images in the joint training of idec: ask for fewer clusters, or lower the learning rate (now 0.0001).",
  ]);
  expect(told({ check: { start: 0.8, end: 0.7999, images: 20 } })).toEqual([
    "The joint training of idec seems to have made the clusters worse: images that look alike share a cluster less often than with K-Means on the pre-trained code (modularity 0.7999, before it 0.8000, among 20 images). Use K-Means on that code, or try a smaller weight of its clustering loss (now 0.1).",
  ]);
  expect(told({ converged: false })).toEqual([
    "The clusters of idec were still moving after 40 iterations (25 % of the images changed theirs in the last; it ends below 0.10 %).",
  ]);
});
