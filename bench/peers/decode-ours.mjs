// One measured reading of a folder of images: node decode-ours.mjs '{"folder", "side", "pixels": file to write, "cache"?: folder}'
// Outside the time, as for the peer: loading libraries.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSource } from "unlabeled/node";

const { folder, side, pixels, cache } = JSON.parse(process.argv[2]);
const options = { size: side, fit: "stretch", noCache: cache === undefined, dataFolders: { cache } };
await openSource(join(folder, "000000.jpg"), { ...options, noCache: true });

const start = performance.now();
const { images } = await openSource(folder, options);
const seconds = (performance.now() - start) / 1000;
writeFileSync(pixels, images.pixels);
console.log(
  JSON.stringify({
    seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    count: images.count,
    channels: images.channels,
  }),
);
