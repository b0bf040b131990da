import { expect, test } from "vitest";
import { record } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

test("compare runs every method of the plan where no methods are named", async () => {
  const words = ["compare", "tiny", "--clusters", "3", "--epochs", "1", "--json"];
  const plan = JSON.parse((await record([...words, "--dry-run"])).out);
  const { out, exitCode } = await record(words);
  expect(exitCode).toBe(0);
  const methodsOf = (rows: readonly { readonly method: string }[]) => rows.map(({ method }) => method);
  expect(plan.methods).toHaveLength(8);
  expect(methodsOf(JSON.parse(out).results)).toEqual(methodsOf(plan.methods));
});
