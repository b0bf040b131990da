import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { writing } from "./file-errors.ts";
import { createOutputFile, createOutputFolder, openInterrupted } from "./index.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const ourRecord = JSON.stringify({ format: "unlabeled-run" });

describe("createOutputFolder", () => {
  test("shows nothing under its name before commit, and everything after", async () => {
    const output = await createOutputFolder(at("out"), { force: false });
    await output.write("deep/file.txt", "hello");
    expect(await readdir(folder)).toEqual(["out.partial"]);
    await output.commit();
    expect(await readdir(folder)).toEqual(["out"]);
    expect(await readdir(at("out"), { recursive: true })).toEqual(["deep", join("deep", "file.txt")]);
  });

  test("leaves nothing after discard, not even the folders that it made around itself", async () => {
    const output = await createOutputFolder(at("runs/today/out"), { force: false });
    await output.write("file.txt", "hello");
    await output.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  test("keeps what others put beside it", async () => {
    const output = await createOutputFolder(at("runs/out"), { force: false });
    await writeFile(at("runs/other.txt"), "");
    await output.discard();
    expect(await readdir(folder, { recursive: true })).toEqual(["runs", join("runs", "other.txt")]);
  });

  test("discard after commit takes nothing back", async () => {
    const output = await createOutputFolder(at("out"), { force: false });
    await output.commit();
    await output.discard();
    expect(await readdir(folder)).toEqual(["out"]);
  });

  test("refuses a folder that exists, and with force replaces one of ours", async () => {
    await mkdir(at("out"));
    await writeFile(at("out/run.json"), ourRecord);
    await writeFile(at("out/old.txt"), "");
    await expect(createOutputFolder(at("out"), { force: false })).rejects.toThrow("Replace it with --force");
    const output = await createOutputFolder(at("out"), { force: true });
    await output.write("new.txt", "");
    expect((await readdir(at("out"))).sort()).toEqual(["old.txt", "run.json"]);
    await output.commit();
    expect(await readdir(folder)).toEqual(["out"]);
    expect(await readdir(at("out"))).toEqual(["new.txt"]);
  });

  test("force replaces an empty folder, but nothing that this program did not write", async () => {
    await mkdir(at("empty"));
    await (await createOutputFolder(at("empty"), { force: true })).commit();
    await mkdir(at("photos"));
    await writeFile(at("photos/run.json"), '{"format":"somebody else"}');
    await symlink(at("empty"), at("link"));
    await writeFile(at("file"), "");
    for (const name of ["photos", "link", "file"]) {
      await expect(createOutputFolder(at(name), { force: true })).rejects.toThrow("unlabeled did not write");
    }
    expect((await readdir(folder)).sort()).toEqual(["empty", "file", "link", "photos"]);
  });

  test("a folder that appears while the run is going on is not overwritten", async () => {
    const output = await createOutputFolder(at("out"), { force: false });
    await mkdir(at("out"));
    await writeFile(at("out/mine.txt"), "");
    await expect(output.commit()).rejects.toThrow(OptionError);
    await output.discard();
    expect(await readdir(folder, { recursive: true })).toEqual(["out", join("out", "mine.txt")]);
  });

  test("replaces what an ended run left, refuses what a living one writes or what is not ours", async () => {
    const marker = (pid: number, host: string): string =>
      JSON.stringify({ format: "unlabeled-partial", pid, host });
    const partial = async (name: string, file: string, content: string): Promise<void> => {
      await mkdir(at(`${name}.partial`));
      await writeFile(at(`${name}.partial/${file}`), content);
    };
    await partial("left", "unlabeled-partial.json", marker(process.pid, hostname()));
    await partial("living", "unlabeled-partial.json", marker(process.ppid, hostname()));
    await partial("foreign", "notes.txt", "");
    const output = await createOutputFolder(at("left"), { force: false });
    await output.discard();
    await expect(createOutputFolder(at("living"), { force: true })).rejects.toThrow(
      "a run that is writing it",
    );
    await expect(createOutputFolder(at("foreign"), { force: true })).rejects.toThrow("Move it away");
    expect((await readdir(folder)).sort()).toEqual(["foreign.partial", "living.partial"]);
  });

  test("refuses at once what cannot be written", async () => {
    await writeFile(at("file"), "");
    const below = createOutputFolder(at("file/out"), { force: false });
    await expect(below).rejects.toThrow("must be writable; got a path that leads through a file");
    await expect(createOutputFolder("", { force: false })).rejects.toThrow('must name a folder; got ""');
    // Short enough for a folder, too long with .partial behind it.
    const long = createOutputFolder(at(`new/${"a".repeat(250)}`), { force: false });
    await expect(long).rejects.toThrow("must be writable; got a name that is too long");
    expect(await readdir(folder)).toEqual(["file"]);
  });
});

describe("an output folder that was left", () => {
  test("is taken over once: who was first is found by who comes later", async () => {
    await left("out");
    const { takeOver } = await openInterrupted(at("out"));
    const other = JSON.stringify({ format: "unlabeled-partial", pid: process.ppid, host: hostname() });
    await writeFile(at("out.partial/unlabeled-partial.json"), other);
    await expect(takeOver({ force: false })).rejects.toThrow(
      `got a run that is still going on (process ${process.ppid})`,
    );
  });

  test.runIf(process.platform === "linux")(
    "is free when its process has ended, though another now has its number",
    async () => {
      await left("out");
      const marker = { format: "unlabeled-partial", pid: process.ppid, host: hostname(), began: "1" };
      await writeFile(at("out.partial/unlabeled-partial.json"), JSON.stringify(marker));
      const { takeOver } = await openInterrupted(at("out"));
      const output = await takeOver({ force: false });
      const written = JSON.parse(await readFile(at("out.partial/unlabeled-partial.json"), "utf8"));
      expect(written.pid).toBe(process.pid);
      expect(written.began).toMatch(/^\d+$/);
      await output.discard();
    },
  );

  async function left(name: string): Promise<void> {
    const output = await createOutputFolder(at(name), { force: false });
    await output.work.write("resume", "{}");
    await output.write("run/run.json", ourRecord);
    await output.work.write("training", Uint8Array.of(1, 2));
    await output.work.write({ picturesOf: 3 }, "pictures");
    output.leave();
    await output.discard();
  }

  test("is found again by either name, and goes on", async () => {
    await left("runs/out");
    expect(await readdir(at("runs"))).toEqual(["out.partial"]);
    for (const name of ["runs/out", "runs/out.partial", "runs/out.partial/"]) {
      const { path, partial, whole, work } = await openInterrupted(at(name));
      expect([path, partial, whole]).toEqual([at("runs/out"), at("runs/out.partial"), false]);
      expect(await work.read("training")).toEqual(Buffer.of(1, 2));
      expect(work.nameOf("training")).toBe(
        at(join("runs/out.partial", "checkpoints", "training.safetensors")),
      );
    }
    const output = await (await openInterrupted(at("runs/out"))).takeOver({ force: false });
    expect((await output.read("run/run.json"))?.toString()).toBe(ourRecord);
    expect(await output.read("run/nothing.json")).toBeUndefined();
    await output.write("new.txt", "");
    await output.commit();
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      ...["runs", join("runs", "out"), join("runs", "out", "new.txt"), join("runs", "out", "run")],
      join("runs", "out", "run", "run.json"),
    ]);
  });

  test("holds work as long as it has a checkpoint or a finished run, and then is not thrown away", async () => {
    await left("out");
    const { work, takeOver } = await openInterrupted(at("out"));
    const output = await takeOver({ force: false });
    const refused = "got an interrupted run. Go on with it: unlabeled resume";
    expect(await output.holdsWork()).toBe(true);
    await rm(at("out.partial/run"), { recursive: true });
    expect(await output.holdsWork()).toBe(true);
    await expect(createOutputFolder(at("out"), { force: false })).rejects.toThrow(refused);
    await work.remove("training");
    expect(await output.holdsWork()).toBe(false);
    await (await createOutputFolder(at("out"), { force: false })).discard();
    expect(await readdir(folder)).toEqual([]);
    await left("out");
    await (await createOutputFolder(at("out"), { force: true })).discard();
    expect(await readdir(folder)).toEqual([]);
  });

  test("killed before its last rename, it is whole", async () => {
    await mkdir(at("out.partial"));
    await writeFile(at("out.partial/run.json"), ourRecord);
    await expect(createOutputFolder(at("out"), { force: false })).rejects.toThrow("Go on with it");
    const { whole, takeOver } = await openInterrupted(at("out"));
    expect(whole).toBe(true);
    await (await takeOver({ force: false })).commit();
    expect(await readdir(at("out"))).toEqual(["run.json"]);
  });
});

describe("createOutputFile", () => {
  test("writes the file whole, and nothing beside it", async () => {
    const output = await createOutputFile(at("deep/a.csv"), { force: false });
    await output.commit("a,b\n");
    expect(await readFile(at("deep/a.csv"), "utf8")).toBe("a,b\n");
    expect(await readdir(at("deep"))).toEqual(["a.csv"]);
  });

  test("leaves nothing after discard or where it cannot begin, not even the folders around it", async () => {
    await (await createOutputFile(at("deep/er/a.csv"), { force: false })).discard();
    // Short enough for a file, too long with the number of the process behind it.
    const long = createOutputFile(at(`new/${"a".repeat(250)}`), { force: false });
    await expect(long).rejects.toThrow("must be writable; got a name that is too long");
    expect(await readdir(folder)).toEqual([]);
  });

  test("refuses a file that exists unless forced, and a folder always", async () => {
    await writeFile(at("a.csv"), "old");
    await mkdir(at("folder"));
    await expect(createOutputFile(at("a.csv"), { force: false })).rejects.toThrow("Replace it with --force");
    await expect(createOutputFile(at("folder"), { force: true })).rejects.toThrow("got the folder");
    const output = await createOutputFile(at("a.csv"), { force: true });
    await output.discard();
    expect(await readFile(at("a.csv"), "utf8")).toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["a.csv", "folder"]);
  });
});

test("a full disk and a missing permission are told in one sentence with the remedy", async () => {
  const failing = (code: string) => async (): Promise<never> => {
    throw Object.assign(new Error(`${code}: write`), { code, syscall: "write" });
  };
  await expect(writing("writeRun", "runs/x", failing("ENOSPC"))).rejects.toThrow(
    'writeRun: "runs/x" must be writable; got no space left on the disk. Free some space, or choose another place with --out.',
  );
  await expect(writing("writeRun", "runs/x", failing("EROFS"))).rejects.toThrow("a read-only file system");
  const bug = new TypeError("x is not a function");
  await expect(writing("writeRun", "runs/x", () => Promise.reject(bug))).rejects.toBe(bug);
});
