import { expect, test } from "vitest";
import {
  count,
  decimal,
  duration,
  enumeration,
  percent,
  quantity,
  shorten,
  shortenInside,
  significant,
  slug,
} from "./format.ts";

test("thousands are separated in front of the point only", () => {
  expect(count(2_233_496)).toBe("2,233,496");
  expect(decimal(1234.56789, 5)).toBe("1,234.56789");
  expect(count(999)).toBe("999");
});

test("a number that rounds to zero has no minus sign", () => {
  expect(decimal(-0.00001, 4)).toBe("0.0000");
  expect(decimal(-0.5, 1)).toBe("−0.5");
});

test("numbers that are none are shown as a dash", () => {
  for (const format of [count, percent, duration, significant]) expect(format(Number.NaN)).toBe("–");
});

test("significant digits are kept for small numbers, and whole digits for large ones", () => {
  expect(significant(0.0073123)).toBe("0.007312");
  expect(significant(41.8342)).toBe("41.83");
  expect(significant(2_233_496.1)).toBe("2,233,496");
});

test("a fraction becomes percent with one decimal", () => {
  expect(percent(0.5399)).toBe("54.0%");
});

test("durations change their unit with their length", () => {
  expect([0.424, 12.34, 185].map(duration)).toEqual(["0.42 s", "12.3 s", "3 min 5 s"]);
});

test("one thing is singular, others plural", () => {
  expect([quantity(1, "image"), quantity(0, "class", "classes")]).toEqual(["1 image", "0 classes"]);
});

test("items are joined by commas and a last and", () => {
  expect(enumeration(["a", "b", "c"])).toBe("a, b and c");
  expect(enumeration(["a"])).toBe("a");
});

test("shortened text has at most the given number of characters, counted as people count them", () => {
  expect(shorten("abcdef", 4)).toBe("abc…");
  expect(shortenInside("folder/picture-17.png", 11)).toBe("fol…-17.png");
  expect(shortenInside("picture.png", 11)).toBe("picture.png");
  expect(shorten("😀😀😀", 3)).toBe("😀😀😀");
});

test("what rounding leaves of nothing is nothing", () => {
  expect([significant(-3e-17), significant(1e-11), significant(-2.5e-7)]).toEqual([
    "0",
    "0.000000000010",
    "−0.0000002500",
  ]);
});

test("a slug is a safe file name whatever the text", () => {
  expect(slug("PCA:hog+graph/../<x>")).toBe("pca-hog-graph-x");
  expect(slug("日本")).toBe("x");
});
