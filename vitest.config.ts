import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const alias = {
  "#platform": here("./src/platform/node.ts"),
  "unlabeled/node": here("./src/node/index.ts"),
  unlabeled: here("./src/index.ts"),
};

// The limits of time are for tests that hang; a machine at work may be many times slower than one at rest.
// Three projects: "unit" runs on every change and needs nothing; "real" needs UNLABELED_DATA;
// "browser" needs a Chromium (CHROMIUM, else /usr/bin/chromium).
const project = (name: string, include: string[], testTimeout: number) => ({
  resolve: { alias },
  test: {
    name,
    include,
    setupFiles: [here("./test/setup.ts")],
    pool: "forks" as const,
    testTimeout,
    hookTimeout: testTimeout,
  },
});

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      project("unit", ["src/**/*.test.ts", "app/**/*.test.ts", "test/*.test.ts"], 300_000),
      project("real", ["test/real/*.test.ts"], 600_000),
      project("browser", ["test/browser/*.test.ts"], 180_000),
    ],
  },
});

export default config;
