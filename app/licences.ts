import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Built into the kernels: its standard library (`Math`, memory) becomes part of their WebAssembly. */
const inKernels = ["assemblyscript"];

/** Writes assets/licences.txt, so that it goes wherever the page goes: the licences of all packages whose code is built into the page or the kernels, whole. */
export function licences(root: string): Plugin {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      const names = new Set(inKernels);
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
          if (name !== undefined && renderedLength > 0) names.add(name);
        }
      }
      const parts = [...names].sort().map((name) => licenceOf(join(root, "node_modules", name)));
      this.emitFile({
        type: "asset",
        fileName: "assets/licences.txt",
        source: parts.join(`\n${"-".repeat(80)}\n\n`),
      });
    },
  };
}

function licenceOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const papers = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const by = typeof author === "string" ? author : author?.name;
  const title = `${name} ${version} (${license}${by === undefined ? "" : `, ${by}`})`;
  const texts = papers.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${[title, ...texts].join("\n\n")}\n`;
}
