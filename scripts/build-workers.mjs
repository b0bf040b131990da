// Turns the files that worker threads run into texts, which every platform can start without a file of its own: a
// bundler then has nothing to miss, and tests need no worker in JavaScript. Such a file imports nothing but types.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import ts from "typescript";

const root = new URL("../", import.meta.url);
const folders = ["src/kernels/", "src/neural/runtime/"];

for (const folder of folders) {
  const source = await readFile(new URL(`${folder}worker.ts`, root), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
  });
  const text = outputText.replace(/^export \{\};\n/gm, "").replace(/^export /gm, "");
  if (/^import /m.test(text)) throw new Error(`${folder}worker.ts must import nothing but types.`);
  const generated = new URL(`${folder}generated/`, root);
  const lines = [
    "// Made by scripts/build-workers.mjs; do not edit.",
    `export const workerSource: string = ${JSON.stringify(text)};`,
    "",
  ];
  await mkdir(generated, { recursive: true });
  await writeFile(new URL("worker.ts", generated), lines.join("\n"));
}
