import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { availableMethods, parseMethod, parseMethods, recipes, vectorRecipes } from "./index.ts";

/** Feature words of this version. */
const words =
  "pixels, vectors, pca, hog, scattering, vanilla-ae, dense-ae, deep-ae, conv-ae, seed-conv-ae, denoising-ae, sparse-ae, vae, onnx";
const clusterers = "kmeans, minibatch-kmeans, gmm, graph, consensus";

describe("parseMethod", () => {
  test("takes a name apart", () => {
    expect(parseMethod("pixels+kmeans")).toEqual({
      name: "pixels+kmeans",
      features: ["pixels"],
      clusterer: "kmeans",
    });
    expect(parseMethod(" pixels+kmeans ").name).toBe("pixels+kmeans");
    expect(parseMethod("pca:hog+umap+graph")).toEqual({
      name: "pca:hog+umap+graph",
      features: ["pca", "hog"],
      manifold: "umap",
      clusterer: "graph",
    });
    expect(parseMethod("idec")).toEqual({
      name: "idec",
      features: ["deep-ae"],
      clusterer: "student-t",
      joint: "idec",
    });
  });

  test("takes auto for a recipe, another one where there is time, and keeps what was asked", () => {
    const fast = parseMethod("auto");
    expect(fast).toEqual({ ...parseMethod(recipes.fast), requested: "auto" });
    const thorough = parseMethod("auto", { thorough: true });
    expect(thorough).toEqual({ ...parseMethod(recipes.thorough), requested: "auto" });
    expect(parseMethod("auto", { vectors: true }).name).toBe(vectorRecipes.fast);
    expect(parseMethod("auto", { vectors: true, thorough: true }).name).toBe(vectorRecipes.thorough);
    expect(thorough.name).not.toBe(fast.name);
  });

  test("reads every method that it says it has, with each feature word", () => {
    expect(availableMethods()).toEqual([
      ...words.split(", ").flatMap((word) => clusterers.split(", ").map((other) => `${word}+${other}`)),
      ...["dec", "idec", "auto"],
    ]);
    for (const name of availableMethods()) {
      const { requested, ...method } = parseMethod(name);
      expect(requested ?? method.name).toBe(name);
    }
  });

  test.each([
    [
      "pixel+kmeans",
      `the features of "pixel+kmeans" must be one of ${words}; got "pixel". Did you mean "pixels"?`,
    ],
    ["pixels+k-means", `must be one of ${clusterers}; got "k-means". Did you mean "kmeans"?`],
    ["pixels+watercolour", `must be one of ${clusterers}; got "watercolour".`],
    [
      "pixels+umpa+kmeans",
      'the manifold of "pixels+umpa+kmeans" must be one of umap; got "umpa". Did you mean "umap"?',
    ],
    ["con-ae+kmeans", 'got "con-ae". Did you mean "conv-ae"?'],
    ["pixels:pixels+kmeans", 'each view of "pixels:pixels+kmeans" must be named once; got "pixels" twice.'],
    [
      "vae:pca:deep-ae+graph",
      'at most one view of "vae:pca:deep-ae+graph" must be a network that is trained; got vae and deep-ae.',
    ],
    ["pixels+student-t", 'got "student-t"'],
    ["pixels:pixles+kmeans", 'got "pixles". Did you mean "pixels"?'],
    [
      "kmeans",
      'must be spelled features+clusterer, or be one of dec, idec, auto, e.g. "pixels+kmeans"; got "kmeans"',
    ],
    ["idecs", 'e.g. "idec"; got "idecs"'],
    ["pixels+umap+kmeans+gmm", "must be spelled features+clusterer or features+manifold+clusterer"],
    ["", 'got ""'],
    ["+", `must be one of ${words}; got ""`],
  ])("%j is refused with what is wrong", (name, message) => {
    expect(() => parseMethod(name)).toThrow(OptionError);
    expect(() => parseMethod(name)).toThrow(message);
  });

  test("any text gives a method that is available, or an OptionError", () => {
    const words = fc.constantFrom(
      "pixels",
      "kmeans",
      "umap",
      "pca",
      "gmm",
      "auto",
      "",
      "constructor",
      "__proto__",
    );
    const names = fc
      .array(fc.tuple(words, fc.constantFrom("+", ":", ",")))
      .map((parts) => parts.flat().join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), names), (text) => {
        try {
          for (const { name } of parseMethods(text)) expect(parseMethod(name).name).toBe(name);
        } catch (error) {
          expect(error).toBeInstanceOf(OptionError);
        }
      }),
    );
  });
});

describe("parseMethods", () => {
  test("reads a list, and refuses a method named twice", () => {
    expect(parseMethods("pixels+kmeans").map(({ name }) => name)).toEqual(["pixels+kmeans"]);
    expect(() => parseMethods("pixels+kmeans, pixels+kmeans")).toThrow('got "pixels+kmeans" twice');
    expect(() => parseMethods("pixels+kmeans,")).toThrow('got ""');
  });
});
