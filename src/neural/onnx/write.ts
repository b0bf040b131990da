import protobuf from "protobufjs/minimal.js";
import type { Attribute, Dimension } from "../graph/tensor.ts";
import {
  dataTypes,
  type GraphProto,
  irVersion,
  type ModelProto,
  type NodeProto,
  opsetVersion,
  type TensorProto,
  type ValueProto,
} from "./model.ts";

type Writer = protobuf.Writer;

/** Wire types of Protocol Buffers. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** `onnx.AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, graph: 5, ints: 7 } as const;

/** A model as the bytes of an `.onnx` file. The graph comes last, so that no part of the file passes for the whole. */
export function writeModel(model: ModelProto): Uint8Array {
  const writer = protobuf.Writer.create();
  int(writer, 1, irVersion);
  text(writer, 2, model.producer);
  if (model.description !== "") text(writer, 6, model.description);
  message(writer, 8, (opset) => int(text(opset, 1, ""), 2, opsetVersion));
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, (entry) => text(text(entry, 1, key), 2, value));
  }
  message(writer, 7, (graph) => writeGraph(graph, model.graph));
  return new Uint8Array(writer.finish()); // protobufjs gives a piece of a larger buffer
}

function writeGraph(writer: Writer, graph: GraphProto): void {
  for (const node of graph.nodes) message(writer, 1, (inner) => writeNode(inner, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, (inner) => writeTensor(inner, tensor));
  for (const value of graph.inputs) message(writer, 11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) message(writer, 12, (inner) => writeValue(inner, value));
}

function writeNode(writer: Writer, node: NodeProto): void {
  for (const name of node.inputs) text(writer, 1, name);
  for (const name of node.outputs) text(writer, 2, name);
  text(writer, 4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    message(writer, 5, (attribute) => writeAttribute(text(attribute, 1, name), value));
  }
  const { body } = node;
  if (body) {
    message(writer, 5, (attribute) => {
      text(attribute, 1, "body");
      message(attribute, 6, (graph) => writeGraph(graph, body));
      int(attribute, 20, attributeTypes.graph);
    });
  }
}

function writeAttribute(writer: Writer, value: Attribute): void {
  if (typeof value === "number") {
    int(writer, 3, value);
    int(writer, 20, attributeTypes.int);
  } else if ("float" in value) {
    tag(writer, 2, FIXED_32).float(value.float);
    int(writer, 20, attributeTypes.float);
  } else {
    for (const item of value) int(writer, 8, item);
    int(writer, 20, attributeTypes.ints);
  }
}

function writeTensor(writer: Writer, { name, type, shape, data }: TensorProto): void {
  for (const size of shape) int(writer, 1, size);
  int(writer, 2, dataTypes[type]);
  text(writer, 8, name);
  tag(writer, 9, LENGTH_DELIMITED).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue(writer: Writer, { name, type, shape }: ValueProto): void {
  text(writer, 1, name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensor) => {
      int(tensor, 1, dataTypes[type]);
      message(tensor, 2, (dimensions) => {
        for (const size of shape) message(dimensions, 1, (dimension) => writeDimension(dimension, size));
      });
    }),
  );
}

function writeDimension(writer: Writer, size: Dimension): void {
  if (typeof size === "number") int(writer, 1, size);
  else text(writer, 2, size);
}

function tag(writer: Writer, field: number, wireType: number): Writer {
  return writer.uint32((field << 3) | wireType);
}

function int(writer: Writer, field: number, value: number): Writer {
  return tag(writer, field, VARINT).int64(value);
}

function text(writer: Writer, field: number, value: string): Writer {
  return tag(writer, field, LENGTH_DELIMITED).string(value);
}

function message(writer: Writer, field: number, write: (inner: Writer) => unknown): Writer {
  tag(writer, field, LENGTH_DELIMITED).fork();
  write(writer);
  return writer.ldelim();
}
