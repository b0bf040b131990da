import fc from "fast-check";
import protobuf from "protobufjs/minimal.js";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../errors.ts";
import { constant, type ElementType, input, type Tensor, type TensorData } from "../graph/tensor.ts";
import { negate } from "../operators/index.ts";
import { encodeModel, readModel } from "./index.ts";

const values: Record<ElementType, TensorData> = {
  float32: Float32Array.of(1.5, Number.NaN, -0, 3e38),
  float64: Float64Array.of(Math.PI, -1e300, Number.POSITIVE_INFINITY, 0),
  uint8: Uint8Array.of(0, 1, 128, 255),
  uint16: Uint16Array.of(0, 256, 40000, 65535),
  int32: Int32Array.of(0, -1, 2 ** 31 - 1, -(2 ** 31)),
  int64: BigInt64Array.of(0n, -1n, 2n ** 62n, -(2n ** 63n)),
  bool: Uint8Array.of(0, 1, 1, 0),
};
const types = Object.keys(values) as ElementType[];
const metadata = { "unlabeled.version": "1.2.3", empty: "", text: "größer 数 🙂" };

/** A model with a constant of each type. */
function wholeModel(): Uint8Array {
  const x = input("x", "float32", [2]);
  const constants = types.map((type) => constant(type, [2, 2], values[type]));
  const empty = constant("float32", [0, 3], new Float32Array(0));
  const outputs: Record<string, Tensor> = { y: negate(x), empty };
  for (const tensor of constants) outputs[tensor.type] = tensor;
  const names = new Map([
    ...constants.map((tensor) => [tensor, `a ${tensor.type}`] as const),
    [empty, "nothing"],
  ]);
  return encodeModel({
    name: "test",
    description: "a test",
    metadata,
    inputs: [x],
    outputs,
    constantNames: names,
  });
}

const refusal = (size: number): FormatError =>
  new FormatError(
    `readModel: "some.onnx" must be an ONNX model; got ${size} bytes that are none, or not all of one. Write or copy it again.`,
  );

describe("a model that was written", () => {
  test("is read with its metadata and every constant, of every type", () => {
    const summary = readModel(wholeModel(), "some.onnx");
    expect(summary.producer).toBe("unlabeled");
    expect(summary.metadata).toEqual(metadata);
    expect(summary.initializers.get("nothing")).toEqual({
      name: "nothing",
      type: "float32",
      shape: [0, 3],
      data: new Float32Array(0),
    });
    for (const type of types) {
      const name = `a ${type}`;
      expect(summary.initializers.get(name)).toEqual({ name, type, shape: [2, 2], data: values[type] });
    }
    expect(summary.initializers.size).toBe(types.length + 1);
  });

  test("is read alike from a Node buffer, wherever in its memory the file lies", () => {
    const bytes = wholeModel();
    for (const offset of [0, 1, 2, 3]) {
      const memory = Buffer.alloc(bytes.length + offset + 5, 0xff);
      memory.set(bytes, offset);
      const summary = readModel(memory.subarray(offset, offset + bytes.length), "some.onnx");
      expect(summary).toEqual(readModel(bytes, "some.onnx"));
    }
  });

  test("gives constants of their own memory", () => {
    const bytes = wholeModel();
    const summary = readModel(bytes, "some.onnx");
    bytes.fill(0);
    expect(summary.initializers.get("a float64")?.data).toEqual(values.float64);
  });

  test("is refused wherever it is cut off", () => {
    const bytes = wholeModel();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readModel(bytes.subarray(0, length), "some.onnx")).toThrow(refusal(length));
    }
  });

  test("with any byte changed is read, or refused with the same error", () => {
    const bytes = wholeModel();
    let refused = 0;
    for (let place = 0; place < bytes.length; place++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[place] ^= change;
        refused += isRefused(changed);
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 4);
  });
});

describe("bytes that are no model", () => {
  test.each([
    ["nothing", Uint8Array.of()],
    ["zeros", new Uint8Array(100)],
    ["a text", new TextEncoder().encode("<!doctype html><title>404</title>")],
    ["a length of 4 GiB", Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ["a number without end", new Uint8Array(40).fill(0xff)],
    ["groups within groups", new Uint8Array(100_000).fill(0x0b)],
  ])("are refused: %s", (_, bytes) => {
    expect(() => readModel(bytes, "some.onnx")).toThrow(refusal(bytes.length));
  });

  test("are refused, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(isRefused(bytes)).toBe(1);
        isRefused(Uint8Array.of(...message(7, bytes)));
        isRefused(Uint8Array.of(...message(8, []), ...message(7, message(5, bytes))));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a model of another writer", () => {
  const raw = message(9, new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer));
  const name = message(8, new TextEncoder().encode("weights"));
  const type = [0x10, 1];
  const model = (tensor: readonly number[], more: readonly number[] = []): Uint8Array =>
    Uint8Array.of(0x08, 7, ...message(7, [...message(5, tensor), ...more]), ...message(8, [0x10, 13]));
  const weights = {
    name: "weights",
    type: "float32",
    shape: [2, 3],
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  };

  test.each([
    ["one by one", [0x08, 2, 0x08, 3]],
    ["packed", message(1, [2, 3])],
  ])("may have sizes %s", (_, sizes) => {
    const { initializers } = readModel(model([...sizes, ...type, ...name, ...raw]), "some.onnx");
    expect(initializers.get("weights")).toEqual(weights);
  });

  test("may have its fields in any order, and fields that we do not know", () => {
    const strange = [0xfd, 0x7f, 1, 2, 3, 4, ...message(30, [1, 2]), 0x49, 1, 2, 3, 4, 5, 6, 7, 8];
    const tensor = [...raw, ...strange, ...name, ...type, ...message(1, [2, 3])];
    expect(readModel(model(tensor, strange), "some.onnx").initializers.get("weights")).toEqual(weights);
  });

  test("may store constants of types or in ways that we do not use: they are left out", () => {
    const half = [...message(1, [2, 3]), 0x10, 10, ...name, ...message(9, new Uint8Array(12))];
    const unpacked = [...message(1, [2, 3]), ...type, ...name, ...message(4, new Uint8Array(24))];
    for (const tensor of [half, unpacked]) {
      expect(readModel(model(tensor), "some.onnx").initializers.size).toBe(0);
    }
  });

  test.each([
    ["sizes that are not those of the content", [...message(1, [2, 4]), ...type, ...name, ...raw]],
    ["a size below 0", [...sizesBelowZero(), ...type, ...name, ...raw]],
    ["packed sizes longer than the tensor", [...type, ...name, ...raw, 0x0a, 100, 1]],
    ["content that ends within an element", [0x08, 1, ...type, ...name, ...message(9, [1, 2, 3])]],
  ])("is refused for %s", (_, tensor) => {
    const bytes = model(tensor);
    expect(() => readModel(bytes, "some.onnx")).toThrow(refusal(bytes.length));
  });

  test("is refused without a graph, with two, or without a set of operators", () => {
    const [graph, operators] = [message(7, []), message(8, [])];
    expect(readModel(Uint8Array.of(...graph, ...operators), "some.onnx").initializers.size).toBe(0);
    for (const bytes of [operators, graph, [...graph, ...graph, ...operators]]) {
      expect(() => readModel(Uint8Array.from(bytes), "some.onnx")).toThrow(refusal(bytes.length));
    }
  });
});

/** 1 if the bytes are refused, 0 if they are read; any other error fails. */
function isRefused(bytes: Uint8Array): number {
  try {
    readModel(bytes, "some.onnx");
    return 0;
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toBe(refusal(bytes.length).message);
    return 1;
  }
}

/** A field that holds bytes: a text, a message, packed numbers. */
function message(field: number, content: ArrayLike<number>): number[] {
  const bytes = Uint8Array.from(content);
  return Array.from(
    protobuf.Writer.create()
      .uint32((field << 3) | 2)
      .bytes(bytes)
      .finish(),
  );
}

function sizesBelowZero(): number[] {
  const sizes = protobuf.Writer.create();
  for (const size of [-2, -3]) sizes.uint32(8).int64(size);
  return Array.from(sizes.finish());
}
