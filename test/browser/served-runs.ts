/** Runs made and served by the program itself, and pages on them; for tests of the explorer. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";

const program = join(fileURLToPath(new URL("../../", import.meta.url)), "dist/cli/main.js");

/** How long a page may take, also on a machine at work. */
export const waiting = { timeout: 20_000 };

export interface Opening {
  /** What stands behind `#`. */
  readonly hash?: string;
  readonly theme?: "light" | "dark";
  readonly width?: number;
}

export interface ServedRuns {
  readonly address: URL;
  /** A page of its own; it is closed, and checked for complaints of the browser, by {@link ServedRuns.closePages}. */
  open(opening?: Opening): Promise<Page>;
  /** Asks the server with its token. */
  api<T>(path: string, body?: unknown): Promise<T>;
  /** Closes the pages, and tells what the browser complained of. */
  closePages(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param runs arguments of `unlabeled cluster` for each run that is made first */
export async function serveRuns(runs: readonly (readonly string[])[]): Promise<ServedRuns> {
  const folder = await mkdtemp(join(tmpdir(), "unlabeled-served-"));
  const make = async (): Promise<void> => {
    for (const args of runs) {
      await promisify(execFile)(process.execPath, [program, "cluster", ...args, "--quiet"], { cwd: folder });
    }
  };
  const [browser] = await Promise.all([launchChromium({ webgl: true }), make()]);
  const [server, address] = await serve(folder);
  return servedRuns(folder, browser, server, address);
}

async function serve(folder: string): Promise<[ChildProcess, URL]> {
  const child = spawn(process.execPath, [program, "explore", "--no-open", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.includes("}")) break;
  }
  return [child, new URL((JSON.parse(said) as { url: string }).url)];
}

function servedRuns(folder: string, browser: Browser, server: ChildProcess, address: URL): ServedRuns {
  const contexts = new Map<string, Promise<BrowserContext>>();
  const pages: Page[] = [];
  let complaints: string[] = [];
  return {
    address,
    async open({ hash = "", theme = "light", width = 1280 } = {}) {
      const key = `${theme} ${width}`;
      const context =
        contexts.get(key) ??
        browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme, acceptDownloads: true });
      contexts.set(key, context);
      const page = await (await context).newPage();
      pages.push(page);
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) complaints.push(message.text());
      });
      await page.goto(`${address.origin}/${address.search}#${hash}`);
      return page;
    },
    async api<T>(path: string, body?: unknown): Promise<T> {
      const response = await fetch(address.origin + path, {
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        headers: {
          "X-Unlabeled-Token": address.searchParams.get("token") ?? "",
          "Content-Type": "application/json",
        },
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    async closePages() {
      for (const page of pages.splice(0)) await page.close();
      const said = complaints;
      complaints = [];
      return said;
    },
    async close() {
      await browser.close();
      server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One parameter of a page's address. */
export function parameter(page: Page, name: string): string | null {
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);
}

/** Serious faults that axe finds in a page. */
export async function seriousFaults(page: Page, axe: string): Promise<readonly string[]> {
  await page.evaluate(axe); // the policy forbids it as a script of the page
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    const { violations } = await (
      globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    ).axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("; ")}`);
  });
}
