import { expect } from "vitest";
import type { Runtime } from "../../../neural/index.ts";
import { encode, fit } from "../index.ts";
import { spots } from "./images.ts";
import { tiny } from "./tiny.ts";

/** Holds an architecture to what all of them do on small images: three epochs that lower both losses, and a code. */
export async function expectToLearn(
  architecture: string,
  shape: { readonly height: number; readonly width: number; readonly channels: number },
  runtime: Runtime,
): Promise<void> {
  const images = spots(48, shape);
  const network = tiny[architecture] ?? {};
  const model = await fit(images, { architecture, seed: 2, network }, { runtime });
  const { training } = model;
  expect(training.epochs.length).toBe(3);
  for (const of of ["loss", "validationLoss"] as const) {
    const [first, , last] = training.epochs.map((epoch) => epoch[of]);
    expect(last, of).toBeLessThan(first as number);
  }
  expect(training).toMatchObject({ architecture, batch: 8, maxEpochs: 3, stopReason: "epochs" });
  expect(training.runtime).toMatch(new RegExp(`^${runtime.name} \\d+\\.\\d+\\.\\d+, 1 thread$`));
  expect(model).toMatchObject({ kind: "autoencoder", image: shape });
  const codes = await encode(model, images, { runtime });
  expect(codes.cols).toBe(network.codeSize ?? 3);
}
