import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startProgram } from "./built-program.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the built program in an empty folder. */
async function unlabeled(
  words: readonly string[],
  started?: (child: ChildProcess) => void,
  flags: readonly string[] = [],
  stdout: number | "pipe" = "pipe",
) {
  const { child, ended } = startProgram(words, folder, { flags, stdout });
  started?.(child);
  const { exitCode, out, error } = await ended;
  return { exitCode, out, error };
}

describe("the installed command", () => {
  test("clusters, assigns, repeats and compares, one after another", async () => {
    const clustered = await unlabeled(["cluster", "strokes", "--limit", "300", "--json", "--out", "run"]);
    expect(clustered).toMatchObject({ exitCode: 0, error: "" });
    const document = JSON.parse(clustered.out);
    expect(document.source).toMatchObject({ name: "strokes", count: 300, labelled: true });
    expect(document.results[0]).toMatchObject({ run: "run", converged: true, clusters: 10 });

    const assigned = await unlabeled([
      "assign",
      "run",
      "strokes",
      "--limit",
      "300",
      "--out",
      "a.csv",
      "--json",
    ]);
    expect(JSON.parse(assigned.out)).toMatchObject({ count: 300, clusters: document.results[0].sizes });
    const columns = (text: string) => text.split("\n").map((line) => line.split(",").slice(0, 6).join(","));
    expect(columns(await readFile(join(folder, "a.csv"), "utf8"))).toEqual(
      (await readFile(join(folder, "run/assignments.csv"), "utf8")).split("\n"),
    );

    const repeated = await unlabeled(["repeat", "run", "--threads", "3"]);
    expect(repeated).toEqual({
      exitCode: 0,
      out: "The same: all 300 images have the same label; so are all scores.\n",
      error: "",
    });

    const again = await unlabeled(["cluster", "strokes", "--limit", "300", "--out", "run", "--json"]);
    expect(again).toMatchObject({ exitCode: 2, out: "" });
    expect(again.error).toMatch(/^[^\n]*Replace it with --force[^\n]*\n$/);

    const compared = await unlabeled([
      "compare",
      "strokes",
      "--limit",
      "100",
      "--runs",
      "2",
      "--epochs",
      "1",
    ]);
    expect(compared).toMatchObject({ exitCode: 0, error: "" });
    expect(compared.out).toContain("Mean ± standard deviation over the runs");
    expect(await readdir(join(folder, "runs/strokes-compare-0"))).toContain("report.html");
  });

  test("a cold --help loads commander and our own few lines, nothing else", async () => {
    const hook = `export async function load(url, context, next) {
      process._rawDebug("loaded " + url);
      return next(url, context);
    }`;
    const register = `import { register } from "node:module"; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;
    const flags = ["--import", `data:text/javascript,${encodeURIComponent(register)}`];
    const { out, error, exitCode } = await unlabeled(["--help"], undefined, flags);
    expect(exitCode).toBe(0);
    expect(out).toContain("unlabeled compare strokes");
    const loaded = error.split("\n").filter((line) => line.startsWith("loaded file:"));
    const own = loaded
      .filter((url) => !url.includes("/node_modules/"))
      .map((url) => url.replace(/^.*\/dist\//, ""));
    const foreign = loaded.filter((url) => url.includes("/node_modules/"));
    expect(own.sort()).toEqual([
      "cli/commands.js",
      "cli/main.js",
      "cli/options.js",
      "cli/program.js",
      "cli/standard-streams.js",
      "spelling.js",
    ]);
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((url) => !url.includes("/node_modules/commander/"))).toEqual([]);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s in the middle ends with 130, one line that says how to go on, and only the partial folder",
    async (signal) => {
      const words = ["cluster", "strokes", "--limit", "50", "--runs", "1000", "--out", "deep/run", "--json"];
      const { exitCode, out, error } = await unlabeled(words, (child) => {
        const interrupt = async (): Promise<void> => {
          const begun = await readdir(join(folder, "deep/run.partial")).catch((): string[] => []);
          // The first run's folder is there: the work is well under way.
          if (begun.includes("pixels+kmeans-0")) child.kill(signal);
          else if (child.exitCode === null) setTimeout(interrupt, 20);
        };
        void interrupt();
      });
      const said = "unlabeled: cancelled. Resume with: unlabeled resume deep/run.partial\n";
      expect({ exitCode, out, error }).toEqual({ exitCode: 130, out: "", error: said });
      expect(await readdir(join(folder, "deep"))).toEqual(["run.partial"]);
      const again = await unlabeled(words);
      expect(again.error).toContain("Go on with it: unlabeled resume deep/run.partial");
    },
  );

  test("a reader that closes early is no error, and the folder is written all the same", async () => {
    const words = ["cluster", "strokes", "--limit", "50", "--out", "run", "--json"];
    const { exitCode, error } = await unlabeled(words, (child) => child.stdout?.destroy());
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
    expect(await readdir(folder)).toEqual(["run"]);
  });

  test.runIf(process.platform === "linux")(
    "a full disk behind standard output takes one line and exit code 2",
    async () => {
      const full = openSync("/dev/full", "w");
      const ended = await unlabeled(["data", "list"], undefined, [], full);
      closeSync(full);
      expect(ended).toEqual({
        exitCode: 2,
        out: "",
        error:
          'unlabeled: standard output must be writable; got "ENOSPC: no space left on device, write". Send it to another place.\n',
      });
    },
  );

  test("wrong usage ends with 2 and one line that helps", async () => {
    expect(await unlabeled(["clutser", "strokes"])).toEqual({
      exitCode: 2,
      out: "",
      error:
        'unlabeled: the command must be one of compare, cluster, elbow, assign, resume, repeat, export, name, explore, runs, data, doctor; got "clutser". Did you mean "cluster"? See unlabeled --help.\n',
    });
  });
});
