/** What is asked of the server by others than its own page: refused, and the server goes on. */
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  sendRaw,
  startTestExplorer,
  type TestExplorer,
  writeTinyPage,
  writeTinyRun,
} from "./testing/explorers.ts";

let folder = "";
let explorer: TestExplorer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-explorer-"));
  await writeTinyRun(join(folder, "runs", "one"), "pixels+kmeans");
  await writeFile(join(folder, "runs", "secret.json"), "secret");
  const pageFolder = await writeTinyPage(folder);
  await symlink(join(folder, "secret.js"), join(pageFolder, "link.js"));
  const limits = { connections: 64, headersMs: 400, requestMs: 60_000 };
  explorer = await startTestExplorer({ runsFolder: join(folder, "runs"), pageFolder, limits });
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

/** Whatever was asked before. */
afterEach(async () => {
  const response = await explorer.ask("/api/runs");
  expect(response.status).toBe(200);
  await response.arrayBuffer();
});

const ask = (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<string> => {
  const all: Record<string, string> = {
    Host: `127.0.0.1:${explorer.port}`,
    "X-Unlabeled-Token": explorer.token,
    Connection: "close",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return sendRaw(explorer.port, `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
};

describe("the token", () => {
  test("has 32 random bytes, in the printed address", () => {
    expect(Buffer.from(explorer.token, "base64url")).toHaveLength(32);
    expect(explorer.url).toBe(`http://127.0.0.1:${explorer.port}/?token=${explorer.token}`);
  });

  test.each(["", "wrong", "x".repeat(10_000)])("refuses another: %.10s", async (token) => {
    expect(await ask("/api/runs", { "X-Unlabeled-Token": token })).toContain(" 401 ");
    const without = await fetch(`http://127.0.0.1:${explorer.port}/api/runs?token=${token}`);
    expect(without.status).toBe(401);
    expect(await without.json()).toEqual({ error: expect.stringContaining("the token must be") });
  });

  test("is needed for every address of the interface, those that there are not among them", async () => {
    for (const path of ["/api/runs", "/api/runs/one", "/api/runs/one/events", "/api/x", "/api", "/api/"]) {
      const response = await fetch(`http://127.0.0.1:${explorer.port}${path}`);
      expect([path, response.status]).toEqual([path, 401]);
    }
  });

  test("serves in the address where a page cannot give headers, and only to read", async () => {
    const address = `http://127.0.0.1:${explorer.port}/api/runs/one/images/0.png?token=${explorer.token}`;
    const picture = await fetch(address);
    expect(picture.headers.get("content-type")).toBe("image/png");
    const posted = await fetch(
      `http://127.0.0.1:${explorer.port}/api/runs/one/edits?token=${explorer.token}`,
      { method: "POST", body: "{}" },
    );
    expect(posted.status).toBe(401);
  });
});

describe("pages of others", () => {
  test.each([
    ["https://example.org"],
    ["null"],
    ["http://127.0.0.1:1"],
    ["http://localhost"],
    ["http://127.0.0.1.example.org"],
  ])("are refused by their origin %s", async (origin) => {
    expect(await ask("/api/runs", { Origin: origin })).toContain(" 403 ");
    expect(await ask("/", { Origin: origin })).toContain(" 403 ");
  });

  test("are refused by the host that they had the browser look up", async () => {
    for (const host of ["example.org", `example.org:${explorer.port}`, "127.0.0.1", "[::1]", "127.0.0.1:1"]) {
      expect([host, await ask("/api/runs", { Host: host })]).toEqual([
        host,
        expect.stringMatching(/ 40[03] /),
      ]);
    }
    expect(await ask("/", { Host: `example.org:${explorer.port}` })).toContain(" 403 ");
  });

  test("are refused by what the browser says of the site, with the token too", async () => {
    for (const site of ["cross-site", "same-site"]) {
      expect(await ask("/api/runs", { "Sec-Fetch-Site": site })).toContain(" 403 ");
    }
    expect(await ask("/api/runs", { "Sec-Fetch-Site": "same-origin" })).toContain(" 200 ");
  });

  test("the own page is let through by either name of this machine", async () => {
    for (const host of [`127.0.0.1:${explorer.port}`, `localhost:${explorer.port}`]) {
      expect(await ask("/api/runs", { Host: host, Origin: `http://${host}` })).toContain(" 200 ");
    }
  });

  test("every answer carries the rules for the page", async () => {
    for (const path of ["/", "/api/runs", "/api/nothing", "/nothing"]) {
      const { headers } = await explorer.ask(path);
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await explorer.ask("/api/runs")).headers.get("cache-control")).toBe("no-store");
  });

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"])(
    "%s is no method here",
    async (method) => {
      expect(await ask("/api/runs", {}, method)).toContain(" 405 ");
    },
  );
});

describe("paths out of the folders", () => {
  const ways = [
    "/../secret.js",
    "/assets/../../secret.js",
    "/%2e%2e/secret.js",
    "/%2e%2e%2fsecret.js",
    "/..%2fsecret.js",
    "/..%5csecret.js",
    "/..\\secret.js",
    "/%252e%252e%252fsecret.js",
    "/%c0%ae%c0%ae/secret.js",
    "/assets/%00page.js",
    "//secret.js",
    "/link.js",
    "/assets",
    "/assets/",
    "/./secret.js",
    "/file:///etc/passwd",
    "/etc/passwd",
    "/api/runs/..",
    "/api/runs/%2e%2e",
    "/api/runs/..%2fsecret.json",
    "/api/runs/one%2f..%2fone",
    "/api/runs/one/../../secret.json",
    "/api/runs/one/arrays/..%2f..%2frun.json",
    "/api/runs/one/images/..%2f..%2frun.json",
    "/api/runs/one/images/%2e%2e%2frun.json.png",
    "/api/runs/one/atlas/%2e%2e",
    "/api/runs/secret.json",
    "/api/runs/~",
    "/api/runs/~2e~2e",
    "/api/runs/%E0%A4%A",
    "/api/runs/__proto__",
    "/api/runs/one/arrays/__proto__",
    "/api/runs/one/arrays/constructor",
  ];
  test.each(ways)("%s leads nowhere", async (path) => {
    expect(await ask(path)).toMatch(/ 40[0-4] /);
  });

  test("absolute addresses and those of other servers lead nowhere either", async () => {
    expect(await ask("http://example.org/")).toMatch(/ 40[0-4] |^$/);
    expect(await ask("example.org:80", {}, "CONNECT")).toMatch(/ 40[0-5] |^$/);
  });

  test("the page itself is there", async () => {
    expect(await (await explorer.ask("/")).text()).toContain("<title>page</title>");
    expect((await explorer.ask("/assets/page.js")).headers.get("content-type")).toContain("javascript");
  });
});

describe("bodies", () => {
  const path = "/api/runs/one/edits";

  test("one that says that it has a gigabyte is refused before it is read", async () => {
    expect(await ask(path, { "Content-Length": "1073741824" }, "POST")).toContain(" 413 ");
  });

  test("one that does not say, and does not end, is refused while it is read", async () => {
    const before = process.memoryUsage.rss();
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request({
        ...{ host: "127.0.0.1", port: explorer.port, path, method: "POST" },
        headers: { "X-Unlabeled-Token": explorer.token, "Transfer-Encoding": "chunked" },
      });
      const piece = Buffer.alloc(1_048_576, 0x20);
      let sent = 0;
      const send = (): void => {
        while (sent++ < 1024) if (!sending.write(piece)) return void sending.once("drain", send);
        sending.end();
      };
      sending.on("response", (response) => {
        resolve(response.statusCode ?? 0);
        sending.destroy();
      });
      sending.on("error", reject);
      send();
    });
    expect(status).toBe(413);
    expect(process.memoryUsage.rss() - before).toBeLessThan(400_000_000);
  });

  test("what is no JSON, or no edit, is refused with the place of the fault", async () => {
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      '"\ud800"',
      JSON.stringify({ version: 0, do: { kind: "x" } }),
    ]) {
      const response = await explorer.ask(path, { method: "POST", body });
      expect([body, response.status]).toEqual([body, 400]);
      expect(await response.json()).toEqual({ error: expect.stringMatching(/^explorer: .* must /) });
    }
  });

  test("bytes that are no HTTP are refused", async () => {
    expect(await sendRaw(explorer.port, "\u0016\u0003\u0001\u0002garbage\r\n\r\n")).toContain(" 400 ");
    expect(await ask("/", { "X-Long": "x".repeat(40_000) })).toContain(" 431 ");
  });
});

describe("many connections", () => {
  test("a thousand at once are served or closed, and the server goes on", async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask("/api/runs")));
    const served = answers.filter((answer) => answer.includes(" 200 ")).length;
    expect(served).toBeGreaterThan(0);
    expect(answers.filter((answer) => answer !== "" && !answer.includes(" 200 "))).toEqual([]);
  });

  test("some that send their headers byte by byte lose their connection in time", async () => {
    const sockets: Socket[] = [];
    const closed = Array.from({ length: 40 }, () => {
      const socket = connect(explorer.port, "127.0.0.1", () => {
        socket.write("GET / HTTP/1.1\r\n");
        drip = setInterval(() => socket.write("X"), 50);
      });
      let drip: ReturnType<typeof setInterval> | undefined;
      sockets.push(socket);
      socket.on("data", () => {});
      socket.on("error", () => {});
      return new Promise<void>((resolve) =>
        socket.on("close", () => {
          clearInterval(drip);
          resolve();
        }),
      );
    });
    expect((await explorer.ask("/api/runs")).status).toBe(200); // meanwhile
    await Promise.all(closed);
  });

  test("those that watch are bounded too", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const watch = (): Promise<Response> => explorer.ask("/api/runs/one/events", { signal });
    const statuses = (await Promise.all(Array.from({ length: 40 }, watch))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(32);
    expect(statuses.filter((status) => status === 503)).toHaveLength(8);
    controller.abort();
    // Once they are gone, others may watch.
    const again = new AbortController();
    await vi.waitFor(async () => {
      const { status } = await explorer.ask("/api/runs/one/events", { signal: again.signal });
      expect(status).toBe(200);
    });
    again.abort();
  });
});

describe("steps of a clusterer", () => {
  const asked = { by: "k-means", k: 2, seed: 0, init: "random" };
  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    explorer.ask("/api/runs/one/steps", { method: "POST", body: JSON.stringify(body), headers });

  test("are answered to whoever asks as the protocol says, and to nobody else", async () => {
    const response = await post(asked);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sample: 60, count: 60, objective: "inertia" });
    for (const body of [
      null,
      [],
      { ...asked, k: 1e9 },
      { ...asked, seed: "0" },
      { ...asked, maxIterations: 1e9 },
    ]) {
      expect((await post(body)).status).toBe(400);
    }
    expect((await post(asked, { Origin: "http://evil.example" })).status).toBe(403);
    expect((await post(asked, { "X-Unlabeled-Token": "wrong" })).status).toBe(401);
    expect((await explorer.ask("/api/runs/one/steps")).status).toBe(404);
    expect((await explorer.ask("/api/runs/other/steps", { method: "POST", body: "{}" })).status).toBe(404);
  });
});
