/** The built program as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { withoutRuntimeNotice } from "../src/neural/testing/runtimes.ts";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

/** Starts it in a folder, with a data folder that is empty, so that nothing depends on what the machine has. */
export function startProgram(
  words: readonly string[],
  folder: string,
  {
    flags = [],
    stdout = "pipe",
  }: { readonly flags?: readonly string[]; readonly stdout?: number | "pipe" } = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...flags, main, ...words], {
    cwd: folder,
    env: { ...process.env, UNLABELED_DATA: folder, UNLABELED_CACHE: folder },
    stdio: ["pipe", stdout, "pipe"],
  });
  const said = { out: "", error: "" };
  child.stdout?.on("data", (text) => {
    said.out += text;
  });
  child.stderr?.on("data", (text) => {
    said.error += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) =>
      resolve({ exitCode, signal, out: said.out, error: withoutRuntimeNotice(said.error) }),
    );
  });
  return { child, ended };
}
