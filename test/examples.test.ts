/** Every example runs, and prints what it promises. They import the package by its name, as its users do. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keepsItsPromises, promises } from "./promises.ts";

const folder = new URL("../examples/", import.meta.url);

/** Those that take long: examples.long.test.ts. */
const long = ["runs-and-new-images.mjs", "views-graph.mjs"];

test("no example is left out", () => {
  expect(readdirSync(folder).filter((name) => name.endsWith(".mjs"))).toEqual(Object.keys(promises));
});

test("every line of code in docs/library.md is a line of the example that it stands for", () => {
  const page = readFileSync(new URL("../docs/library.md", import.meta.url), "utf8");
  const sections = page.split("\n## ").slice(1);
  const named = sections.map((section) => /\(\.\.\/examples\/([\w-]+\.mjs)\)/.exec(section)?.[1] ?? "");
  expect(named.toSorted()).toEqual(Object.keys(promises));
  for (const [i, section] of sections.entries()) {
    const example = readFileSync(new URL(named[i] as string, folder), "utf8");
    const code = /```ts\n([^`]*)```/.exec(section)?.[1] ?? "";
    expect(code).not.toBe("");
    for (const line of code.trim().split("\n")) expect(example).toContain(line.trim());
  }
});

test.each(Object.keys(promises).filter((name) => !long.includes(name)))("%s", keepsItsPromises);
