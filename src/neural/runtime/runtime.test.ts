import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, FormatError, InputError } from "../../errors.ts";
import { apply, type ElementType, input, type Tensor, type TensorData } from "../graph/tensor.ts";
import { encodeModel } from "../onnx/index.ts";
import { nativeExpected, runtimeNames } from "../testing/runtimes.ts";
import { openRuntime, type Runtime, type TensorValue } from "./index.ts";

/** Those that are to be had here. */
const names = runtimeNames.filter((name) => name !== "onnxruntime-node" || nativeExpected);

const vector = (...numbers: number[]): TensorValue => ({
  ...{ type: "float32", shape: [numbers.length], data: Float32Array.from(numbers) },
});

/** sum = a + b, difference = a - b, for vectors of any length. */
function addingModel(): Uint8Array {
  const [a, b] = [input("a", "float32", ["n"]), input("b", "float32", ["n"])] as const;
  const result = { type: "float32", shape: ["n"] } as const;
  const outputs = { sum: apply("Add", [a, b], result), difference: apply("Sub", [a, b], result) };
  return encodeModel({ name: "adding", inputs: [a, b], outputs });
}

/** A model of one operator with one input, `x`, and one output, `y`. */
function oneOperator(operator: string, from: ElementType, to: ElementType, attributes = {}): Uint8Array {
  const x = input("x", from, ["rows", 3]);
  const y = apply(operator, [x], { type: to, shape: ["rows", 3] }, attributes);
  return encodeModel({ name: operator, inputs: [x], outputs: { y } });
}

/** y = the sum of x to the 4096th power: some tenths of a second. */
function longModel(size: number): Uint8Array {
  const x = input("x", "float32", [size, size]);
  const shape = { type: "float32", shape: [size, size] } as const;
  let power: Tensor = x;
  for (let i = 0; i < 12; i++) power = apply("MatMul", [power, power], shape);
  const y = apply("ReduceSum", [power], { type: "float32", shape: [] }, { keepdims: 0 });
  return encodeModel({ name: "long", inputs: [x], outputs: { y } });
}

describe.each(names)("%s", (only) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ only, threads: 2 });
  });
  afterAll(() => runtime.close());

  test("is the one that runs, with its version, its threads, and nothing to excuse", () => {
    expect(runtime).toMatchObject({
      name: only,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      threads: 2,
    });
    expect(runtime.notice).toBeUndefined();
  });

  test("a session tells what its model declares", async () => {
    const session = await runtime.load(addingModel());
    const of = (name: string) => ({ name, type: "float32", shape: ["n"] });
    expect(session.inputs).toEqual([of("a"), of("b")]);
    expect(session.outputs).toEqual([of("sum"), of("difference")]);
    await session.release();
  });

  test("a run takes given and kept inputs, gives back what is asked for, and prefers what is given", async () => {
    const session = await runtime.load(addingModel());
    await session.set({ b: vector(1, 2) });
    expect(await session.run({ a: vector(3, 4) }, { fetch: ["sum"] })).toEqual({ sum: vector(4, 6) });
    expect(
      await session.run({ a: vector(3, 4), b: vector(0, 0) }, { fetch: ["sum", "difference", "sum"] }),
    ).toEqual({
      sum: vector(3, 4),
      difference: vector(3, 4),
    });
    expect(await session.get(["b"])).toEqual({ b: vector(1, 2) });
    await session.release();
  });

  test("outputs carried to inputs are there in the next run, whether fetched or not", async () => {
    const session = await runtime.load(addingModel());
    await session.set({ a: vector(1, 1), b: vector(1, 0) });
    const carry = { sum: "a", difference: "b" };
    expect(await session.run({}, { fetch: [], carry })).toEqual({}); // a = 2 1, b = 0 1
    expect(await session.run({}, { fetch: ["sum"], carry })).toEqual({ sum: vector(2, 2) }); // b = 2 0
    expect(await session.run({}, { fetch: ["sum"] })).toEqual({ sum: vector(4, 2) });
    const kept = await session.get(["a", "b"]);
    expect(kept).toEqual({ a: vector(2, 2), b: vector(2, 0) });
    (kept.a as TensorValue).data.fill(9 as never);
    expect(await session.get(["a"])).toEqual({ a: vector(2, 2) });
    await session.release();
  });

  test("one output can be carried to an input and its old value is gone", async () => {
    const session = await runtime.load(addingModel());
    await session.set({ a: vector(1), b: vector(1) });
    for (let i = 0; i < 10; i++) await session.run({}, { fetch: [], carry: { sum: "a" } });
    expect(await session.get(["a"])).toEqual({ a: vector(11) });
    await session.release();
  });

  test("the caller's arrays stay usable, unless it hands them over", async () => {
    const session = await runtime.load(addingModel());
    const [a, b] = [vector(1, 2), vector(3, 4)];
    await session.set({ a });
    await session.run({ b }, { fetch: ["sum"] });
    expect([a, b]).toEqual([vector(1, 2), vector(3, 4)]);
    expect(await session.run({ b }, { fetch: ["sum"], transfer: true })).toEqual({ sum: vector(4, 6) });
    expect(b.data.length).toBe(0);
    await session.release();
  });

  test("parts of larger arrays, Node's buffers and shared memory are taken as what they show", async () => {
    const session = await runtime.load(addingModel());
    const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([5, 6]);
    const inputs = { a: { ...vector(0, 0), data: part }, b: { ...vector(0, 0), data: shared } };
    for (const transfer of [false, true]) {
      expect(await session.run(inputs, { fetch: ["sum"], transfer })).toEqual({ sum: vector(6, 8) });
      expect(shared).toEqual(Float32Array.of(5, 6));
    }
    const bytes = await runtime.load(oneOperator("Identity", "uint8", "uint8"));
    const x = { type: "uint8", shape: [1, 3], data: Buffer.from([7, 8, 9]) } as const;
    expect(await bytes.run({ x }, { fetch: ["y"] })).toEqual({ y: { ...x, data: Uint8Array.of(7, 8, 9) } });
    await Promise.all([session.release(), bytes.release()]);
  });

  test.each<[ElementType, TensorData]>([
    ["float32", Float32Array.of(-1.5, 0, 3e38)],
    ["float64", Float64Array.of(-1.5, 0, 1e300)],
    ["uint8", Uint8Array.of(0, 1, 255)],
    ["uint16", Uint16Array.of(0, 1, 65535)],
    ["int32", Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1)],
    ["int64", BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n)],
    ["bool", Uint8Array.of(1, 0, 1)],
  ])("%s passes both ways, given, kept, or carried", async (type, data) => {
    const session = await runtime.load(oneOperator("Identity", type, type));
    const x: TensorValue = { type, shape: [1, 3], data };
    expect(await session.run({ x }, { fetch: ["y"], carry: { y: "x" } })).toEqual({ y: x });
    expect(await session.run({}, { fetch: ["y"] })).toEqual({ y: x });
    expect(await session.get(["x"])).toEqual({ x });
    await session.set({ x });
    expect(await session.get(["x"])).toEqual({ x });
    await session.release();
  });

  test.each<[to: ElementType, code: number, data: TensorData]>([
    ["float32", 1, Float32Array.of(0, 1, 65535)],
    ["int32", 6, Int32Array.of(0, 1, 65535)],
  ])("16-bit integers can be cast to %s", async (to, code, data) => {
    const session = await runtime.load(oneOperator("Cast", "uint16", to, { to: code }));
    const x: TensorValue = { type: "uint16", shape: [1, 3], data: Uint16Array.of(0, 1, 65535) };
    expect(await session.run({ x }, { fetch: ["y"] })).toEqual({ y: { type: to, shape: [1, 3], data } });
    await session.release();
  });

  test("no rows at all pass too", async () => {
    const session = await runtime.load(oneOperator("Neg", "float32", "float32"));
    const none: TensorValue = { type: "float32", shape: [0, 3], data: new Float32Array() };
    expect(await session.run({ x: none }, { fetch: ["y"] })).toEqual({ y: none });
    await session.release();
  });

  test("calls are served in their order, of several sessions too, and each keeps its own", async () => {
    const sessions = await Promise.all([0, 1, 2].map(() => runtime.load(addingModel())));
    const results = await Promise.all(
      sessions.flatMap((session, i) => {
        const kept = session.set({ b: vector(i) });
        const run = session.run({ a: vector(10), b: vector(20) }, { fetch: ["sum"] });
        return [kept, run, session.set({ b: vector(i + 100) })];
      }),
    );
    expect(results.filter(Boolean)).toEqual(Array(3).fill({ sum: vector(30) }));
    const kept = await Promise.all(sessions.map((session) => session.get(["b"])));
    expect(kept).toEqual([0, 1, 2].map((i) => ({ b: vector(i + 100) })));
    await Promise.all(sessions.map((session) => session.release()));
  });

  describe("refuses", () => {
    test("bytes that are no model, in a FormatError with its own words", async () => {
      const failure: unknown = await runtime.load(Uint8Array.of(1, 2, 3)).catch((error) => error);
      expect(failure).toBeInstanceOf(FormatError);
      expect(failure).toMatchObject({
        message: `load: the bytes must be an ONNX model that ${only} can load; got 3 bytes. It says: Failed to load model because protobuf parsing failed.`,
        cause: { message: expect.stringContaining("protobuf parsing failed") },
      });
    });

    test("a model cut short, and one of an operator that does not exist", async () => {
      const model = addingModel();
      await expect(runtime.load(model.subarray(0, model.length - 20))).rejects.toThrow(FormatError);
      await expect(runtime.load(oneOperator("Unheard", "float32", "float32"))).rejects.toThrow(
        /^load: the bytes must be an ONNX model .*Unheard/,
      );
    });

    test("inputs of a wrong name, type, size, or none at all", async () => {
      const session = await runtime.load(addingModel());
      const a = vector(1, 2);
      const run = (inputs: Record<string, TensorValue>) => session.run(inputs, { fetch: ["sum"] });
      const wrong: readonly [Record<string, TensorValue>, string | RegExp][] = [
        [{ a }, "run: every input must be given or kept; got none for b."],
        [{ a, c: a }, 'run: an input must be one of a, b; got "c".'],
        [{ a, b: { ...a, shape: [3] } }, 'run: data of "b" must have 3 elements (shape 3); got 2.'],
        [
          { a, b: { ...a, type: "int32" } },
          'run: data of "b" must be Int32Array (its type is int32); got Float32Array.',
        ],
        [
          { a, b: { ...a, type: "float16" as ElementType } },
          /^run: type of "b" must be one of float32, .*; got float16\.$/,
        ],
        [
          { a, b: { type: "float64", shape: [2], data: new Float64Array(2) } },
          /^run: .* got a refusal of .*double/,
        ],
        [{ a, b: vector(1, 2, 3) }, /^run: .* got a refusal of .*2 by 3/],
      ];
      for (const [inputs, message] of wrong) {
        const failure: unknown = await run(inputs).catch((error) => error);
        expect(failure).toBeInstanceOf(InputError);
        expect((failure as Error).message).toMatch(message);
      }
      expect(await run({ a, b: a })).toEqual({ sum: vector(2, 4) });
      await session.release();
    });

    test("names that the model or the session does not have", async () => {
      const session = await runtime.load(addingModel());
      const inputs = { a: vector(1), b: vector(2) };
      await expect(session.set({ c: vector(1) })).rejects.toThrow(
        'set: an input must be one of a, b; got "c".',
      );
      await expect(session.get(["a"])).rejects.toThrow('get: a name must be one of none; got "a".');
      await expect(session.run(inputs, { fetch: ["total"] })).rejects.toThrow(
        'run: an output must be one of sum, difference; got "total".',
      );
      await expect(session.run(inputs, { fetch: [], carry: { sum: "c" } })).rejects.toThrow(
        'run: an input to carry to must be one of a, b; got "c".',
      );
      await session.release();
    });

    test("more than memory holds, and goes on after that", async () => {
      const shape = input("shape", "int64", [1]);
      const y = apply("Expand", [shape, shape], { type: "int64", shape: ["n"] });
      const session = await runtime.load(encodeModel({ name: "grow", inputs: [shape], outputs: { y } }));
      const run = (n: bigint) =>
        session.run({ shape: { type: "int64", shape: [1], data: BigInt64Array.of(n) } }, { fetch: ["y"] });
      await expect(run(2n ** 45n)).rejects.toThrow(
        /^run: the model and its values must fit into memory; got: /,
      );
      expect((await run(2n)).y?.data).toEqual(BigInt64Array.of(2n, 2n));
      await session.release();
    });

    test("a session that was released; releasing it again does no harm", async () => {
      const session = await runtime.load(addingModel());
      await Promise.all([session.release(), session.release()]);
      await session.release();
      for (const call of [
        () => session.run({}, { fetch: [] }),
        () => session.get([]),
        () => session.set({}),
      ]) {
        await expect(call()).rejects.toThrow(InputError);
      }
      await expect(session.get([])).rejects.toThrow(
        "get: the session must be open; got one that was released.",
      );
    });
  });
});

describe.each(names)("closing %s", (only) => {
  test("in the middle of a run rejects it and all that wait, and the program lives on", async () => {
    const runtime = await openRuntime({ only, threads: 1 });
    // Long beside the wait below, however busy the machine is. The native thread computes to the end; WebAssembly's is ended.
    const size = only === "onnxruntime-node" ? 800 : 1200;
    const session = await runtime.load(longModel(size));
    await session.set({ x: { type: "float32", shape: [size, size], data: new Float32Array(size * size) } });
    const running = [session.run({}, { fetch: ["y"] }), session.get(["x"]), runtime.load(addingModel())];
    const settled = Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve, 10));
    runtime.close();
    runtime.close();
    for (const result of await settled) {
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(CancelledError) });
    }
    await expect(session.run({}, { fetch: ["y"] })).rejects.toThrow(`${only}: the runtime was closed.`);
    await expect(runtime.load(addingModel())).rejects.toThrow(CancelledError);
    await session.release();
    // Whatever the thread does when its run is done, it has done it before this ends.
    const next = await openRuntime({ only, threads: 1 });
    const least = only === "onnxruntime-node" ? size : 50;
    const again = await next.load(longModel(least));
    const x = { type: "float32", shape: [least, least], data: new Float32Array(least * least) } as const;
    expect((await again.run({ x }, { fetch: ["y"] })).y?.data).toEqual(Float32Array.of(0));
    next.close();
  });
});
