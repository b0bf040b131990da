import { rmSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

/** Which call fails, and how; reset after each test. */
const disk = vi.hoisted(() => ({
  fails: (_call: string, _path: string): string | undefined => undefined,
}));

vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs/promises")>();
  const failing =
    <Given extends readonly unknown[], Result>(call: string, step: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const code = disk.fails(call, String(given[0]));
      if (code) throw Object.assign(new Error(`${code}: ${call}`), { code, syscall: call });
      return step(...given);
    };
  return {
    ...real,
    writeFile: failing("write", real.writeFile),
    open: failing("open", real.open),
    mkdir: failing("mkdir", real.mkdir),
  };
});

inEmptyFolders();
afterEach(() => {
  disk.fails = () => undefined;
});

const cluster = ["cluster", "tiny", "--clusters", "3", "--out", "out"];
const compare = [
  "compare",
  "tiny",
  "--methods",
  "pixels+kmeans,pca+kmeans",
  "--clusters",
  "3",
  "--out",
  "out",
];

describe("a disk that is full", () => {
  test.each(["assignments.csv", "centers.npy", "report.html", "run.json"])(
    "at %s: one sentence with the remedy, and nothing is left",
    async (name) => {
      disk.fails = (call, path) => (call === "write" && path.includes(name) ? "ENOSPC" : undefined);
      const { exitCode, error, out } = await record(cluster);
      expect(exitCode).toBe(2);
      expect(error).toMatch(
        /^unlabeled cluster: "out.+" must be writable; got no space left on the disk\. Free some space, or choose another place with --out\.\n$/,
      );
      expect(out).toBe("");
      expect(await filesBelow()).toEqual([]);
    },
  );

  test("in the second of two runs: the first is kept, and resume goes on once there is space", async () => {
    disk.fails = (call, path) => (call === "write" && path.includes("pca+kmeans-0") ? "ENOSPC" : undefined);
    const failed = await record(compare);
    expect(failed.exitCode).toBe(2);
    expect(failed.error).toContain("got no space left on the disk");
    expect(failed.error).toContain("Resume with: unlabeled resume out.partial");
    expect((await filesBelow()).filter((name) => name.endsWith(".new"))).toEqual([]);
    disk.fails = () => undefined;
    const resumed = await record(["resume", "out.partial"]);
    expect(resumed).toMatchObject({ exitCode: 0, error: "" });
    // That a resumed run is in everything what it would have been, tests of `resume` show.
    const whole = ["", "pca+kmeans-0/", "pixels+kmeans-0/"].map((folder) => `${folder}report.html`);
    expect((await filesBelow("out")).filter((name) => name.endsWith(".html"))).toEqual(whole.sort());
  });

  test("at the record of what was asked: nothing is begun", async () => {
    disk.fails = (call, path) => (call === "open" && path.includes("resume.json") ? "EDQUOT" : undefined);
    const { exitCode, error } = await record(cluster);
    expect([exitCode, error]).toEqual([
      2,
      'unlabeled cluster: "out.partial/resume.json" must be writable; got the disk quota used up. Free some space, or choose another place with --out.\n',
    ]);
    expect(await filesBelow()).toEqual([]);
  });
});

test("a read-only place is told before any work is done", async () => {
  disk.fails = (call) => (call === "mkdir" ? "EROFS" : undefined);
  const { exitCode, error, progress } = await record(cluster);
  expect([exitCode, error]).toEqual([
    2,
    'unlabeled cluster: "out" must be writable; got a read-only file system. Choose another place with --out.\n',
  ]);
  expect(progress.some((line) => line.includes("iteration"))).toBe(false);
  expect(await filesBelow()).toEqual([]);
});

test("an output folder that vanishes in the middle is told, and nothing half-written takes its place", async () => {
  const { exitCode, error } = await record(cluster, {
    onProgress: (line) => {
      if (line.includes("iteration")) rmSync("out.partial", { recursive: true, force: true });
    },
  });
  expect(exitCode).toBe(2);
  expect(error).toBe(
    'unlabeled cluster: "out.partial" must stay in its place until the run is finished; got nothing of it there any more. What it held is lost: run the command again, and leave the folder alone meanwhile.\n',
  );
  expect(await filesBelow()).toEqual([]);
});
