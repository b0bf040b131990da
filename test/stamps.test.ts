import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";

type Digest = string | undefined;
interface Stamps {
  digestOf(root: string, paths: readonly string[], isPart?: (path: string) => boolean): Digest;
  stampHolds(file: string, inputs: Digest, outputs: Digest): boolean;
  writeStamp(file: string, inputs: Digest, outputs: Digest): void;
}
const { digestOf, stampHolds, writeStamp }: Stamps = await import(
  new URL("../scripts/stamps.mjs", import.meta.url).href
);

const folder = mkdtempSync(join(tmpdir(), "unlabeled-stamps-"));
const root = `${folder}/whole/`;
const stamp = `${root}cache/stamp.json`;
const inputs = (at = root): Digest =>
  digestOf(at, ["src", "settings.json"], (path) => !path.endsWith(".test.ts"));
const outputs = (at = root): Digest => digestOf(at, ["dist"]);
const holds = (): boolean => stampHolds(stamp, inputs(), outputs());

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  for (const name of ["src/deep", "dist"]) mkdirSync(root + name, { recursive: true });
  for (const name of ["settings.json", "src/deep/a.ts", "src/a.test.ts", "dist/a.js", "dist/b.js"])
    writeFileSync(root + name, name);
  writeStamp(stamp, inputs(), outputs());
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a stamp holds while what was read and written is the same, also in a copy", () => {
  expect(holds()).toBe(true);
  writeFileSync(`${root}src/a.test.ts`, "no build reads it");
  expect(holds()).toBe(true);
  cpSync(root, `${folder}/copy/`, { recursive: true });
  const copy = `${folder}/copy/`;
  expect(stampHolds(`${copy}cache/stamp.json`, inputs(copy), outputs(copy))).toBe(true);
});

test.each<[string, () => void]>([
  ["an input has changed", () => writeFileSync(`${root}src/deep/a.ts`, "src/deep/b.ts")],
  ["an input is new", () => writeFileSync(`${root}src/deep/b.ts`, "")],
  [
    "an input has another name",
    () => {
      writeFileSync(`${root}src/deep/b.ts`, "src/deep/a.ts");
      rmSync(`${root}src/deep/a.ts`);
    },
  ],
  ["an input is gone", () => rmSync(`${root}src/deep/a.ts`)],
  ["a named input is not there", () => rmSync(`${root}settings.json`)],
  ["an output is half written", () => writeFileSync(`${root}dist/a.js`, "dist")],
  ["an output is gone", () => rmSync(`${root}dist/b.js`)],
  ["all outputs are gone", () => rmSync(`${root}dist`, { recursive: true })],
  ["there is no stamp", () => rmSync(stamp)],
  ["the stamp is half written", () => writeFileSync(stamp, '{"inputs":"')],
])("it does not hold where %s", (_, change) => {
  change();
  expect(holds()).toBe(false);
});
