// Made photographs: colour scenes of ten kinds, of many sizes, as JPEG, PNG and WebP files in nested folders, some of them
// broken; made outside the timed parts. `node bench/photos.mjs <folder> [count] [broken]` writes a folder to try things on.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { generator } from "./samples.mjs";

const hsl = (hue, saturation, light) =>
  `hsl(${Math.round(hue)},${Math.round(saturation)}%,${Math.round(light)}%)`;

/** Draws what a scene is made of; all lengths are shares of the picture's height. */
class Brush {
  constructor(width, height, next) {
    Object.assign(this, { width, height, next, parts: [], gradients: [] });
  }

  between(low, high) {
    return low + this.next() * (high - low);
  }

  gradient(from, to) {
    const id = `g${this.gradients.length}`;
    this.gradients.push(
      `<linearGradient id="${id}" x1="0" y1="0" x2="${this.between(-0.2, 0.2).toFixed(2)}" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`,
    );
    return `url(#${id})`;
  }

  band(top, bottom, fill) {
    const { width, height } = this;
    this.parts.push(
      `<rect y="${top * height}" width="${width}" height="${(bottom - top) * height}" fill="${fill}"/>`,
    );
  }

  box(x, y, w, h, fill) {
    const s = this.height;
    this.parts.push(`<rect x="${x * s}" y="${y * s}" width="${w * s}" height="${h * s}" fill="${fill}"/>`);
  }

  disc(x, y, rx, ry, fill, more = "") {
    const s = this.height;
    this.parts.push(
      `<ellipse cx="${x * s}" cy="${y * s}" rx="${rx * s}" ry="${ry * s}" fill="${fill}" ${more}/>`,
    );
  }

  /** A ragged line from left to right, filled to the bottom. */
  ridge(y, rough, fill) {
    const { width, height } = this;
    const steps = 14;
    const points = Array.from({ length: steps + 1 }, (_, i) => {
      const at = (y + this.between(-rough, rough)) * height;
      return `${(i / steps) * width},${at}`;
    });
    this.parts.push(`<polygon points="0,${height} ${points.join(" ")} ${width},${height}" fill="${fill}"/>`);
  }

  get aspect() {
    return this.width / this.height;
  }

  svg() {
    const { width, height, gradients, parts } = this;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${gradients.join("")}</defs>${parts.join("")}</svg>`;
  }
}

const scenes = {
  sea(b) {
    const line = b.between(0.35, 0.6);
    b.band(0, 1, b.gradient(hsl(b.between(195, 220), 70, b.between(55, 75)), hsl(200, 40, 88)));
    b.band(line, 1, b.gradient(hsl(b.between(185, 205), 65, 40), hsl(210, 70, 22)));
    for (let i = 0; i < 25; i++)
      b.disc(b.between(0, b.aspect), b.between(line, 1), b.between(0.02, 0.12), 0.004, "#ffffff80");
  },
  sunset(b) {
    const line = b.between(0.6, 0.75);
    b.band(0, 1, b.gradient(hsl(b.between(250, 290), 45, 30), hsl(b.between(18, 38), 95, 60)));
    b.disc(b.between(0.2, b.aspect - 0.2), line - b.between(0, 0.15), 0.09, 0.09, hsl(45, 100, 80));
    b.ridge(line, 0.02, hsl(20, 40, 10));
  },
  forest(b) {
    b.band(0, 1, b.gradient(hsl(100, 25, 70), hsl(110, 35, 18)));
    for (let i = 0; i < 30; i++) {
      const x = b.between(0, b.aspect);
      const top = b.between(0, 0.3);
      b.box(x, top, b.between(0.01, 0.03), 1, hsl(28, 30, b.between(12, 25)));
      b.disc(
        x,
        top + 0.1,
        b.between(0.05, 0.14),
        b.between(0.1, 0.25),
        hsl(b.between(90, 135), 45, b.between(15, 38)),
      );
    }
  },
  mountains(b) {
    b.band(0, 1, b.gradient(hsl(212, 55, b.between(60, 75)), hsl(205, 30, 92)));
    b.ridge(0.4, 0.15, hsl(215, 15, 88));
    b.ridge(0.55, 0.12, hsl(220, 18, 55));
    b.ridge(0.78, 0.06, hsl(150, 20, 28));
  },
  desert(b) {
    b.band(0, 1, b.gradient(hsl(208, 60, 70), hsl(35, 60, 85)));
    for (const y of [0.5, 0.62, 0.78]) b.ridge(y, 0.05, hsl(b.between(28, 40), 60, 75 - 35 * y));
  },
  night(b) {
    b.band(0, 1, b.gradient(hsl(230, 50, 6), hsl(225, 45, 16)));
    for (let x = 0; x < b.aspect; x += b.between(0.08, 0.16)) {
      const top = b.between(0.25, 0.7);
      b.box(x, top, 0.12, 1 - top, hsl(225, 20, b.between(5, 12)));
      for (let y = top + 0.03; y < 0.95; y += 0.06)
        for (let i = 0; i < 3; i++)
          if (b.next() < 0.5) b.box(x + 0.015 + 0.035 * i, y, 0.018, 0.03, hsl(b.between(38, 55), 90, 65));
    }
  },
  flower(b) {
    const hue = b.between(290, 370);
    b.band(0, 1, b.gradient(hsl(105, 40, 35), hsl(120, 45, 20)));
    const [x, y, size] = [b.aspect / 2 + b.between(-0.1, 0.1), b.between(0.42, 0.55), b.between(0.2, 0.28)];
    for (let i = 0; i < 9; i++) {
      const turn = `transform="rotate(${i * 40} ${x * b.height} ${y * b.height})"`;
      b.disc(x, y - size, size * 0.32, size * 0.85, hsl(hue, 75, b.between(58, 70)), turn);
    }
    b.disc(x, y, size * 0.4, size * 0.4, hsl(48, 90, 50));
  },
  bricks(b) {
    b.band(0, 1, hsl(25, 12, 70));
    const h = b.between(0.07, 0.12);
    for (let row = 0; row * h < 1; row++)
      for (let x = row % 2 ? -h : 0; x < b.aspect; x += 2.3 * h)
        b.box(x, row * h, 2.15 * h, h * 0.86, hsl(b.between(8, 18), 50, b.between(32, 48)));
  },
  road(b) {
    const line = b.between(0.4, 0.5);
    b.band(0, 1, b.gradient(hsl(205, 50, 75), hsl(210, 30, 90)));
    b.band(line, 1, hsl(95, 35, 38));
    const [s, w, x] = [b.height, b.width, b.width / 2 + b.between(-0.1, 0.1) * b.width];
    b.parts.push(
      `<polygon points="${x},${line * s} ${w * 0.1},${s} ${w * 0.9},${s}" fill="${hsl(220, 5, 35)}"/>`,
      `<polygon points="${x},${line * s} ${w * 0.49},${s} ${w * 0.51},${s}" fill="#f5f0d8"/>`,
    );
  },
  plate(b) {
    b.band(0, 1, b.gradient(hsl(28, 45, 45), hsl(24, 45, 28)));
    const x = b.aspect / 2;
    b.disc(x, 0.5, 0.4, 0.4, "#f4f2ee");
    b.disc(x, 0.5, 0.31, 0.31, "#e6e2da");
    for (let i = 0; i < 14; i++) {
      const [a, r] = [b.between(0, 6.28), b.between(0, 0.22)];
      b.disc(
        x + r * Math.cos(a),
        0.5 + r * Math.sin(a),
        0.06,
        0.05,
        hsl(b.between(-10, 110), 70, b.between(35, 55)),
      );
    }
  },
};

export const sceneNames = Object.keys(scenes);

/** Grain, as a sensor has it, and a light that differs from picture to picture. */
async function develop(svg, width, height, next) {
  const light = 0.8 + 0.4 * next();
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let i = 0; i < data.length; i++) {
    const grain = (next() + next() - 1) * 18;
    data[i] = Math.max(0, Math.min(255, data[i] * light + grain));
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/**
 * Writes pictures below a folder.
 *
 * @param size  width and height of all; default: each has its own, of 160 to 640 pixels, upright or not
 * @returns the scene of each file, by its path below the folder
 */
export async function writePhotos(folder, { count, broken = 0, seed = 1, size, jpegOnly = false }) {
  const truth = {};
  const one = async (i) => {
    const next = generator(Math.imul(seed * 1_000_003 + i, 2_654_435_761)); // neighbouring seeds begin alike
    const scene = sceneNames[Math.floor(next() * sceneNames.length)];
    const long = 320 + Math.round(next() * 320);
    const short = Math.round(long * (0.5 + 0.4 * next()));
    const [width, height] = size ?? (next() < 0.75 ? [long, short] : [short, long]);
    const brush = new Brush(width, height, next);
    scenes[scene](brush);
    const picture = await develop(brush.svg(), width, height, next);
    const kind = jpegOnly || i % 10 < 7 ? "jpg" : i % 10 < 9 ? "webp" : "png";
    const bytes = await picture[kind === "jpg" ? "jpeg" : kind]({ quality: 85 }).toBuffer();
    // Some lie at the top, so that the folders of years are not taken for classes.
    const place = i % 25 === 0 ? "" : `${2021 + (i % 4)}/${String(1 + (i % 12)).padStart(2, "0")}/`;
    const name = `${place}IMG_${String(i).padStart(5, "0")}.${kind}`;
    const bad = i < broken * 7 && i % 7 === 3;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bad ? spoil(bytes, i) : bytes);
    if (!bad) truth[name] = scene;
  };
  for (let from = 0; from < count; from += 8) {
    await Promise.all(Array.from({ length: Math.min(8, count - from) }, (_, i) => one(from + i)));
  }
  return truth;
}

/** Cut off, empty, a text, or with a hole of zeros in its head. */
function spoil(bytes, i) {
  const kinds = [
    () => bytes.subarray(0, bytes.length >> 1),
    () => Buffer.alloc(0),
    () => Buffer.from("not a picture\n"),
    () => Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(600), bytes.subarray(602)]),
  ];
  return kinds[Math.floor(i / 7) % kinds.length]();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, count = "5000", broken = "20"] = process.argv.slice(2);
  if (!folder) throw new Error("node bench/photos.mjs <folder> [count] [broken]: got no folder.");
  const truth = await writePhotos(folder, { count: Number(count), broken: Number(broken) });
  writeFileSync(`${folder}.truth.json`, JSON.stringify(truth));
  console.log(`${folder}: ${count} files, ${broken} of them broken; scenes in ${folder}.truth.json`);
}
