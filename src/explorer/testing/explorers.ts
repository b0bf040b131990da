import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { runMethod, settingsOf } from "../../experiment/index.ts";
import { type ImageSource, resizeImages, strokes } from "../../images/index.ts";
import { type Compute, createCompute } from "../../kernels/index.ts";
import { openRuntime, type Runtime } from "../../neural/index.ts";
import { anyRuntime, sharedRuntime } from "../../neural/testing/runtimes.ts";
import { createOutputFolder, writeRun } from "../../node/index.ts";
import { parseMethod, usesNetwork } from "../../pipeline/index.ts";
import { type Explorer, type ExplorerOptions, type RunMaker, startExplorer } from "../index.ts";
import type { ExplorerWorld } from "../world.ts";

/** 60 drawn digits of 14 x 14. */
export const tinyDigits: ImageSource = {
  name: "tiny",
  location: "tiny",
  split: "all",
  images: resizeImages(strokes({ count: 60 }), 14),
  sha256: "tiny-60",
};

/** Makes a run and writes its folder. */
export async function writeTinyRun(
  folder: string,
  method: string,
  change: { readonly source?: ImageSource; readonly score?: ImageSource; readonly clusters?: number } = {},
): Promise<void> {
  const { source = tinyDigits, score, clusters = 4 } = change;
  const compute = createCompute({ threads: 1 });
  const parsed = parseMethod(method);
  const runtime = usesNetwork(parsed) ? await sharedRuntime() : undefined;
  try {
    const environment = {
      ...{ unlabeled: "0.0.1", random: "test", runtime: "test", threads: 1 },
      createdAt: "2026-01-02T03:04:05.000Z",
    };
    const network = usesNetwork(parsed) ? { epochs: 1 } : undefined;
    const settings = settingsOf(parsed, { restarts: 1, network });
    const context = { compute, runtime, now: () => 0, environment };
    const steps = runMethod(source, { method, seed: 0, clusters, settings, score }, context);
    let next = await steps.next();
    while (!next.done) next = await steps.next();
    const output = await createOutputFolder(folder, { force: true });
    await writeRun(output, "", next.value, { html: "<p>report</p>", figures: [] });
    await output.commit();
  } finally {
    compute.close();
  }
}

/** A page of two files, and a secret beside it. */
export async function writeTinyPage(
  folder: string,
  html = "<!doctype html><title>page</title>",
): Promise<string> {
  const page = join(folder, "page");
  await mkdir(join(page, "assets"), { recursive: true });
  await writeFile(join(page, "index.html"), html);
  await writeFile(join(page, "assets", "page.js"), "export {};");
  await writeFile(join(folder, "secret.js"), "secret");
  return page;
}

/** A server for a test, and what it warned of. */
export interface TestExplorer extends Explorer {
  readonly warnings: readonly string[];
  /** Asks with the token. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON of an answer that must be 200. */
  json<T>(path: string): Promise<T>;
}

/** Starts a server whose sources are given. */
export async function startTestExplorer(
  options: Omit<ExplorerOptions, "ports">,
  source: (location: string) => ImageSource = () => tinyDigits,
  maker?: RunMaker,
): Promise<TestExplorer> {
  const warnings: string[] = [];
  const compute: Compute = createCompute({ threads: 1 });
  let runtime: Promise<Runtime> | undefined;
  const world: ExplorerWorld = {
    compute,
    ...(maker && { maker }),
    reopen: async ({ location }) => source(location),
    runtime: () => {
      runtime ??= openRuntime({ only: anyRuntime, threads: 1 });
      return runtime;
    },
    now: () => performance.now(),
    date: () => "2026-01-02T03:04:05.000Z",
    warn: (text) => warnings.push(text),
  };
  const explorer = await startExplorer({ ...options, ports: [0] }, world);
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${explorer.port}${path}`, {
      ...init,
      headers: { "X-Unlabeled-Token": explorer.token, ...init.headers },
    });
  return {
    ...explorer,
    warnings,
    ask,
    json: async <T>(path: string) => {
      const response = await ask(path);
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    close: async () => {
      await explorer.close();
      compute.close();
      (await runtime)?.close();
    },
  };
}

/** Sends bytes as they are, and gives the first line of the answer, or "" where the connection is closed without one. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? ""));
  });
}
