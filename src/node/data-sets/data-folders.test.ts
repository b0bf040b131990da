import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { dataFolders } from "./data-folders.ts";

describe("dataFolders", () => {
  test("the cache is where each system keeps caches", () => {
    expect(dataFolders({}, "linux", "/home/ada")).toEqual({ cache: "/home/ada/.cache/unlabeled" });
    expect(dataFolders({ XDG_CACHE_HOME: "/var/ada" }, "linux", "/home/ada").cache).toBe(
      "/var/ada/unlabeled",
    );
    expect(dataFolders({}, "darwin", "/Users/ada").cache).toBe("/Users/ada/Library/Caches/unlabeled");
    expect(dataFolders({ LOCALAPPDATA: "D:\\Local" }, "win32", "C:\\Users\\ada").cache).toBe(
      "D:\\Local\\unlabeled\\cache",
    );
    expect(dataFolders({}, "win32", "C:\\Users\\ada").cache).toBe(
      "C:\\Users\\ada\\AppData\\Local\\unlabeled\\cache",
    );
  });

  test("UNLABELED_CACHE and UNLABELED_DATA name folders on any system", () => {
    const environment = { UNLABELED_CACHE: "/c", UNLABELED_DATA: "/d", XDG_CACHE_HOME: "/x" };
    for (const system of ["linux", "darwin", "win32"]) {
      expect(dataFolders(environment, system, "/home/ada")).toEqual({ cache: "/c", data: "/d" });
    }
  });

  test("where nobody is at home the cache is below the folder of temporary files, never below the present one", () => {
    expect(dataFolders({}, "linux", "").cache).toBe(`${tmpdir()}/.cache/unlabeled`);
    expect(dataFolders({ XDG_CACHE_HOME: "/var/ada" }, "linux", "").cache).toBe("/var/ada/unlabeled");
  });

  test("a relative XDG_CACHE_HOME is ignored, and an empty variable counts as none", () => {
    const environment = { XDG_CACHE_HOME: "cache", UNLABELED_CACHE: "", UNLABELED_DATA: "" };
    expect(dataFolders(environment, "linux", "/home/ada")).toEqual({ cache: "/home/ada/.cache/unlabeled" });
  });
});
