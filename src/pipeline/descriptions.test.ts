import { expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { availableMethods, describedMethods, describeMethod } from "./index.ts";

test("every method has sentences of its own that name no word of the program", () => {
  const all = availableMethods().map(describeMethod);
  const meanings = all.map(({ meaning }) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
  for (const { name, meaning } of all) {
    expect(meaning, name).toMatch(/^[A-Z].*\.$/);
    expect(meaning, name).not.toMatch(/undefined|kmeans|-ae|gmm/);
    if (name.includes("+")) expect(meaning, `${name}: of features, then of a clusterer`).toMatch(/\. [A-Z]/);
  }
});

test("those to choose from begin with auto, and none needs a file of the user's own", () => {
  const names = describedMethods().map(({ name }) => name);
  expect(names[0]).toBe("auto");
  expect(names.filter((name) => name.includes("onnx"))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  const trains = describedMethods().map((one) => one.trains);
  expect(trains.slice(trains.indexOf(true)).every(Boolean)).toBe(true);
});

test("it says what methods take and whether they train", () => {
  expect(describeMethod("conv-ae+gmm")).toMatchObject({ trains: true, takes: "images" });
  expect(describeMethod("vectors+graph")).toMatchObject({ trains: false, takes: "vectors" });
  expect(describeMethod("pca+umap+kmeans")).toMatchObject({ takes: "images and vectors" });
  expect(describeMethod("pca+umap+kmeans").meaning).toContain("UMAP");
  expect(describeMethod("pca:hog+graph")).toMatchObject({ takes: "images" });
  expect(() => describeMethod("pixel+kmeans")).toThrow(OptionError);
});
