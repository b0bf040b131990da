// Compiles src/kernels/assembly to WebAssembly, once for shared memory and threads, once for a page without either,
// and writes both as base64 into src/kernels/generated/, together with the names of the kernels and the byte offsets of
// the structures that they share with their callers: every exported class whose name ends in Task.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import asc from "assemblyscript/asc";

const root = new URL("../", import.meta.url);
const assembly = new URL("src/kernels/assembly/", root);
const generated = new URL("src/kernels/generated/", root);

async function compile(extra) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      ...["--outFile", "kernels.wasm", "--runtime", "stub", "--noAssert"],
      ...["-O3", "--converge", "--enable", "simd", "--importMemory", "--disableWarning", "201"],
      ...extra,
    ],
    {
      readFile: (name) => readFile(new URL(name, assembly), "utf8").catch(() => null),
      writeFile: (name, content) => {
        if (name.endsWith(".wasm")) binary = Buffer.from(content);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary.toString("base64");
}

/** Offsets of the fields of a task class, by the rules of WebAssembly: each field aligned to its size. */
function layoutOf(name, body) {
  const sizes = { u32: 4, i32: 4, f32: 4, usize: 4, f64: 8 };
  let offset = 0;
  const fields = [];
  for (const [, field, type] of body.matchAll(/^\s*(\w+): (\w+);/gm)) {
    const size = sizes[type];
    if (!size) throw new Error(`${name}.${field} must be u32, i32, f32, usize or f64; got ${type}.`);
    offset = Math.ceil(offset / size) * size;
    fields.push(`${field}: { offset: ${offset}, type: "${type === "usize" ? "u32" : type}" }`);
    offset += size;
  }
  return `${name}: { size: ${Math.ceil(offset / 8) * 8}, fields: { ${fields.join(", ")} } }`;
}

/** Layouts of all task classes in src/kernels/assembly. */
async function taskLayouts() {
  const layouts = [];
  for (const file of (await readdir(assembly)).filter((name) => name.endsWith(".ts")).sort()) {
    const source = await readFile(new URL(file, assembly), "utf8");
    for (const [, name, body] of source.matchAll(/export class (\w*Task) \{([\s\S]*?)\n\}/g)) {
      layouts.push(layoutOf(name, body));
    }
  }
  return layouts;
}

const shared = await compile(["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"]);
const single = await compile([]);
const names = WebAssembly.Module.exports(new WebAssembly.Module(Buffer.from(single, "base64")))
  .filter((entry) => entry.kind === "function")
  .map((entry) => entry.name)
  .sort();

const lines = [
  "// Made by scripts/build-kernels.mjs; do not edit.",
  `export const sharedModule: string = "${shared}";`,
  `export const singleModule: string = "${single}";`,
  `export const kernelNames = ${JSON.stringify(names)} as const;`,
  `export const taskLayouts = { ${(await taskLayouts()).join(", ")} } as const;`,
  "",
];
await mkdir(generated, { recursive: true });
await writeFile(new URL("kernels.ts", generated), lines.join("\n"));
