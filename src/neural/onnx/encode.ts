/**
 * From tensors to an ONNX model: names every value that the outputs need, orders the nodes, and leaves out the rest.
 */
import { apply, type OperatorNode, type Subgraph, type Tensor, type TensorData } from "../graph/tensor.ts";
import type { GraphProto, NodeProto, TensorProto } from "./model.ts";
import { writeModel } from "./write.ts";

/** A model, as its author describes it. */
export interface ModelDescription {
  readonly name: string;
  readonly description?: string;
  /** Key-value pairs for whoever opens the file. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Values made by `input`, in the order in which the model lists them; each name occurs once. */
  readonly inputs: readonly Tensor[];
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Names of constants worth finding again (weights); the others are numbered. */
  readonly constantNames?: ReadonlyMap<Tensor, string>;
}

/**
 * The bytes of an `.onnx` file that computes the outputs from the inputs.
 *
 * @throws {TypeError} if the outputs need an input that is not listed, or two values have the same name
 */
export function encodeModel(description: ModelDescription): Uint8Array {
  const { name, inputs, outputs, constantNames = new Map<Tensor, string>() } = description;
  const given = [...inputs.map(inputName), ...Object.keys(outputs), ...constantNames.values()];
  const twice = given.find((text, i) => given.indexOf(text) !== i);
  if (twice !== undefined) {
    throw new TypeError(`encodeModel: each name must occur once in a model; got "${twice}" twice.`);
  }
  const names: Names = { next: 0, given: new Set(given), constants: constantNames };
  return writeModel({
    producer: "unlabeled",
    description: description.description ?? "",
    metadata: description.metadata ?? {},
    graph: encodeGraph(name, { inputs, outputs: Object.values(outputs) }, Object.keys(outputs), names, []),
  });
}

/** Names given so far in a model, bodies of loops included. */
interface Names {
  next: number;
  /** Names that the author has given; the numbered ones keep clear of them. */
  readonly given: ReadonlySet<string>;
  readonly constants: ReadonlyMap<Tensor, string>;
}

/** @param outer names of inputs of the graphs around this one, which it may use */
function encodeGraph(
  name: string,
  graph: Subgraph,
  outputNames: readonly string[],
  names: Names,
  outer: readonly string[],
): GraphProto {
  const inputNames = graph.inputs.map(inputName);
  const writer = new GraphEncoder(names, [...outer, ...inputNames]);
  const outputs = graph.outputs.map((tensor, i) => writer.named(tensor, outputNames[i] as string));
  for (const tensor of outputs) writer.reference(tensor);
  const value = (tensor: Tensor, as: string) => ({ name: as, type: tensor.type, shape: tensor.shape });
  return {
    name,
    nodes: writer.nodes,
    initializers: writer.initializers,
    inputs: graph.inputs.map((tensor, i) => value(tensor, inputNames[i] as string)),
    outputs: outputs.map((tensor, i) => value(tensor, outputNames[i] as string)),
  };
}

/** Most elements of a constant that is compared with others by its content. */
const MOST_COMPARED = 16;

class GraphEncoder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** Names of a node's outputs, where they have one already. */
  private readonly outputNames = new Map<OperatorNode, (string | undefined)[]>();
  private readonly written = new Set<OperatorNode>();
  private readonly constantNames = new Map<Tensor | string, string>();
  /** Contents of large constants, numbered. */
  private readonly arrays = new Map<TensorData, number>();
  private readonly names: Names;
  private readonly known: readonly string[];

  constructor(names: Names, known: readonly string[]) {
    this.names = names;
    this.known = known;
  }

  /** The tensor, or, where it cannot bear the name itself (an input, or named before), a copy that can. */
  named(tensor: Tensor, name: string): Tensor {
    const { source } = tensor;
    if (source.kind === "node" && this.namesOf(source.node)[source.output] === undefined) {
      this.namesOf(source.node)[source.output] = name;
      return tensor;
    }
    return this.named(apply("Identity", [tensor], tensor), name);
  }

  /** Name of a value; writes what makes it. */
  reference(tensor: Tensor): string {
    const { source } = tensor;
    if (source.kind === "constant") return this.constant(tensor, source.data);
    if (source.kind === "input") {
      if (this.known.includes(source.name)) return source.name;
      throw new TypeError(`encodeModel: "${source.name}" must be among the inputs of the model.`);
    }
    this.write(source.node);
    return this.namesOf(source.node)[source.output] as string;
  }

  private write(node: OperatorNode): void {
    if (this.written.has(node)) return;
    this.written.add(node);
    const inputs = node.inputs.map((tensor) => this.reference(tensor));
    const outputs = this.namesOf(node);
    for (let i = 0; i < outputs.length; i++) outputs[i] ??= this.fresh(node.operator);
    const { operator, attributes, body } = node;
    this.nodes.push({
      operator,
      inputs,
      outputs: outputs as string[],
      attributes,
      ...(body && {
        body: encodeGraph(
          "body",
          body,
          body.outputs.map(() => this.fresh("next")),
          this.names,
          this.known,
        ),
      }),
    });
  }

  private constant(tensor: Tensor, data: TensorData): string {
    const key = this.names.constants.has(tensor) ? tensor : this.keyOf(tensor, data);
    const before = this.constantNames.get(key);
    if (before !== undefined) return before;
    const name = this.names.constants.get(tensor) ?? this.fresh("constant");
    this.constantNames.set(key, name);
    const { type, shape } = tensor;
    this.initializers.push({ name, type, shape: shape as readonly number[], data });
    return name;
  }

  /** What tells a constant without a name from others: if small, its bytes; if large, its memory. */
  private keyOf({ type, shape }: Tensor, data: TensorData): string {
    const small = data.length <= MOST_COMPARED;
    const content = small
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join()
      : this.numberOf(data);
    return `${small ? "bytes" : "memory"} ${content} as ${type} ${shape}`;
  }

  private numberOf(data: TensorData): number {
    const before = this.arrays.get(data);
    if (before !== undefined) return before;
    this.arrays.set(data, this.arrays.size);
    return this.arrays.size - 1;
  }

  private namesOf(node: OperatorNode): (string | undefined)[] {
    const before = this.outputNames.get(node);
    if (before) return before;
    const none = Array.from<undefined>({ length: node.nOutputs });
    this.outputNames.set(node, none);
    return none;
  }

  private fresh(prefix: string): string {
    const name = `${prefix}_${this.names.next++}`;
    return this.names.given.has(name) ? this.fresh(prefix) : name;
  }
}

function inputName(tensor: Tensor): string {
  if (tensor.source.kind === "input") return tensor.source.name;
  throw new TypeError("encodeModel: inputs must be made by input().");
}
