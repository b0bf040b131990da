// npm run bench [-- name ...] [-- --quick]: runs our own benchmarks. --quick only shows that they run.
import { readdirSync } from "node:fs";

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.mjs"))
  .map((file) => file.replace(".bench.mjs", ""));
for (const name of wanted) {
  if (!names.includes(name)) throw new Error(`No benchmark "${name}". There are: ${names.join(", ")}.`);
}
for (const name of wanted.length > 0 ? wanted : names) {
  const { run } = await import(`./${name}.bench.mjs`);
  await run();
}
