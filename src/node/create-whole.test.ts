import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWhole } from "./create-whole.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

describe("createWhole", () => {
  test("makes the folder and moves the file to the name that it turned out to have", async () => {
    const folder = join(await temporaryFolder(), "a", "b");
    const path = await createWhole(folder, async (partial) => {
      await writeFile(partial, "content");
      return "name";
    });
    expect(path).toBe(join(folder, "name"));
    expect(await readFile(path, "utf8")).toBe("content");
    expect(await readdir(folder)).toEqual(["name"]);
  });

  test("leaves the old file, and nothing of the new one, where writing fails", async () => {
    const folder = await temporaryFolder({ name: "old" });
    const failing = createWhole(folder, async (partial) => {
      await writeFile(partial, "half");
      throw new Error("stopped");
    });
    await expect(failing).rejects.toThrow("stopped");
    expect(await readdir(folder)).toEqual(["name"]);
    expect(await readFile(join(folder, "name"), "utf8")).toBe("old");
  });

  test("takes the folders that it made away again where writing fails", async () => {
    const folder = await temporaryFolder();
    const failing = createWhole(join(folder, "a", "b"), () => Promise.reject(new Error("stopped")));
    await expect(failing).rejects.toThrow("stopped");
    expect(await readdir(folder)).toEqual([]);
  });

  test.runIf(process.platform === "linux")(
    "says so where the system lets nobody make the folder",
    async () => {
      await expect(createWhole("/proc/none/here", async () => "name")).rejects.toThrow("ENOENT");
    },
    2000,
  );
});
