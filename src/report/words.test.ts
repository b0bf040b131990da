import { expect, test } from "vitest";
import { availableMethods } from "../pipeline/index.ts";
import { methodWords } from "./words.ts";

test("the report has words for every method", () => {
  const methods = availableMethods().filter((name) => name !== "auto");
  expect(methods.filter((name) => methodWords(name) === `the method ${name}`)).toEqual([]);
});
