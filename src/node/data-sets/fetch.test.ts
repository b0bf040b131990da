import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CancelledError, FormatError, InputError, OptionError } from "../../errors.ts";
import { compressed, tinyDataSet, tinyFiles } from "../testing/fake-data-set.ts";
import { localServer } from "../testing/local-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { type DownloadProgress, dataSetPath, fetchDataSet, listDataSets, openDataSet } from "./index.ts";

const trainImages = "train-images-idx3-ubyte";
const tinySha256 = tinyDataSet([]).files.trainImages.sha256;
const sorted = (names: Iterable<string>): string[] => [...names].sort();
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe("fetchDataSet", () => {
  test("downloads, verifies and keeps all files, and asks for nothing the second time", async () => {
    const server = await localServer(compressed("/"));
    const folders = { cache: await temporaryFolder() };
    const catalogue = [tinyDataSet([server.address])];
    const fetched = await fetchDataSet("tiny", { folders, catalogue });
    expect(fetched).toEqual({
      name: "tiny",
      folder: join(folders.cache, "tiny"),
      downloaded: Object.keys(tinyFiles),
    });
    expect(sorted(await readdir(fetched.folder))).toEqual(sorted(Object.keys(compressed())));
    expect(server.requests.length).toBe(4);

    expect((await fetchDataSet("tiny", { folders, catalogue })).downloaded).toEqual([]);
    expect(server.requests.length).toBe(4);
  });

  test("reports bytes that never fall and end at their total", async () => {
    const server = await localServer(compressed("/"));
    const steps: DownloadProgress[] = [];
    await fetchDataSet("tiny", {
      folders: { cache: await temporaryFolder() },
      catalogue: [tinyDataSet([server.address])],
      onProgress: (step) => steps.push(step),
    });
    const done = steps.map((step) => step.bytesDone);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    const total = Object.values(compressed()).reduce((sum, bytes) => sum + bytes.length, 0);
    expect(steps.at(-1)).toEqual({
      dataSet: "tiny",
      file: "t10k-labels-idx1-ubyte",
      bytesDone: total,
      bytesTotal: total,
    });
    expect(steps.every((step) => step.bytesDone <= step.bytesTotal)).toBe(true);
  });

  test.each<[string, Uint8Array | undefined | "broken off"]>([
    ["is missing", undefined],
    ["is another file", gzipSync(tinyFiles["t10k-images-idx3-ubyte"] ?? "")],
    ["is a page of text", new TextEncoder().encode("<html>sign in first</html>")],
    ["is cut off", compressed()[`${trainImages}.gz`]?.subarray(0, 30)],
    ["is larger than it can be", new Uint8Array(100_000)],
    ["breaks off", "broken off"],
  ])("takes a file from the second address where the one at the first %s", async (_, content) => {
    const first = await localServer({
      ...compressed("/"),
      [`/${trainImages}.gz`]: (response) => {
        if (content === undefined) response.writeHead(500).end();
        else if (content !== "broken off") response.end(content);
        else response.writeHead(200, { "content-length": 60 }).write("1", () => response.destroy());
      },
    });
    const second = await localServer(compressed("/"));
    const folders = { cache: await temporaryFolder() };
    const catalogue = [tinyDataSet([first.address, second.address])];
    const { folder } = await fetchDataSet("tiny", { folders, catalogue });
    expect(second.requests).toEqual([`/${trainImages}.gz`]);
    expect(sorted(await readdir(folder))).toEqual(sorted(Object.keys(compressed())));
  });

  test("an error names folders, addresses, digests and the remedy when every address fails, and nothing stays", async () => {
    const wrong = tinyFiles["t10k-labels-idx1-ubyte"] ?? new Uint8Array(0);
    const server = await localServer({ [`/b/${trainImages}.gz`]: wrong });
    const [data, cache] = [await temporaryFolder(), await temporaryFolder()];
    const catalogue = [tinyDataSet([`${server.address}a/`, `${server.address}b/`, "http://127.0.0.1:1/"])];
    const error = await failure(fetchDataSet("tiny", { folders: { data, cache }, catalogue }));
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    for (const part of [
      `fetchDataSet: "tiny" must have ${trainImages} with the sha256 ${tinySha256}; got none from the folders "${join(data, "tiny")}", "${join(cache, "tiny")}"`,
      `nor from ${server.address}a/${trainImages}.gz: HTTP status 404,`,
      `nor from ${server.address}b/${trainImages}.gz: a file with the sha256 `,
      "nor from http://127.0.0.1:1/",
      "run: unlabeled data fetch tiny",
      `or put its files into "${join(cache, "tiny")}".`,
    ]) {
      expect(message).toContain(part);
    }
    expect(await readdir(cache)).toEqual([]);
  });

  test("keeps right files of the cache and replaces a wrong one, whatever its form", async () => {
    const server = await localServer(compressed("/"));
    const cache = await temporaryFolder({
      [`tiny/${trainImages}`]: "wrong",
      [`tiny/${trainImages.replace("-idx", ".idx")}.gz`]: "wrong too",
      "tiny/train-labels-idx1-ubyte": tinyFiles["train-labels-idx1-ubyte"] ?? "",
      "tiny/t10k-images.idx3-ubyte": tinyFiles["t10k-images-idx3-ubyte"] ?? "",
      "tiny/t10k-labels-idx1-ubyte.gz": gzipSync(tinyFiles["t10k-labels-idx1-ubyte"] ?? "", { level: 1 }),
    });
    const options = { folders: { cache }, catalogue: [tinyDataSet([server.address])] };
    expect((await fetchDataSet("tiny", options)).downloaded).toEqual([trainImages]);
    expect(sorted(await readdir(join(cache, "tiny")))).toEqual([
      "t10k-images.idx3-ubyte",
      "t10k-labels-idx1-ubyte.gz",
      `${trainImages}.gz`,
      "train-labels-idx1-ubyte",
    ]);
    expect((await openDataSet("tiny", "train", options)).count).toBe(5);
  });

  test("keeps the name honest where a server undoes the compression", async () => {
    const server = await localServer({
      ...compressed("/"),
      [`/${trainImages}.gz`]: (response) =>
        response.writeHead(200, { "content-encoding": "gzip" }).end(compressed()[`${trainImages}.gz`]),
    });
    const folders = { cache: await temporaryFolder() };
    const { folder } = await fetchDataSet("tiny", { folders, catalogue: [tinyDataSet([server.address])] });
    expect(new Uint8Array(await readFile(join(folder, trainImages)))).toEqual(tinyFiles[trainImages]);
  });

  test("uses the user's own folder without writing to it, and refuses a wrong file there", async () => {
    const data = await temporaryFolder(compressed("tiny/"));
    const cache = await temporaryFolder();
    const options = { folders: { data, cache }, catalogue: [tinyDataSet([])] };
    expect(await fetchDataSet("tiny", options)).toEqual({
      name: "tiny",
      folder: join(data, "tiny"),
      downloaded: [],
    });

    const path = join(data, "tiny", `${trainImages}.gz`);
    const wrong = tinyFiles["t10k-images-idx3-ubyte"] ?? new Uint8Array(0);
    await writeFile(path, gzipSync(wrong));
    const error = await failure(fetchDataSet("tiny", options));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toBe(
      `fetchDataSet: "${path}" must have the sha256 ${tinySha256} (uncompressed); got ${tinyDataSet([]).files.testImages.sha256}. Put the right file there, or take this one away: the set is then fetched into "${join(cache, "tiny")}".`,
    );
    expect(await readdir(cache)).toEqual([]);
  });

  test("cancelled in the middle of a file, it leaves the finished files and no others", async () => {
    const abort = new AbortController();
    const server = await localServer({
      ...compressed("/"),
      "/train-labels-idx1-ubyte.gz": (response) => {
        response.writeHead(200, { "content-length": 60 }).write(Uint8Array.of(0x1f), () => abort.abort());
      },
    });
    const cache = await temporaryFolder();
    const catalogue = [tinyDataSet([server.address])];
    const error = await failure(
      fetchDataSet("tiny", { folders: { cache }, catalogue, signal: abort.signal }),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as Error).message).toBe("fetchDataSet: cancelled by the caller.");
    expect(await readdir(join(cache, "tiny"))).toEqual([`${trainImages}.gz`]);
    expect(server.requests.length).toBe(2);
  });

  test("a cache that cannot be written to is an error with the remedy, and no second address is tried", async () => {
    const server = await localServer(compressed("/"));
    const parent = await temporaryFolder({ file: "not a folder" });
    const catalogue = [tinyDataSet([server.address, server.address])];
    const error = await failure(
      fetchDataSet("tiny", { folders: { cache: join(parent, "file") }, catalogue }),
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(
      "must be a folder that can be written to; got a path that leads through a file. Free some space, or name another folder in UNLABELED_CACHE.",
    );
    expect(server.requests).toEqual([]);
  });

  test("a folder that the system does not let us look into is an error of ours in one line", async () => {
    const data = await temporaryFolder();
    await symlink(join(data, "tiny"), join(data, "tiny"));
    const folders = { data, cache: await temporaryFolder() };
    const error = await failure(dataSetPath("tiny", { folders, catalogue: [tinyDataSet([])] }));
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain("must be readable; got links that lead in a circle.");
  });

  test("an unknown name is an error with the nearest spelling", async () => {
    for (const call of [fetchDataSet("mnits"), dataSetPath("mnits"), openDataSet("mnits", "train")]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toMatch(
        /: name must be one of mnist, fashion-mnist; got "mnits"\. Did you mean "mnist"\?$/,
      );
    }
  });
});

describe("openDataSet", () => {
  test("reads a part from the folder that has it, plain or compressed, and names the classes", async () => {
    const data = await temporaryFolder({
      "tiny/t10k-images-idx3-ubyte": tinyFiles["t10k-images-idx3-ubyte"] ?? "",
    });
    const cache = await temporaryFolder(compressed("tiny/"));
    const options = { folders: { data, cache }, catalogue: [tinyDataSet([])] };
    const images = await openDataSet("tiny", "test", options);
    expect(images).toMatchObject({ count: 4, height: 2, width: 3, channels: 1 });
    expect(images.pixels[0]).toBe(5);
    expect(images.labels).toEqual(Int32Array.of(2, 0, 1, 2));
    expect(images.classNames).toEqual(["dark", "grey", "light"]);
  });

  test("refuses a wrong file of the cache, and says how to fetch it anew", async () => {
    const wrong = compressed()["t10k-images-idx3-ubyte.gz"] ?? "";
    const cache = await temporaryFolder({ ...compressed("tiny/"), [`tiny/${trainImages}.gz`]: wrong });
    const error = await failure(
      openDataSet("tiny", "train", { folders: { cache }, catalogue: [tinyDataSet([])] }),
    );
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain("Fetch it anew: unlabeled data fetch tiny.");
  });
});

describe("listDataSets and dataSetPath", () => {
  test("tell where a set lies, the user's own folder first", async () => {
    const cache = await temporaryFolder(compressed("tiny/"));
    const data = await temporaryFolder();
    const options = { folders: { data, cache }, catalogue: [tinyDataSet([])] };
    expect(await dataSetPath("tiny", options)).toBe(join(cache, "tiny"));
    const own = await temporaryFolder(compressed("tiny/"));
    const both = { ...options, folders: { data: own, cache } };
    expect(await dataSetPath("tiny", both)).toBe(join(own, "tiny"));
    expect(await listDataSets(both)).toEqual([
      {
        name: "tiny",
        description: "9 tiny images",
        licence: "MIT",
        origin: "nobody",
        folder: join(own, "tiny"),
        bytes: Object.values(tinyFiles).reduce((sum, bytes) => sum + bytes.length, 0),
        downloadBytes: Object.values(compressed()).reduce((sum, bytes) => sum + bytes.length, 0),
      },
    ]);
  });

  test("a set that is not whole lies nowhere", async () => {
    const cache = await temporaryFolder({ "tiny/train-images-idx3-ubyte": "x" });
    const options = { folders: { cache }, catalogue: [tinyDataSet([])] };
    expect((await listDataSets(options))[0]).not.toHaveProperty("folder");
    const error = await failure(dataSetPath("tiny", options));
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toBe(
      `dataSetPath: all files of "tiny" must lie in "${join(cache, "tiny")}"; got none, or only some. Run: unlabeled data fetch tiny - or put them there.`,
    );
  });

  test("know the sizes of the real sets", async () => {
    const folders = { cache: await temporaryFolder() };
    const sizes = (await listDataSets({ folders })).map((set) => [set.name, set.bytes, set.downloadBytes]);
    expect(sizes).toEqual([
      ["mnist", 54_950_048, 11_594_722],
      ["fashion-mnist", 54_950_048, 30_878_645],
    ]);
  });
});
