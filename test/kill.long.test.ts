/** A program that is killed, and one that never was, end with the same network. */
import { existsSync, watch } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../src/random/index.ts";
import { startProgram } from "./built-program.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

/**
 * Runs the built program.
 *
 * @param killAt kills it (-9) at this event, 1-based, among the checkpoint files: one is begun, grows, or takes its name
 */
async function unlabeled(words: readonly string[], killAt = Number.POSITIVE_INFINITY) {
  const { child, ended } = startProgram(words, folder);
  const stopWatching = countEvents(join(folder, "killed.partial/checkpoints"), (events) => {
    if (events === killAt) child.kill("SIGKILL");
  });
  const { exitCode, signal, error } = await ended.finally(stopWatching);
  return { exitCode, signal, error };
}

/** Counts what happens in a folder, from its first appearance on. */
function countEvents(path: string, each: (events: number) => void): () => void {
  let events = 0;
  let watcher: ReturnType<typeof watch> | undefined;
  const timer = setInterval(() => {
    if (watcher || !existsSync(path)) return;
    clearInterval(timer);
    watcher = watch(path, () => each(++events));
    watcher.on("error", () => {}); // the folder goes away in the end
  }, 1);
  return () => {
    clearInterval(timer);
    watcher?.close();
  };
}

test.each([
  ["denoising-ae", 5, ["--epochs", "20", "--widths", "32,16"]],
  ["conv-ae", 2, ["--epochs", "8", "--widths", "4,8", "--split", "train"]],
] as const)(
  "%s, killed with -9 at %i seeded moments of its training, ends with the same network",
  async (feature, kills, flags) => {
    const words = ["cluster", "strokes", "--limit", "1000", "--method", `${feature}+kmeans`, ...flags];
    const whole = await unlabeled([...words, "--out", "whole"]);
    expect(whole).toEqual({ exitCode: 0, signal: null, error: "" });

    const random = createRandom(3).stream(`kill ${feature}`);
    for (let kill = 0; kill < kills; kill++) {
      const again = kill === 0 ? [...words, "--out", "killed"] : ["resume", "killed.partial"];
      const ended = await unlabeled(again, 1 + random.integer(6));
      expect(ended).toEqual({ exitCode: null, signal: "SIGKILL", error: "" });
      expect((await readdir(folder)).sort()).toEqual(["killed.partial", "whole"]);
    }
    expect(await unlabeled(["resume", "killed"])).toEqual({ exitCode: 0, signal: null, error: "" });
    expect((await readdir(folder)).sort()).toEqual(["killed", "whole"]);
    for (const name of ["model/encoder.onnx", "model/decoder.onnx", "model/centers.npy", "assignments.csv"]) {
      const same = (await readFile(join(folder, "killed", name))).equals(
        await readFile(join(folder, "whole", name)),
      );
      expect([name, same]).toEqual([name, true]);
    }
    const files = async (run: string) => (await readdir(join(folder, run), { recursive: true })).sort();
    expect(await files("killed")).toEqual(await files("whole"));
  },
  120_000,
);
