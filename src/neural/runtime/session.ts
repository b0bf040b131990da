import { CancelledError, FormatError, InputError, type UnlabeledError } from "../../errors.ts";
import { type Connection, RefusedError } from "./connection.ts";
import type { DeclaredValue, Loaded } from "./messages.ts";
import type { RunOptions, Session, TensorValues, ValueInfo } from "./runtime.ts";
import { pack } from "./values.ts";

/** Loads a model under a number that no other session of the connection has. */
export async function loadSession(
  connection: Connection,
  session: number,
  model: Uint8Array,
): Promise<Session> {
  const copy = new Uint8Array(model);
  let loaded: Loaded;
  try {
    loaded = await connection.ask<Loaded>({ ask: "load", session, model: copy }, [copy.buffer]);
  } catch (error) {
    throw explained("load", error, (said) => {
      const rule = `an ONNX model that ${connection.runtime} can load`;
      return new FormatError(`load: the bytes must be ${rule}; got ${model.length} bytes. It says: ${said}`, {
        cause: error,
      });
    });
  }
  return new RemoteSession(connection, session, loaded);
}

/** A session in the worker. */
class RemoteSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  private readonly connection: Connection;
  private readonly session: number;
  /** Inputs that stay in the worker. */
  private readonly kept = new Set<string>();
  private released: Promise<void> | undefined;

  constructor(connection: Connection, session: number, { inputs, outputs }: Loaded) {
    this.connection = connection;
    this.session = session;
    this.inputs = inputs.map(valueInfo);
    this.outputs = outputs.map(valueInfo);
  }

  async set(values: TensorValues): Promise<void> {
    this.checkOpen("set");
    checkNames("set: an input", Object.keys(values), this.inputs);
    const { values: packed, buffers } = pack("set", values, false);
    await this.ask("set", { ask: "set", session: this.session, values: packed }, buffers);
    for (const name of Object.keys(values)) this.kept.add(name);
  }

  async get(names: readonly string[]): Promise<TensorValues> {
    this.checkOpen("get");
    checkNames(
      "get: a name",
      names,
      [...this.kept].map((name) => ({ name })),
    );
    return this.ask("get", { ask: "get", session: this.session, names });
  }

  async run(inputs: TensorValues, options: RunOptions): Promise<TensorValues> {
    const { fetch, carry = {}, transfer = false } = options;
    this.checkOpen("run");
    checkNames("run: an input", Object.keys(inputs), this.inputs);
    checkNames("run: an output", [...fetch, ...Object.keys(carry)], this.outputs);
    checkNames("run: an input to carry to", Object.values(carry), this.inputs);
    const missing = this.inputs.filter(({ name }) => !(name in inputs) && !this.kept.has(name));
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join(", ");
      throw new InputError(`run: every input must be given or kept; got none for ${names}.`);
    }
    const { values, buffers } = pack("run", inputs, transfer);
    const question = { ask: "run", session: this.session, inputs: values, fetch, carry } as const;
    const made = await this.ask<TensorValues>("run", question, buffers);
    for (const name of Object.values(carry)) this.kept.add(name);
    return made;
  }

  release(): Promise<void> {
    this.released ??= this.connection
      .ask<void>({ ask: "release", session: this.session })
      .catch((error: unknown) => {
        if (!(error instanceof CancelledError)) throw error; // closed, so released already
      });
    return this.released;
  }

  private async ask<T>(where: string, ...question: Parameters<Connection["ask"]>): Promise<T> {
    try {
      return await this.connection.ask<T>(...question);
    } catch (error) {
      throw explained(where, error, (said) => {
        return new InputError(
          `${where}: the inputs must be what the model takes; got a refusal of ${this.connection.runtime}: ${said}`,
          { cause: error },
        );
      });
    }
  }

  private checkOpen(where: string): void {
    if (this.released) throw new InputError(`${where}: the session must be open; got one that was released.`);
  }
}

function valueInfo({ name, isTensor, type, shape }: DeclaredValue): ValueInfo {
  // An open size without a name is -1, which WebAssembly's package reads as a number without sign.
  const sizes = (shape ?? []).map((each) => (typeof each === "number" && (each | 0) < 0 ? "" : each));
  return { name, type: isTensor ? (type ?? "") : "no tensor", shape: sizes };
}

function checkNames(
  what: string,
  names: readonly string[],
  known: readonly { readonly name: string }[],
): void {
  const allowed = known.map(({ name }) => name);
  const strange = names.find((name) => !allowed.includes(name));
  if (strange === undefined) return;
  throw new InputError(`${what} must be one of ${allowed.join(", ") || "none"}; got "${strange}".`);
}

/** The error of a refusal; any other error as it is. */
function explained(where: string, error: unknown, refusal: (said: string) => UnlabeledError): unknown {
  if (!(error instanceof RefusedError)) return error;
  const said = shortened(error.message);
  if (!noMemory.test(error.message)) return refusal(said);
  const rule = "the model and its values must fit into memory";
  const remedy = "Use smaller batches or fewer images.";
  return new InputError(`${where}: ${rule}; got: ${said} ${remedy}`, { cause: error });
}

/** How ONNX Runtime and WebAssembly say it. A bare number is a C++ exception that could not even be described. */
const noMemory =
  /bad_alloc|out of memory|\bOOM\b|allocation failed|failed to allocate|cannot enlarge|shape is too large|integer overflow|^\d+$/i;

/** Longest message of ONNX Runtime that is passed on. */
const longestMessage = 300;

/** The message of ONNX Runtime in one line, without what helps only its developers: source files and functions. */
function shortened(message: string): string {
  const line = message
    .replace(/^.*ERROR_MESSAGE: /s, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/\S*\/onnxruntime\/\S+:\d+ (?:[^()]+\([^()]*\)(?: const)? )?/g, "")
    .trim();
  const short = line.length > longestMessage ? `${line.slice(0, longestMessage)} ...` : line;
  return /[.!]$/.test(short) ? short : `${short}.`;
}
