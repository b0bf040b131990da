import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { availableMethods, parseMethod, parseMethods } from "./index.ts";

/** Feature words of this version. */
const words =
  "pixels, vanilla-ae, dense-ae, deep-ae, conv-ae, seed-conv-ae, denoising-ae, sparse-ae, vae, onnx";

describe("parseMethod", () => {
  test("takes a name apart", () => {
    expect(parseMethod("pixels+kmeans")).toEqual({
      name: "pixels+kmeans",
      features: ["pixels"],
      clusterer: "kmeans",
    });
    expect(parseMethod(" pixels+kmeans ").name).toBe("pixels+kmeans");
  });

  test("reads every method that it says it has, with each feature word", () => {
    expect(availableMethods()).toEqual(
      words.split(", ").flatMap((word) => [`${word}+kmeans`, `${word}+gmm`]),
    );
    for (const name of availableMethods()) expect(parseMethod(name).name).toBe(name);
  });

  test.each([
    [
      "pixel+kmeans",
      `the features of "pixel+kmeans" must be one of ${words}; got "pixel". Did you mean "pixels"?`,
    ],
    ["pixels+k-means", 'must be one of kmeans, gmm; got "k-means". Did you mean "kmeans"?'],
    ["pixels+watercolour", 'must be one of kmeans, gmm; got "watercolour".'],
    [
      "pixels+umpa+kmeans",
      'the manifold of "pixels+umpa+kmeans" must be one of umap; got "umpa". Did you mean "umap"?',
    ],
    ["pixels+umap+kmeans", 'the manifold "umap" comes with a later version; this version runs pixels+kmeans'],
    ["hog+kmeans", 'the features "hog" come with a later version'],
    ["con-ae+kmeans", 'got "con-ae". Did you mean "conv-ae"?'],
    ["pixels+graph", 'the clusterer "graph" comes with a later version'],
    ["pixels:pca+kmeans", 'the features "pca" come with a later version'],
    ["pixels:pixels+kmeans", 'several views ("pixels:pixels") come with a later version'],
    ["pixels:pixles+kmeans", 'got "pixles". Did you mean "pixels"?'],
    ["auto", 'the method "auto" comes with a later version'],
    ["idec", 'the method "idec" comes with a later version'],
    ["kmeans", 'must be spelled features+clusterer, e.g. "pixels+kmeans"; got "kmeans"'],
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
          for (const method of parseMethods(text)) expect(availableMethods()).toContain(method.name);
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
