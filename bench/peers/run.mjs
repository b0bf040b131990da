// npm run bench:peers [-- kmeans ...]: the same work done by us and by the field's usual program, in turn, on this machine.
import { readdirSync } from "node:fs";

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".peer.mjs"))
  .map((file) => file.replace(".peer.mjs", ""));
for (const name of wanted) {
  if (!names.includes(name)) throw new Error(`No comparison "${name}". There are: ${names.join(", ")}.`);
}
for (const name of wanted.length > 0 ? wanted : names) {
  const { run } = await import(`./${name}.peer.mjs`);
  await run();
}
