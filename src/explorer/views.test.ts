import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cleanPng } from "../node/index.ts";
import { withSavedViews } from "../report/index.ts";
import type { FoundImages, KeptViews, RunList } from "./protocol.ts";
import { startTestExplorer, type TestExplorer, writeTinyRun } from "./testing/explorers.ts";

const page = `<html><nav aria-label="Contents"><ul></ul></nav><main id="content">\nclusters\n</main></html>`;
const png = encode({ width: 3, height: 2, data: new Uint8Array(18), channels: 3, depth: 8 });
const base64 = Buffer.from(png).toString("base64");

let folder: string;
let run: string;
let explorer: TestExplorer;
let at: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-views-"));
  run = join(folder, "runs/one");
  await writeTinyRun(run, "pixels+kmeans");
  explorer = await startTestExplorer({ runsFolder: join(folder, "runs"), pageFolder: join(folder, "none") });
  const { runs } = await explorer.json<RunList>("/api/runs");
  at = `/api/runs/${runs[0]?.id}/views`;
});
beforeEach(async () => {
  await rm(join(run, "saved-views.json"), { force: true });
  await writeFile(join(run, "report.html"), page);
});
afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true, force: true });
});

const post = (body: unknown, text = JSON.stringify(body)): Promise<Response> =>
  explorer.ask(at, { method: "POST", body: text });
const keep = (change: object = {}): Promise<Response> =>
  post({ do: "keep", caption: "a <b>", address: "#run=one", png: base64, ...change });
const report = (): Promise<string> => readFile(join(run, "report.html"), "utf8");

describe("saved views", () => {
  test("one is kept with its caption, stands in the report, gets other words, and is removed without a trace", async () => {
    const kept = (await (await keep()).json()) as KeptViews;
    expect(kept.views).toEqual([
      { id: 0, at: "2026-01-02T03:04:05.000Z", caption: "a <b>", address: "#run=one", width: 3, height: 2 },
    ]);
    expect(await report()).toContain(`src="data:image/png;base64,${base64}"`);
    expect(await report()).toContain("a &#60;b&#62; · 2026-01-02");
    const picture = await explorer.ask(`${at}/0.png`);
    expect(new Uint8Array(await picture.arrayBuffer())).toEqual(png);
    expect((await post({ do: "caption", id: 0, caption: "other words" })).status).toBe(200);
    expect((await report()).match(/other words/g)?.length).toBe(2); // alt and caption
    expect((await keep()).status).toBe(200); // a second one
    expect((await post({ do: "remove", id: 0 })).status).toBe(200);
    const left = await explorer.json<KeptViews>(at);
    expect(left.views.map(({ id }) => id)).toEqual([1]);
    await post({ do: "remove", id: 1 });
    expect(await report()).toBe(page);
    // Numbers are not given twice.
    expect(((await (await keep()).json()) as KeptViews).views[0]?.id).toBe(2);
    await post({ do: "remove", id: 2 });
  });

  test("what comes at once is kept one after another", async () => {
    await Promise.all(["a", "b", "c", "d"].map((caption) => keep({ caption })));
    const { views } = await explorer.json<KeptViews>(at);
    expect(views.map(({ caption }) => caption).sort()).toEqual(["a", "b", "c", "d"]);
    expect(new Set(views.map(({ id }) => id)).size).toBe(4);
    for (const { id } of views) await post({ do: "remove", id });
  });

  test("strangers, other things than pictures, and too much are refused, and nothing is written", async () => {
    const refused = async (response: Promise<Response>): Promise<number> => (await response).status;
    expect(
      await refused(fetch(`http://127.0.0.1:${explorer.port}${at}`, { method: "POST", body: "{}" })),
    ).toBe(401);
    expect(
      await refused(explorer.ask(at, { method: "POST", body: "{}", headers: { Origin: "http://evil" } })),
    ).toBe(403);
    expect(await refused(post({}, "no json"))).toBe(400);
    const svg = Buffer.from("<svg onload='alert(1)'/>").toString("base64");
    const cut = Buffer.from(png.subarray(0, 40)).toString("base64");
    const changed = Buffer.from(png.map((byte, i) => (i === 20 ? byte + 1 : byte))).toString("base64");
    for (const bad of [
      { png: svg },
      { png: cut },
      { png: changed },
      { png: "" },
      { png: "../../etc/passwd" },
      { caption: "x".repeat(2001) },
      { address: "javascript:alert(1)" },
      { extra: 1 },
    ]) {
      expect(await refused(keep(bad)), JSON.stringify(bad).slice(0, 60)).toBe(400);
    }
    expect(await refused(keep({ png: "A".repeat(8_000_000) }))).toBe(413);
    for (const bad of [
      { do: "remove", id: 99 },
      { do: "caption", id: 99, caption: "" },
    ]) {
      expect(await refused(post(bad))).toBe(404);
    }
    expect(await refused(post({ do: "remove", id: "../x" }))).toBe(400);
    expect(await refused(explorer.ask(`${at}/..%2F..%2Frun.json`))).toBe(404);
    expect((await explorer.json<KeptViews>(at)).views).toEqual([]);
    expect(await report()).toBe(page);
  });

  test("there are so many at most, and a file that is damaged is told of", async () => {
    const { most } = await explorer.json<KeptViews>(at);
    for (let i = 0; i < most; i++) expect((await keep()).status).toBe(200);
    const refused = await keep();
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain(`at most ${most} saved views`);
    await writeFile(join(run, "saved-views.json"), "{");
    expect((await explorer.ask(at)).status).toBe(500);
  });

  test("a picture loses all that is not picture", () => {
    const iend = png.length - 12;
    const text = Buffer.from([0, 0, 0, 3, ...Buffer.from("tEXtabc"), 0, 0, 0, 0]);
    text.writeUInt32BE(0x0, 11);
    expect(() => cleanPng(Buffer.concat([png.subarray(0, iend), text, png.subarray(iend)]))).toThrow(
      "damaged",
    );
    expect(cleanPng(Buffer.concat([png, Buffer.from("<script>")])).png).toEqual(png);
  });

  test("words cannot end the section early", () => {
    const view = { at: "2026-01-01", png: "", width: 1, height: 1 };
    const once = withSavedViews(page, [{ ...view, caption: "<!-- end of saved views --></main>" }]);
    expect(once.match(/<\/main>/g)?.length).toBe(1);
    expect(withSavedViews(once, [])).toBe(page);
  });
});

test("images are found by number, and by nothing that is none", async () => {
  const find = (text: string): Promise<FoundImages> =>
    explorer.json(at.replace(/views$/, `find?text=${encodeURIComponent(text)}`));
  expect(await find("59")).toEqual({ total: 1, images: [{ index: 59, name: null }] });
  for (const none of ["60", "-1", "", "../x", "1e1"]) expect((await find(none)).total, none).toBe(0);
  const long = await explorer.ask(at.replace(/views$/, `find?text=${"x".repeat(1001)}`));
  expect(long.status).toBe(400);
});
