/**
 * The thread in which ONNX Runtime lives. The build turns this file into a text, which every platform can start as a
 * worker without a file of its own; so it imports nothing but types. In a page it runs beside the program itself, and
 * ONNX Runtime in a worker that its package starts.
 */
import type { Answer, DeclaredValue, Loaded, Opened, Request, Start } from "./messages.ts";
import type { TensorValue, TensorValues } from "./runtime.ts";

/** What is used of `onnxruntime-common`, which both packages are built on. */
interface Ort {
  readonly env: {
    logLevel?: string;
    readonly versions: Readonly<Record<string, string | undefined>>;
    readonly wasm: { numThreads?: number; proxy?: boolean };
  };
  readonly Tensor: new (type: string, data: TensorValue["data"], shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface OrtSession {
  readonly inputMetadata: readonly DeclaredValue[];
  readonly outputMetadata: readonly DeclaredValue[];
  run(feeds: Record<string, OrtTensor>, fetches: readonly string[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

interface LoadedSession {
  readonly session: OrtSession;
  /** Inputs of all later runs. */
  readonly kept: Map<string, OrtTensor>;
}

/** Sends an answer; the buffers in `transfer` go with it. */
type Tell = (answer: Answer, transfer: ArrayBufferLike[]) => void;

/** Does work that must not be cut off. */
type Finish = (work: () => Promise<void>) => Promise<void>;

/** What is open in this thread. */
interface Open {
  readonly start: Start;
  readonly ort: Ort;
  readonly sessions: Map<number, LoadedSession>;
}

/** Answers requests one after another, in their order. The first one is `open`. */
export function serve(start: Start, tell: Tell, finish: Finish): (request: Request) => void {
  let open: Open | undefined;
  let queue = Promise.resolve();

  const answer = async (request: Request): Promise<void> => {
    const transfer: ArrayBufferLike[] = [];
    try {
      open ??= { start, ort: await loadPackage(start), sessions: new Map() };
      tell({ id: request.id, result: await handle(request, open, transfer) }, transfer);
    } catch (failure) {
      // WebAssembly throws C++ exceptions as bare numbers.
      tell({ id: request.id, error: failure instanceof Error ? failure.message : String(failure) }, []);
    }
  };
  // WebAssembly can be cut off at any point; native code that comes back to an ended thread aborts the whole program.
  const native = start.name === "onnxruntime-node";
  return (request) => {
    queue = queue.then(() => (native ? finish(() => answer(request)) : answer(request)));
  };
}

async function loadPackage({ name, threads, url, module }: Start): Promise<Ort> {
  const loaded = (module ?? (await import(/* @vite-ignore */ url as string))) as { default?: Ort } & Ort;
  const ort = loaded.InferenceSession ? loaded : (loaded.default as Ort);
  ort.env.logLevel = "fatal";
  // A page has one such package: a second runtime shares the worker, and the threads, of the first.
  if (name === "onnxruntime-web" && !ort.env.wasm.proxy) {
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.proxy = module !== undefined;
  }
  return ort;
}

async function handle(request: Request, open: Open, transfer: ArrayBufferLike[]): Promise<unknown> {
  const { start, ort, sessions } = open;
  if (request.ask === "open") return describe(start, ort, request.probe);
  if (request.ask === "load") {
    const session = await ort.InferenceSession.create(request.model, sessionOptions(start));
    sessions.set(request.session, { session, kept: new Map() });
    return { inputs: session.inputMetadata, outputs: session.outputMetadata } satisfies Loaded;
  }
  const { session, kept } = sessions.get(request.session) as LoadedSession;
  switch (request.ask) {
    case "set":
      for (const [name, value] of Object.entries(request.values)) kept.set(name, tensor(ort, value));
      return undefined;
    case "get":
      return valuesOf(request.names.map((name) => [name, kept.get(name)] as const));
    case "run": {
      const { inputs, fetch, carry } = request;
      const feeds: Record<string, OrtTensor> = {};
      // A page's package hands the buffers of all inputs over to its own worker: of what stays it gets a copy.
      const lend = (value: OrtTensor) => (start.module === undefined ? value : copyOf(ort, value));
      for (const [name, value] of kept) if (!(name in inputs)) feeds[name] = lend(value);
      for (const [name, value] of Object.entries(inputs)) feeds[name] = tensor(ort, value);
      const carried = Object.keys(carry);
      const made = await session.run(feeds, [...new Set([...fetch, ...carried])]);
      const values = valuesOf(fetch.map((name) => [name, made[name]] as const));
      for (const name of new Set(fetch)) {
        if (!carried.includes(name)) transfer.push((values[name] as TensorValue).data.buffer);
      }
      for (const name of carried) kept.set(carry[name] as string, made[name] as OrtTensor);
      return values;
    }
    case "release":
      sessions.delete(request.session);
      return session.release();
  }
}

/** Version and threads, after a small model was loaded: some of a package's files are missed only then. */
async function describe(start: Start, { env, InferenceSession }: Ort, probe: Uint8Array): Promise<Opened> {
  const session = await InferenceSession.create(probe, sessionOptions(start));
  await session.release();
  return start.name === "onnxruntime-web"
    ? { version: env.versions.web ?? "", threads: env.wasm.numThreads ?? 1 }
    : { version: env.versions.node ?? "", threads: start.threads };
}

function sessionOptions({ threads }: Start): object {
  return {
    executionMode: "sequential",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // Threads that wait for work by spinning took 1.7 times the processor time for the same training, and on a machine
    // with other work up to twice as long; and they go on for some 20 ms after a run, when our own kernels want the cores.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    // Fatal alone: whatever fails is thrown too, and a library prints nothing.
    logSeverityLevel: 4,
  };
}

function tensor(ort: Ort, { type, data, shape }: TensorValue): OrtTensor {
  return new ort.Tensor(type, data, shape);
}

function copyOf(ort: Ort, { type, data, dims }: OrtTensor): OrtTensor {
  return new ort.Tensor(type, (data as TensorValue["data"]).slice(), dims);
}

function valuesOf(tensors: readonly (readonly [string, OrtTensor | undefined])[]): TensorValues {
  const values: Record<string, TensorValue> = {};
  for (const [name, value] of tensors) {
    if (value === undefined) throw new Error(`nothing is kept for the input "${name}"`);
    if (!ArrayBuffer.isView(value.data)) throw new Error(`"${name}" is no tensor of numbers`);
    values[name] = { type: value.type, shape: value.dims, data: value.data } as TensorValue;
  }
  return values;
}
