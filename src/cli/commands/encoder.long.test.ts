import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readRun } from "../../node/index.ts";
import { record } from "../testing/recorder.ts";
import { upsideDown } from "../testing/upside-down.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

test("--encoder serves compare, beside methods that train a network", async () => {
  await writeFile("own.onnx", upsideDown(14));
  const methods = ["--methods", "onnx+kmeans,vanilla-ae+kmeans", "--epochs", "1", "--encoder", "own.onnx"];
  const compared = await record(["compare", "tiny", ...methods, "--out", "both"]);
  expect(compared).toMatchObject({ exitCode: 0, error: "" });
  const { record: trained } = await readRun("both/vanilla-ae+kmeans-0");
  expect(trained.training?.maxEpochs).toBe(1);
});
