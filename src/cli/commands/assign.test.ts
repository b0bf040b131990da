import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, test } from "vitest";
import { openTiny, record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

/** Files of one small run, made once. */
const files = new Map<string, Buffer>();

beforeAll(async () => {
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
  process.chdir(folder);
  await record(["cluster", "tiny", "--split", "train", "--clusters", "4", "--out", "run"]);
  for (const name of [
    "run.json",
    "assignments.csv",
    "model/model.json",
    "model/centers.npy",
    "model/familiarity.json",
  ])
    files.set(name, await readFile(`run/${name}`));
  process.chdir(before);
  await rm(folder, { recursive: true });
});

async function putRun(): Promise<void> {
  await mkdir("run/model", { recursive: true });
  for (const [name, content] of files) await writeFile(`run/${name}`, content);
}

const outside = async (): Promise<string[]> => (await filesBelow()).filter((name) => !name.startsWith("run"));

describe("assign in a stream", () => {
  test("writes the same whatever the pieces, and says how fast it goes", async () => {
    await putRun();
    const texts: string[] = [];
    for (const pieces of [60, 7]) {
      const { out, progress, opened } = await record(["assign", "run", "tiny", "--out", `${pieces}.csv`], {
        pieces,
      });
      expect(out).toMatch(/^tiny: 60 images of 14 x 14, 10 classes\n/);
      expect(out).toMatch(
        /Unlike the images of the run: \d+ of 60 images \(\d+\.\d\d %; of images like those it would be about 1 %\)\.\n/,
      );
      expect(progress.at(-1)).toMatch(/^Assigning: 60 images, [\d,]+ images\/s$/);
      expect(opened).toEqual([
        ["tiny", expect.objectContaining({ split: "all", height: 14, width: 14, channels: 1 })],
      ]);
      texts.push(await readFile(`${pieces}.csv`, "utf8"));
    }
    expect(texts[1]).toBe(texts[0]);
    expect(await outside()).toEqual(["60.csv", "7.csv"]);
  });

  test("takes the format from the extension or the flag, and has the names of clusters", async () => {
    await putRun();
    const clusters = [{ cluster: 1, name: "+ones" }];
    await writeFile(
      "run/clusters.json",
      JSON.stringify({ format: "unlabeled-clusters", version: 1, clusters }),
    );
    for (const words of [
      ["--out", "a.parquet"],
      ["--format", "jsonl"],
      ["--out", "b.txt"],
    ]) {
      expect((await record(["assign", "run", "tiny", ...words])).exitCode).toBe(0);
    }
    expect(await outside()).toEqual(["a.parquet", "assigned-tiny-all.jsonl", "b.txt"]);
    const csv = (await readFile("b.txt", "utf8"))
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const lines = (await readFile("assigned-tiny-all.jsonl", "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const rows = await parquetReadObjects({ file: Uint8Array.from(await readFile("a.parquet")).buffer });
    expect(rows.map(({ cluster }) => cluster)).toEqual(csv.map((fields) => Number(fields[3])));
    expect(rows.map(({ familiarity }) => familiarity)).toEqual(lines.map(({ familiarity }) => familiarity));
    const names = csv.map((fields) => fields[6]);
    expect(new Set(names)).toEqual(new Set(["", "'+ones"]));
    expect(rows.map(({ name }) => (name === null ? "" : `'${name}`))).toEqual(names);
    expect((await record(["assign", "run", "tiny", "--out", "c.csv"])).out).toMatch(/\n +1 {2}\+ones +\d+\n/);
  });

  test("writes to standard output with - and nothing else; what it has to say goes beside it", async () => {
    await putRun();
    const { out, error } = await record(["assign", "run", "tiny", "--out", "-"]);
    expect(out.split("\n")).toHaveLength(62);
    expect(out).toMatch(/^index,file,/);
    expect(error).toContain("Assignments: standard output");
    expect(await outside()).toEqual([]);
    for (const [words, message] of [
      [["--format", "parquet"], "--out must be a file for --format parquet; got -"],
      [["--json"], "--out must be a file with --json"],
    ] as const) {
      const refused = await record(["assign", "run", "tiny", "--out", "-", ...words]);
      expect(refused.error).toContain(message);
      expect(refused.exitCode).toBe(2);
    }
  });

  test("cancelled in the middle leaves neither the file nor a part of it", async () => {
    await putRun();
    const cancelled = await record(["assign", "run", "tiny", "--out", "new/a.csv"], {
      pieces: 20,
      cancelAt: "Assigning: 40",
    });
    expect(cancelled.exitCode).toBe(130);
    expect(await outside()).toEqual([]);
  });

  test("lists what could not be read beside the file", async () => {
    await putRun();
    const skipped = [{ file: "=a.png", reason: 'is "broken", wholly' }];
    const open: typeof openTiny = (location, options) => ({ ...openTiny(location, options), skipped });
    const { out } = await record(["assign", "run", "tiny", "--out", "a.csv"], { open });
    expect(out).toContain("Could not be read: 1 item, listed in a.csv.skipped.csv.");
    expect(await readFile("a.csv.skipped.csv", "utf8")).toBe(
      `file,reason\n'=a.png,"is ""broken"", wholly"\n`,
    );
    const again = await record(["assign", "run", "tiny", "--out", "a.csv"], { open });
    expect(again.error).toContain("Replace it with --force");
  });

  test("says what the source decided by itself, as cluster does", async () => {
    await putRun();
    const notices = ['Column "id" is taken as the name of each row.'];
    const open: typeof openTiny = (location, options) => ({ ...openTiny(location, options), notices });
    const { error } = await record(["assign", "run", "tiny", "--out", "a.csv"], { open });
    expect(error).toBe(`unlabeled: tiny: ${notices[0]}\n`);
    const skipped = ["a.png", "b.png"].map((file) => ({ file, reason: "damaged" }));
    const lacking: typeof openTiny = (location, options) => ({ ...open(location, options), skipped });
    const clustered = await record(["cluster", "tiny", "--out", "o"], { open: lacking });
    expect(clustered.error).toContain(`unlabeled: tiny: ${notices[0]}\n`);
    expect(clustered.error).toContain(
      'unlabeled: 2 files of tiny could not be read and were left out, as "a.png" (damaged).\n',
    );
    expect(await readFile("o/skipped.csv", "utf8")).toBe("file,reason\na.png,damaged\nb.png,damaged\n");
  });

  test("with a run of an earlier version flags nothing, and says so", async () => {
    await putRun();
    const model = JSON.parse(String(files.get("model/model.json")));
    await writeFile("run/model/model.json", JSON.stringify({ ...model, familiarity: undefined }));
    const { out } = await record(["assign", "run", "tiny", "--out", "a.csv"]);
    expect(out).toContain("cannot be said");
    expect(await readFile("a.csv", "utf8")).toMatch(/\n59,[^\n]*,,,\n$/);
    const { out: json } = await record(["assign", "run", "tiny", "--out", "b.csv", "--json"]);
    expect(JSON.parse(json)).not.toHaveProperty("unfamiliar");
  });
});
