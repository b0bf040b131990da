/** What is said where the operating system refuses to write, which tests cannot bring about on every machine. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { OptionError } from "../../errors.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createOutputFolder, readClusterNames, writeClusterNames } from "./index.ts";

/** Code of the error that every write of a file, link or copy now fails with. */
const refusal = vi.hoisted(() => ({ code: "" }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const refusing =
    <A extends readonly unknown[], T>(step: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      refusal.code === ""
        ? step(...args)
        : Promise.reject(Object.assign(new Error(refusal.code), { code: refusal.code, syscall: "write" }));
  return {
    ...real,
    writeFile: refusing(real.writeFile as (...args: unknown[]) => Promise<void>),
    symlink: refusing(real.symlink as (...args: unknown[]) => Promise<void>),
    copyFile: refusing(real.copyFile as (...args: unknown[]) => Promise<void>),
  };
});

afterEach(() => {
  refusal.code = "";
});

test.each([
  ["ENOSPC", "no space left on the disk. Free some space, or choose another place with --out."],
  ["EROFS", "a read-only file system. Choose another place with --out."],
  ["EACCES", "no permission. Choose another place with --out."],
])("a folder in the making that meets %s says so, and can be taken back", async (code, words) => {
  const folder = await temporaryFolder({ "a.png": "a" });
  const output = await createOutputFolder(join(folder, "out"), { force: false });
  refusal.code = code;
  for (const step of [
    () => output.write("b.csv", "b"),
    () => output.place("c.png", join(folder, "a.png"), { copy: false }),
    () => output.place("d.png", join(folder, "a.png"), { copy: true }),
  ]) {
    await expect(step()).rejects.toThrow(OptionError);
    await expect(step()).rejects.toThrow(`must be writable; got ${words}`);
  }
  await output.discard();
  expect(await readdir(folder)).toEqual(["a.png"]);
});

test("a file is placed as a link, or as a copy where that is asked for", async () => {
  const folder = await temporaryFolder({ "a.png": "a" });
  const output = await createOutputFolder(join(folder, "out"), { force: false });
  expect(await output.place("b/c.png", join(folder, "a.png"), { copy: false })).toBe("link");
  expect(await output.place("b/d.png", join(folder, "a.png"), { copy: true })).toBe("copy");
  await output.discard();
});

test("names that cannot be written leave those that there were", async () => {
  const folder = await temporaryFolder();
  await writeClusterNames(folder, new Map([[0, { cluster: 0, name: "a" }]]));
  refusal.code = "ENOSPC";
  await expect(writeClusterNames(folder, new Map())).rejects.toThrow(/got no space left on the disk/);
  expect((await readClusterNames(folder, 1)).get(0)?.name).toBe("a");
  expect(await readdir(folder)).toEqual(["clusters.json"]);
});
