import { expect, test } from "vitest";
import { integers, type Tensor } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import { concatenate, gather, pad, reshape, slice, transpose } from "./layout.ts";

const sizes = { batch: 2, rows: 3, six: 6, twelve: 12 };

describeNative("layout", (runtime) => {
  const x = given("x", ["batch", 3], [1, 2, 3, 4, 5, 6], { sizes });
  const values = async (...tensors: Tensor[]) => {
    const made = await evaluate(runtime(), tensors, [x]);
    return made.map((value) => ({ shape: value.shape, numbers: numbersOf(value) }));
  };

  test("a reshaped tensor has the same elements in the same order", async () => {
    expect(await values(reshape(x.tensor, [3, "rest"]), reshape(x.tensor, [6]))).toEqual([
      { shape: [3, 2], numbers: [1, 2, 3, 4, 5, 6] },
      { shape: [6], numbers: [1, 2, 3, 4, 5, 6] },
    ]);
  });

  test("a transposed tensor has its axes in the given order", async () => {
    const cube = reshape(x.tensor, [1, 2, 3]);
    expect(await values(transpose(x.tensor, [1, 0]), transpose(cube, [2, 0, 1]))).toEqual([
      { shape: [3, 2], numbers: [1, 4, 2, 5, 3, 6] },
      { shape: [3, 1, 2], numbers: [1, 4, 2, 5, 3, 6] },
    ]);
  });

  test("slices are what padding and concatenation put around them", async () => {
    const padded = pad(x.tensor, 1, 1, 2);
    const [first, last] = [slice(x.tensor, 1, 0, 2), slice(x.tensor, 1, 2, 3)];
    expect(await values(padded, slice(padded, 1, 1, 4), last, concatenate([last, first], 1))).toEqual([
      { shape: [2, 6], numbers: [0, 1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0] },
      { shape: [2, 3], numbers: [1, 2, 3, 4, 5, 6] },
      { shape: [2, 1], numbers: [3, 6] },
      { shape: [2, 3], numbers: [3, 1, 2, 6, 4, 5] },
    ]);
  });

  test("a gather takes entries of an axis, as often as they are named", async () => {
    expect(
      await values(gather(x.tensor, integers([2, 2, 0]), 1), gather(x.tensor, integers([1]), 0)),
    ).toEqual([
      { shape: [2, 3], numbers: [3, 3, 1, 6, 6, 4] },
      { shape: [1, 3], numbers: [4, 5, 6] },
    ]);
  });
});

describeNative("gradients through layout", (runtime) => {
  const cases: [name: string, build: (...tensors: Tensor[]) => Tensor, shapes: (number | string)[][]][] = [
    ["reshape of a batch", (a) => reshape(a, ["batch", 6]), [["batch", 2, 3]]],
    ["reshape to one row each", (a) => reshape(a, ["twelve"]), [["batch", 2, 3]]],
    ["reshape of two named axes", (a) => reshape(a, ["six", 2]), [["batch", "rows", 2]]],
    ["reshape of known sizes", (a) => reshape(a, [3, 2]), [[6]]],
    ["transpose of a matrix", (a) => transpose(a, [1, 0]), [["batch", 3]]],
    ["transpose of a cube", (a) => transpose(a, [2, 0, 1]), [["batch", 3, 4]]],
    ["transpose of four axes", (a) => transpose(a, [3, 1, 0, 2]), [[2, 1, 3, 2]]],
    [
      "concatenate along the last axis",
      (a, b) => concatenate([a, b], 1),
      [
        ["batch", 2],
        ["batch", 3],
      ],
    ],
    [
      "concatenate along the first axis",
      (a, b) => concatenate([a, b, a], 0),
      [
        [2, 3],
        [1, 3],
      ],
    ],
    ["slice from the start", (a) => slice(a, 1, 0, 2), [["batch", 4]]],
    ["slice from the middle", (a) => slice(a, 0, 1, 3), [[4, 2]]],
    ["pad before and after", (a) => pad(a, 1, 2, 1), [["batch", 2, 2]]],
    ["pad after alone", (a) => pad(a, 0, 0, 1), [[3]]],
    ["pad by nothing", (a) => pad(a, 0, 0, 0), [[3]]],
  ];

  test.each(cases)("%s: the gradients are differences", async (_, build, shapes) => {
    await checkGradients(runtime(), build, shapes, { sizes });
  });
});
