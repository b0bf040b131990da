/** A server of the explorer and pages on it, for tests in a browser. Needs `npm run build`. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** The built program. */
export const program: string = join(root, "dist/cli/main.js");
const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** A server in a folder. */
export interface ServedExplorer {
  /** With the token. */
  readonly address: URL;
  /** What it wrote to standard error so far. */
  readonly said: () => string;
  /** Presses Ctrl-C, and waits until it has ended. */
  end(): Promise<void>;
  json<T>(path: string, body?: unknown): Promise<T>;
}

export async function serveExplorer(folder: string): Promise<ServedExplorer> {
  const child: ChildProcess = spawn(process.execPath, [program, "explore", "--no-open", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let error = "";
  child.stderr?.on("data", (data) => {
    error += String(data);
  });
  const gone = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let line = "";
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    line += String(chunk);
    if (line.includes("}")) break;
  }
  const address = new URL((JSON.parse(line) as { url: string }).url);
  return {
    address,
    said: () => error,
    end: async () => {
      child.kill("SIGINT");
      await gone;
    },
    json: async <T>(path: string, body?: unknown) => {
      const response = await fetch(address.origin + path, {
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        headers: { "X-Unlabeled-Token": address.searchParams.get("token") ?? "" },
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}

/** What axe finds on a page that is serious or critical. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(axeFile, "utf8")); // the policy forbids it as a script of the page
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("; ")}`);
  });
}
