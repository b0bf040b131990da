import { expect, test } from "vitest";
import { apply, constant, input, integers, type OperatorNode, scalar, type Tensor } from "../graph/tensor.ts";
import { add, exp, multiply, negate, scale, square, sum } from "../operators/index.ts";
import type { Runtime, TensorValue } from "../runtime/index.ts";
import { describeRuntimes } from "../testing/runtimes.ts";
import { encodeModel, readModel } from "./index.ts";

const x = input("x", "float32", ["batch", 2]);
const f = (shape: readonly number[], ...numbers: number[]): TensorValue => ({
  type: "float32",
  shape,
  data: Float32Array.from(numbers),
});

async function run(
  runtime: Runtime,
  outputs: Record<string, Tensor>,
  feeds: Record<string, TensorValue>,
  inputs: Tensor[] = [x],
): Promise<Record<string, TensorValue>> {
  const session = await runtime.load(encodeModel({ name: "test", inputs, outputs }));
  expect(session.outputs.map(({ name }) => name)).toEqual(Object.keys(outputs));
  return session.run(feeds, { fetch: Object.keys(outputs) });
}

const stored = (outputs: Record<string, Tensor>, constantNames?: Map<Tensor, string>) =>
  readModel(
    encodeModel({ name: "test", inputs: [x], outputs, ...(constantNames && { constantNames }) }),
    "test",
  ).initializers;

describeRuntimes("a model", (runtime) => {
  test("tells its inputs and outputs, with their types, sizes and names of sizes", async () => {
    const bytes = input("bytes", "uint8", [3, "n"]);
    const total = sum(x, [1]);
    const cast = apply("Cast", [bytes], { type: "float64", shape: bytes.shape }, { to: 11 });
    const session = await runtime().load(
      encodeModel({ name: "test", inputs: [x, bytes], outputs: { total, cast } }),
    );
    expect(session.inputs).toEqual([
      { name: "x", type: "float32", shape: ["batch", 2] },
      { name: "bytes", type: "uint8", shape: [3, "n"] },
    ]);
    expect(session.outputs).toEqual([
      { name: "total", type: "float32", shape: ["batch"] },
      { name: "cast", type: "float64", shape: [3, "n"] },
    ]);
  });

  test("takes batches of any size", async () => {
    const session = await runtime().load(
      encodeModel({ name: "test", inputs: [x], outputs: { y: scale(x, 2) } }),
    );
    for (const batch of [1, 3, 2]) {
      const numbers = Array.from({ length: 2 * batch }, (_, i) => i);
      const made = await session.run({ x: f([batch, 2], ...numbers) }, { fetch: ["y"] });
      expect(made).toEqual({ y: f([batch, 2], ...numbers.map((value) => 2 * value)) });
    }
  });

  test("gives inputs, constants and the same tensor twice as outputs of their own names", async () => {
    const square = multiply(x, x);
    const outputs = {
      first: square,
      second: square,
      third: square,
      same: x,
      number: scalar("float32", 7),
      later: negate(square),
    };
    const made = await run(runtime(), outputs, { x: f([1, 2], 2, 3) });
    expect(made).toEqual({
      first: f([1, 2], 4, 9),
      second: f([1, 2], 4, 9),
      third: f([1, 2], 4, 9),
      same: f([1, 2], 2, 3),
      number: f([], 7),
      later: f([1, 2], -4, -9),
    });
  });

  test("may have outputs that other outputs are made of, in any order", async () => {
    const middle = exp(negate(x));
    const made = await run(runtime(), { end: negate(middle), middle }, { x: f([1, 2], 0, 0) });
    expect(made).toEqual({ end: f([1, 2], -1, -1), middle: f([1, 2], 1, 1) });
  });

  test("keeps constants apart that have the same memory or content but another type or shape", async () => {
    const numbers = Float32Array.from({ length: 20 }, (_, i) => i);
    const wide = constant("float32", [1, 20], numbers);
    const tall = constant("float32", [20, 1], numbers);
    const outputs = {
      total: sum(multiply(wide, tall), [1]),
      zeros: add(scalar("float32", 0), scalar("float32", -0)),
    };
    const total = Array.from(numbers, (value) => 190 * value);
    expect(await run(runtime(), outputs, { x: f([1, 2], 0, 0) })).toEqual({
      total: f([20], ...total),
      zeros: f([], 0),
    });
  });

  test("runs a loop whose body takes inputs of the model", async () => {
    const { inputs, outputs } = powers(x);
    const made = await run(runtime(), outputs, { x: f([1, 2], 2, 3), times: int(4) }, inputs);
    expect(made).toEqual({ power: f([1, 2], 16, 81), history: f([4, 2], 2, 3, 4, 9, 8, 27, 16, 81) });
  });

  test("runs a loop within a loop", async () => {
    const count = input("outer-count", "int64", []);
    const going = input("outer-going", "bool", []);
    const total = input("total", "float32", ["batch", 2]);
    const inner = powers(x);
    const outer: OperatorNode = {
      operator: "Loop",
      inputs: [integers([3]), constant("bool", [], Uint8Array.of(1)), scale(x, 0)],
      attributes: {},
      nOutputs: 1,
      body: {
        inputs: [count, going, total],
        outputs: [going, add(total, inner.outputs.power)],
      },
    };
    const end: Tensor = {
      type: "float32",
      shape: ["batch", 2],
      source: { kind: "node", node: outer, output: 0 },
    };
    const made = await run(runtime(), { end }, { x: f([1, 2], 2, 3), times: int(2) }, inner.inputs);
    expect(made).toEqual({ end: f([1, 2], 12, 27) });
  });
});

test("constants with the same content are stored once, as are large ones over the same memory", () => {
  const large = Float32Array.from({ length: 1000 }, (_, i) => i);
  const [one, other] = [constant("float32", [1000], large), constant("float32", [1000], large)];
  const y = scale(scale(add(scale(x, 2), scalar("float32", 2)), 3), 2);
  const { size } = stored({ y, large: add(one, other) });
  expect(size).toBe(3); // 2, 3 and the large one
});

test("constants that differ in type, shape or a sign are stored apart", () => {
  const two = [scalar("float32", 2), scalar("float64", 2), constant("float32", [1], Float32Array.of(2))];
  const zeros = [scalar("float32", 0), scalar("float32", -0)];
  const outputs = Object.fromEntries([...two, ...zeros].map((tensor, i) => [`out-${i}`, negate(tensor)]));
  expect(stored(outputs).size).toBe(5);
});

test("constants with a name are found under it, whatever else has their content", () => {
  const large = Float32Array.from({ length: 1000 }, (_, i) => i);
  const [unnamed, first, second] = [0, 1, 2].map(() => constant("float32", [1000], large));
  const small = [0, 1].map(() => constant("float32", [2], Float32Array.of(5, 6)));
  const names = new Map([
    [first, "first"],
    [second, "second"],
    [small[1], "small"],
  ]);
  const outputs = { a: add(add(unnamed, first), second), b: add(small[0], small[1]) };
  const found = stored(outputs, names);
  expect(found.size).toBe(5);
  for (const name of ["first", "second"]) {
    expect(found.get(name)).toEqual({ name, type: "float32", shape: [1000], data: large });
  }
  expect(found.get("small")?.data).toEqual(Float32Array.of(5, 6));
});

test("what no output needs is left out", () => {
  const unused = add(x, constant("float32", [2], Float32Array.of(3, 4)));
  expect(unused.shape).toEqual(["batch", 2]);
  expect(stored({ y: negate(x) }).size).toBe(0);
});

test("numbered names keep clear of those that were given", () => {
  const given = constant("float32", [2], Float32Array.of(3, 4));
  const names = [0, 1, 2, 3].map((i) => `constant_${i}`);
  const outputs = Object.fromEntries(names.slice(1).map((name, i) => [name, scale(add(x, given), i + 2)]));
  const found = [...stored(outputs, new Map([[given, "constant_0"]])).keys()];
  expect(new Set(found).size).toBe(4);
  expect(found.filter((name) => names.includes(name))).toEqual(["constant_0"]);
});

test("the file is the same each time, and in memory of its own", () => {
  const encode = (): Uint8Array =>
    encodeModel({ name: "test", inputs: [x], outputs: { y: scale(exp(x), 2) } });
  const bytes = encode();
  expect(encode()).toEqual(bytes);
  expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, bytes.length]);
});

test("an input that is not listed is refused", () => {
  const stranger = input("stranger", "float32", [2]);
  expect(() => encodeModel({ name: "test", inputs: [x], outputs: { y: add(x, stranger) } })).toThrow(
    new TypeError('encodeModel: "stranger" must be among the inputs of the model.'),
  );
  expect(() => encodeModel({ name: "test", inputs: [scale(x, 2)], outputs: { y: x } })).toThrow(
    new TypeError("encodeModel: inputs must be made by input()."),
  );
});

test("two values with the same name are refused", () => {
  const other = input("x", "float32", [2]);
  const message = (name: string): TypeError =>
    new TypeError(`encodeModel: each name must occur once in a model; got "${name}" twice.`);
  expect(() => encodeModel({ name: "test", inputs: [x, other], outputs: { y: exp(x) } })).toThrow(
    message("x"),
  );
  expect(() => encodeModel({ name: "test", inputs: [x], outputs: { x: exp(x) } })).toThrow(message("x"));
});

test("a computation of a thousand steps, one after the other, is written", () => {
  let end: Tensor = x;
  for (let i = 0; i < 1000; i++) end = square(end);
  expect(encodeModel({ name: "test", inputs: [x], outputs: { end } }).length).toBeGreaterThan(1000);
});

const int = (value: number): TensorValue => ({
  type: "int64",
  shape: [1],
  data: BigInt64Array.of(BigInt(value)),
});

/** x multiplied with itself `times` times, by a loop that takes x from around it, and all powers on the way. */
function powers(x: Tensor) {
  const times = input("times", "int64", [1]);
  const count = input("count", "int64", []);
  const going = input("going", "bool", []);
  const power = input("power-so-far", "float32", ["batch", 2]);
  const next = multiply(power, x);
  const ones = scale(x, 0);
  const node: OperatorNode = {
    operator: "Loop",
    inputs: [times, constant("bool", [], Uint8Array.of(1)), add(ones, scalar("float32", 1))],
    attributes: {},
    nOutputs: 2,
    body: { inputs: [count, going, power], outputs: [going, next, sum(next, [0])] },
  };
  const output = (i: number, shape: Tensor["shape"]): Tensor => ({
    type: "float32",
    shape,
    source: { kind: "node", node, output: i },
  });
  return {
    inputs: [x, times],
    outputs: { power: output(0, ["batch", 2]), history: output(1, ["steps", 2]) },
  };
}
