import { chromium } from "playwright-core";
const [url, hash = "", what = "pan"] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--use-gl=angle","--use-angle=swiftshader","--enable-unsafe-swiftshader","--enable-precise-memory-info"] });
const p = await b.newPage({ viewport: { width: 1280, height: 800 } });
p.on("pageerror", e => console.log("pageerror", String(e)));
const firsts = [];
for (let i = 0; i < Number(process.env.TIMES ?? 3); i++) {
  await p.goto("about:blank");
  await p.goto(url + hash);
  await p.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0, null, { timeout: 120000 });
  firsts.push(await p.evaluate(() => performance.getEntriesByName("first-picture")[0].startTime));
}
console.log("first picture ms", firsts.map(Math.round).join(" "));
console.log("heap MB", await p.evaluate(() => Math.round(performance.memory.usedJSHeapSize / 1e6)));
await p.waitForTimeout(1500);
const box = await p.getByRole("application").boundingBox();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
await p.mouse.move(x, y); await p.mouse.down(); await p.mouse.move(x+5, y); await p.waitForTimeout(1200);
await p.evaluate(() => { globalThis.frames = []; const f = t => { frames.push(t); if (!globalThis.over) requestAnimationFrame(f); }; requestAnimationFrame(f); });
for (let i = 0; i < 60; i++) { await p.mouse.move(x + Math.sin(i/8) * 150, y + Math.cos(i/8) * 80 - 80); await p.waitForTimeout(16); }
const ms = await p.evaluate(() => { over = true; const d = frames.slice(1).map((t, i) => t - frames[i]); d.sort((a, b) => a - b); return [d.length, d[d.length >> 1], d[Math.floor(d.length * 0.95)], d.at(-1)]; });
console.log("frames while panning: n, median, 95 %, longest ms", ms.map(v => v.toFixed(1)).join(" "));
await p.screenshot({ path: "/work/h/export2-work/shots/moving.png" });
await p.mouse.up(); await p.waitForTimeout(1500);
await p.screenshot({ path: "/work/h/export2-work/shots/rested.png" });
await b.close();
