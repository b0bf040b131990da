import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../../testing/any-text.ts";
import { sourceName } from "./source-name.ts";

describe("sourceName", () => {
  test.each<[string, "file" | "folder", string]>([
    ["data/train-images-idx3-ubyte.gz", "file", "train-images-idx3-ubyte"],
    ["data/train-images.idx3-ubyte", "file", "train-images"],
    ["data/table.CSV.gz", "file", "table"],
    ["data/codes.npz", "file", "codes"],
    ["photo.png", "file", "photo.png"],
    ["pictures.v2/", "folder", "pictures.v2"],
    ["../my pictures (old)", "folder", "my-pictures-old"],
    [".hidden", "folder", "hidden"],
    ["写真", "folder", "写真"],
    ["/", "folder", "images"],
    ["(((", "folder", "images"],
  ])("calls %s (%s) %s", (path, kind, name) => {
    expect(sourceName(path, kind)).toBe(name);
  });

  test("the folder that one is in has its own name", () => {
    expect(sourceName(".", "folder")).toBe(sourceName(process.cwd(), "folder"));
  });

  test("is fit to be part of a file name on every system", () => {
    fc.assert(
      fc.property(anyText(100), (path) => {
        expect(sourceName(path, "file")).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,63}$/u);
      }),
    );
  });
});
