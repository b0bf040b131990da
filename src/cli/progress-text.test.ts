import { expect, test } from "vitest";
import { downloadLine } from "./effects.ts";
import { decodeLine, durationText, runText, trainingText } from "./progress-text.ts";

const training = {
  ...{ epoch: 3, epochs: 20, batch: 12, batches: 1235, loss: 0.041_23, validationLoss: 0.0433 },
  ...{ imagesPerSecond: 5120.4, secondsLeft: 125, epochDone: false },
  checkpoint: () => Promise.reject(new Error("not asked for")),
};

test("a line of training tells epoch, minibatch, losses, speed and time left, as far as they are known", () => {
  expect(trainingText(training)).toBe(
    "epoch 3/20, minibatch 12 of 1,235, loss 0.0412, validation loss 0.0433, 5,120 images/s, 2 min 5 s left",
  );
  const { validationLoss, imagesPerSecond, secondsLeft, ...first } = training;
  expect(trainingText(first)).toBe("epoch 3/20, minibatch 12 of 1,235, loss 0.0412");
  expect(runText({ method: "vae+kmeans", seed: 2, stage: "features", training: first })).toBe(
    "vae+kmeans, seed 2: epoch 3/20, minibatch 12 of 1,235, loss 0.0412",
  );
});

test("times are rounded up, in the two greatest units", () => {
  const seconds = [-1, 0, 0.2, 59.9, 60, 3599, 3600, 90_061];
  expect(seconds.map(durationText)).toEqual([
    ...["0 s", "0 s", "1 s", "1 min 0 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "25 h 1 min"],
  ]);
});

test("lines of reading and of downloads tell how much of how much", () => {
  expect(decodeLine({ done: 1024, total: 5000, skipped: 3 })).toBe("1,024 of 5,000 images read, 3 skipped");
  expect(decodeLine({ done: 7, total: undefined, skipped: 0 })).toBe("7 images read");
  expect(downloadLine({ dataSet: "mnist", file: "t10k", bytesDone: 1_250_000, bytesTotal: 9_912_422 })).toBe(
    "mnist: 1.3 of 9.9 MB (t10k)",
  );
});
