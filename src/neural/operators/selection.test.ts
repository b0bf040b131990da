import { expect, test } from "vitest";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import { arcTangent, floor, greater, select, smaller } from "./index.ts";

describeNative("operators without gradients", (runtime) => {
  test("choose by a condition, take the smaller, round down, and turn quotients into angles", async () => {
    const a = given("a", [2, 2], [1, -2.5, 3, 1e30], { type: "float32" });
    const b = given("b", [2], [2, -3], { type: "float32" });
    const outputs = [
      select(greater(a.tensor, b.tensor), a.tensor, b.tensor),
      smaller(a.tensor, b.tensor),
      floor(a.tensor),
      arcTangent(a.tensor),
    ];
    const [larger, least, whole, angle] = (await evaluate(runtime(), outputs, [a, b])).map(numbersOf);
    expect(larger).toEqual([2, -2.5, 3, Math.fround(1e30)]);
    expect(least).toEqual([1, -3, 2, -3]);
    expect(whole?.slice(0, 3)).toEqual([1, -3, 3]);
    expect(angle).toEqual([1, -2.5, 3, 1e30].map((x) => expect.closeTo(Math.atan(x), 6)));
  });
});
