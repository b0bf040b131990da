import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const alias = {
  "#platform": here("./src/platform/node.ts"),
  "unlabeled/node": here("./src/node/index.ts"),
  unlabeled: here("./src/index.ts"),
};

// The limits of time are for tests that hang; a machine at work may be many times slower than one at rest.
// "unit" and "unit-mocked" run on every change and need nothing; "long" is more of the same that takes its time; "real"
// needs UNLABELED_DATA; "browser" needs a Chromium (CHROMIUM, else /usr/bin/chromium).
// Run together, one kind comes after the other.
const project = (groupOrder: number, name: string, include: string[], testTimeout: number, more = {}) => ({
  resolve: { alias },
  test: {
    name,
    include,
    setupFiles: [here("./test/setup.ts")],
    pool: "forks" as const,
    testTimeout,
    hookTimeout: testTimeout,
    sequence: { groupOrder },
    ...more,
  },
});

/** Test files of one kind, beside the code and of the whole. */
const beside = (ending: string): string[] =>
  ["src/**/*", "app/**/*", "test/*"].map((path) => `${path}${ending}.test.ts`);

const mocked = beside(".mocked");
const long = beside(".long");
const onAllCores = { maxWorkers: "100%" };
// Files share processes, and so the modules that they import: to load these anew for each took a quarter of the time.
// A file that puts something else in the place of a module is called *.mocked.test.ts, and has a process to itself.
const shared = { ...onAllCores, isolate: false, exclude: [...mocked, ...long] };

/** What `npm run coverage` leaves out: tests and what only they use, what is generated, and what becomes WebAssembly. */
const notCovered = ["**/*.test.ts", "**/testing/**", "**/generated/**", "src/kernels/assembly/**"];

const config: ViteUserConfig = defineConfig({
  test: {
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts", "app/compare/flow.ts"], // of the page, what tests run in Node
      exclude: notCovered,
      reporter: ["text-summary", "json", "json-summary", "html"],
      reportOnFailure: true,
    },
    projects: [
      project(0, "unit", beside(""), 300_000, shared),
      project(0, "unit-mocked", mocked, 300_000, onAllCores),
      project(1, "long", long, 600_000, onAllCores),
      project(2, "real", ["test/real/*.test.ts"], 600_000),
      project(3, "browser", ["test/browser/*.test.ts"], 180_000),
    ],
  },
});

export default config;
