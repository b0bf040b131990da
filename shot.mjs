// node shot.mjs <url> <out-prefix> [hash...]
import { chromium } from "playwright-core";
const [url, out, ...hashes] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--use-gl=angle","--use-angle=swiftshader","--enable-unsafe-swiftshader"] });
for (const [theme,width] of [["light",1280],["dark",1280],["light",390],["dark",390]]) {
  if (process.env.ONLY && !process.env.ONLY.includes(`${theme}${width}`)) continue;
  const c = await b.newContext({ viewport: { width, height: 800 }, colorScheme: theme });
  const p = await c.newPage();
  p.on("pageerror", e => console.log("pageerror", String(e)));
  p.on("console", m => { if (m.type() === "error") console.log("console", m.text()); });
  p.on("requestfailed", r => console.log("failed", r.url().slice(-80), r.failure()?.errorText));
  for (const [i, h] of hashes.entries()) {
    const t=Date.now();
    await p.goto(url + h);
    await p.waitForFunction(() => document.querySelectorAll("[role=tab]").length > 0, null, { timeout: 60000 }).catch(e=>console.log("no tabs"));
    if (!/tab=(clusters|confusion|run|k)/.test(h)) await p.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0, null, { timeout: 60000 }).catch(e=>console.log("no picture"));
    console.log(theme,width,h,Date.now()-t,"ms");
    await p.waitForTimeout(1200);
    await p.screenshot({ path: `${out}-${theme}-${width}-${i}.png` });
  }
  await c.close();
}
await b.close();
