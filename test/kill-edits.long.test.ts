/** Programs that edit a run are killed, or edit it at once, and no edit is lost. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEdits, readEdits } from "../src/node/index.ts";

const nodeEntry = new URL("../dist/node/index.js", import.meta.url).href;
const run = { record: { clusters: 4, seed: 0 }, labels: Int32Array.from({ length: 5000 }, (_, i) => i % 4) };
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Moves images to and fro, and says the version of each state once `apply` has returned; conflicts are tried again. */
const program = `
  const { openEdits, EditConflictError } = await import(${JSON.stringify(nodeEntry)});
  const [folder, times] = process.argv.slice(1);
  const labels = Int32Array.from({ length: 5000 }, (_, i) => i % 4);
  const edits = await openEdits(folder, { record: { clusters: 4, seed: 0 }, labels }, { now: () => new Date() });
  const images = Array.from({ length: 400 }, (_, i) => i);
  console.log("begun");
  for (let done = 0; done < Number(times); ) {
    const { version } = edits.state();
    const to = images.map((i) => edits.labels()[i]).every((cluster) => cluster === 1) ? 2 : 1;
    try {
      console.log((await edits.apply({ version, do: { kind: "move", images, to } })).version);
      done++;
    } catch (error) {
      if (!(error instanceof EditConflictError)) throw error;
    }
  }
`;

interface Editing {
  readonly child: ChildProcess;
  /** Versions that it has said. */
  readonly versions: readonly number[];
  readonly begun: Promise<void>;
  readonly ended: Promise<number | null>;
}

function editing(times: number): Editing {
  const words = ["--input-type=module", "-e", program, folder, String(times)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const versions: number[] = [];
  let rest = "";
  const begun = new Promise<void>((resolve) => {
    child.stdout.on("data", (text) => {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "begun") versions.push(Number(line));
      resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, versions, begun, ended };
}

test("a program that is killed while it edits leaves every edit that it has said was done", async () => {
  let before = 0;
  for (const after of [3, 24, 61]) {
    const { child, versions, begun, ended } = editing(1e9);
    await begun;
    await new Promise((resolve) => setTimeout(resolve, after));
    child.kill("SIGKILL");
    await ended;
    const { version } = await readEdits(folder, run);
    const said = versions.at(-1) ?? before;
    // It may have been killed between writing and saying so.
    expect([said, said + 1]).toContain(version);
    // The next one goes on from there, whatever lock or rest of a line there is.
    const edits = await openEdits(folder, run, { now: () => new Date(0) });
    before = (await edits.apply({ version, do: { kind: "rename", cluster: 3, name: `after ${after}` } }))
      .version;
    expect(before).toBe(version + 1);
    const { labels, clusters } = await readEdits(folder, run);
    expect(clusters.find(({ cluster }) => cluster === 3)?.name).toBe(`after ${after}`);
    expect(new Set(labels.subarray(0, 400)).size).toBe(version > 0 && labels[0] === labels[1] ? 1 : 4);
  }
  expect((await readdir(folder)).filter((name) => !name.endsWith(".partial")).sort()).toEqual([
    "clusters.json",
    "edits.jsonl",
  ]);
});

test("programs that edit at once never write over each other", async () => {
  const both = [editing(8), editing(8), editing(8)];
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const said = both.flatMap(({ versions }) => versions).sort((a, b) => a - b);
  expect(said).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  expect((await readEdits(folder, run)).version).toBe(24);
});
