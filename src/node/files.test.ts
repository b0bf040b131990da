import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { kindOfPath, withFile } from "./files.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const rule = { where: "openSource", path: "x", must: "readable", remedy: "Check the path." };
const systemError = (code: string): Error => Object.assign(new Error(code), { code, syscall: "open" });

describe("withFile", () => {
  test.each([
    ["EACCES", "no permission"],
    ["ENOSPC", "no space left on the disk"],
    ["EROFS", "a read-only file system"],
    ["EXDEV", "EXDEV"],
  ])("says in words what %s means, and keeps the cause", async (code, reason) => {
    const cause = systemError(code);
    const error = await withFile(rule, () => Promise.reject(cause)).then(String, (thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe(`openSource: "x" must be readable; got ${reason}. Check the path.`);
    expect(error.cause).toBe(cause);
  });

  test("lets every other error through as it is", async () => {
    const other = new TypeError("a fault of ours");
    expect(await withFile(rule, () => Promise.reject(other)).then(String, (thrown) => thrown)).toBe(other);
  });
});

describe("kindOfPath", () => {
  test("tells files, folders and nothing apart", async () => {
    const folder = await temporaryFolder({ x: "" });
    expect(await kindOfPath(folder, "openSource")).toBe("folder");
    expect(await kindOfPath(join(folder, "x"), "openSource")).toBe("file");
    expect(await kindOfPath(join(folder, "y"), "openSource")).toBe("none");
    expect(await kindOfPath(join(folder, "x", "y"), "openSource")).toBe("none");
    expect(await kindOfPath("\0", "openSource")).toBe("none");
  });
});
