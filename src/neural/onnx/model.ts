/**
 * ONNX models as bytes: the parts of `onnx.proto` (IR version 8) that a network needs, written and read through the
 * wire format of protobufjs. Field numbers are those of https://github.com/onnx/onnx/blob/v1.14.0/onnx/onnx.proto.
 */
import type { Attribute, Dimension, ElementType, TensorData } from "../graph/tensor.ts";

/** Version of the file format, and of the operators, that are written: old enough for every runtime of the last years. */
export const irVersion = 8;
export const opsetVersion = 17;

/** `onnx.TensorProto.DataType` of the types that we use. */
export const dataTypes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  uint16: 4,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

/** `onnx.ModelProto`, as far as we use it. */
export interface ModelProto {
  readonly producer: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: GraphProto;
}

/** `onnx.GraphProto`. */
export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueProto[];
  readonly outputs: readonly ValueProto[];
}

/** `onnx.NodeProto`. */
export interface NodeProto {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Attribute `body` of a `Loop`. */
  readonly body?: GraphProto;
}

/** `onnx.TensorProto`. */
export interface TensorProto {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** `onnx.ValueInfoProto` of a tensor. */
export interface ValueProto {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}
