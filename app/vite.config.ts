import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";
import { licences } from "./licences.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The explorer's page: plain files that a server with a strict Content-Security-Policy may send. */
const config: UserConfig = defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  plugins: [licences(fileURLToPath(new URL("..", import.meta.url)))],
  // deck.gl and luma.gl without their WebGPU shaders, which this page never uses.
  resolve: { conditions: ["visgl:webgl-only", "browser", "module", "import", "default"] },
  build: {
    outDir: "../dist/app",
    emptyOutDir: true,
    target: "es2022",
    // Nothing inline: neither scripts nor pictures as data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A style sheet of its own: the policy of the page forbids styles that scripts put in.
    cssCodeSplit: false,
    // One plain script, which a page from disk may load as well: modules it may not.
    rollupOptions: { output: { format: "iife", inlineDynamicImports: true } },
    chunkSizeWarningLimit: 1500,
  },
});

export default config;
