/**
 * The package in a page, as a user would have it there: installed beside the page and bundled, or served as it is, with
 * an import map; with memory shared between threads, and without. Needs `npm run build` and a Chromium.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { serve } from "./serve.ts";

interface Fitted {
  readonly labels: readonly number[];
  readonly inertia: number;
  readonly iterations: number;
  readonly threads: number;
  readonly shared: boolean;
  readonly ticks: number;
  readonly longestGapMs: number;
}

/** What networks.js found. */
interface Counted {
  readonly name: string;
  readonly threads: number;
  readonly notice?: string;
  readonly counted: readonly number[];
  readonly refused: string;
  readonly ticks: number;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const pageFolder = join(root, "test/browser/page");
let folder: string;
let browser: Browser;
let inNode: Fitted;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-browser-"));
  await Promise.all([installPage(), fitInNode(), launchChromium()]).then(([, fitted, launched]) => {
    inNode = fitted;
    browser = launched;
  });
  await Promise.all([bundle(), writeImportMap()]);
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the package needs in a page. */
const dependencies = ["onnxruntime-web", "protobufjs"];

/** The page with the package in its node_modules, as `npm install` would put it. */
async function installPage(): Promise<void> {
  const installed = join(folder, "page/node_modules/unlabeled");
  await cp(pageFolder, join(folder, "page"), { recursive: true });
  await writeFile(join(folder, "page/package.json"), JSON.stringify({ name: "page", type: "module" }));
  await cp(join(root, "dist"), join(installed, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(installed, "package.json"));
  const modules = join(folder, "page/node_modules");
  for (const name of dependencies) await symlink(join(root, "node_modules", name), join(modules, name));
}

async function bundle(): Promise<void> {
  await build({
    root: join(folder, "page"),
    base: "./",
    configFile: false,
    mode: "production",
    logLevel: "warn",
    build: { outDir: join(folder, "bundled"), emptyOutDir: true },
  });
}

async function writeImportMap(): Promise<void> {
  const html = await readFile(join(folder, "page/index.html"), "utf8");
  const modules = "./node_modules";
  const imports = {
    unlabeled: `${modules}/unlabeled/dist/index.js`,
    "#platform": `${modules}/unlabeled/dist/platform/browser.js`,
    "onnxruntime-web/wasm": `${modules}/onnxruntime-web/dist/ort.wasm.bundle.min.mjs`,
    "protobufjs/minimal.js": "./protobuf.js",
  };
  const map = { imports };
  // protobufjs is no module yet: a page without a bundler must make one of it.
  const script = `${modules}/protobufjs/dist/minimal/protobuf.min.js`;
  const wrapped = `import "${script}";\nexport default globalThis.protobuf;\n`;
  await writeFile(join(folder, "page/protobuf.js"), wrapped);
  await writeFile(
    join(folder, "page/raw.html"),
    html.replace("<script", `<script type="importmap">${JSON.stringify(map)}</script>\n    <script`),
  );
}

/** The same file in Node, in a program of its own, where `unlabeled` is the built package too. */
async function fitInNode(): Promise<Fitted> {
  const program = `
    import { fitStrokes } from "./test/browser/page/fit.js";
    process.stdout.write(JSON.stringify(await fitStrokes()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
  });
  return JSON.parse(stdout);
}

async function fitInPage(
  path: string,
  isolated: boolean,
): Promise<{ fitted: Fitted; counted: Counted; workers: number; complaints: string[] }> {
  const site = await serve(folder, { isolated });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`request failed: ${request.url()}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  try {
    await page.goto(`${site.address}/${path}`);
    const fitted: Fitted = await page.evaluate("globalThis.fitted");
    const counted: Counted = await page.evaluate("globalThis.counted");
    return { fitted, counted, workers: page.workers().length, complaints };
  } finally {
    await page.close();
    await site.close();
  }
}

describe.each([
  ["bundled by Vite", "bundled/index.html"],
  ["as plain modules with an import map", "page/raw.html"],
])("the package %s groups images as in Node, and runs networks, without holding up", (_, path) => {
  test.for([
    ["a cross-origin isolated page, on two threads", { isolated: true, threads: 2 }],
    ["any other page, on one thread in slices", { isolated: false, threads: 1 }],
  ] as const)("%s", async ([, { isolated, threads }], { annotate }) => {
    const { fitted, counted, workers, complaints } = await fitInPage(path, isolated);
    const { labels, inertia, iterations } = inNode;
    await annotate(`longest gap between two ticks: ${fitted.longestGapMs.toFixed(1)} ms`);
    expect(complaints).toEqual([]);
    expect(fitted).toMatchObject({ labels, inertia, iterations, threads, shared: isolated });
    expect(new Set(labels).size).toBe(10);
    expect(fitted.ticks).toBeGreaterThan(0);
    expect(counted).toMatchObject({
      name: "onnxruntime-web",
      threads,
      counted: [3, 6],
      refused: "FormatError",
    });
    expect(counted.notice ?? null).toBeNull();
    expect(counted.ticks).toBeGreaterThan(0);
    expect(workers).toBeGreaterThan(0); // networks run beside the page, shared memory or not
  });
});
