/**
 * A folder of files in place of a server (`unlabeled export --what explorer`). A page from disk may not fetch what lies beside it,
 * but it may load scripts: each of them hands over one value, by the name of its file.
 */
import type {
  AtlasInfo,
  ClusterView,
  FolderManifest,
  FoundImages,
  ImageView,
  PackedBytes,
  RunList,
  RunView,
} from "../../src/explorer/protocol.ts";
import type { Backend, PictureAddress } from "./backend.ts";

interface Arrivals {
  readonly unlabeledArrived?: Map<string, unknown>;
}

/** What has been handed over; undefined on a page of a server. */
const arrived = (globalThis as Arrivals).unlabeledArrived;

/** Pictures that are kept once they were made. */
const MOST_PICTURES = 4000;
const MOST_FOUND = 50;

/** The folder that this page lies in; null if a server sent it. */
export function folderOfPage(): Backend | null {
  const manifest = arrived?.get("manifest") as FolderManifest | undefined;
  if (!arrived || !manifest) return null;
  return openFolder(manifest);
}

function openFolder(manifest: FolderManifest): Backend {
  const pictures = new Map<string, PictureAddress>();

  async function json(path: string): Promise<unknown> {
    const image = /^images\/(\d+)$/.exec(path);
    if (image) return imageView(Number(image[1]));
    if (path.startsWith("find?")) return find(new URLSearchParams(path.slice(5)).get("text") ?? "");
    return value(path === "" ? "run" : path);
  }

  const view = (): Promise<RunView> => value("run");
  const numbers = (): Promise<Int32Array | null> =>
    manifest.numbered ? bytesOf("numbers").then((bytes) => new Int32Array(bytes)) : Promise.resolve(null);
  const names = (): Promise<readonly string[] | null> =>
    manifest.named ? value("names") : Promise.resolve(null);

  /** What is known of an image without its features. */
  async function imageView(index: number): Promise<ImageView> {
    const run = await view();
    const numberAt = async (name: string): Promise<number | null> => {
      const info = run.arrays.find((array) => array.name === name);
      if (!info) return null;
      const bytes = await bytesOf(`arrays/${name}`);
      const found = (info.type === "int32" ? new Int32Array(bytes) : new Float32Array(bytes))[index];
      return found !== undefined && Number.isFinite(found) ? found : null;
    };
    const [cluster, klass, probability, distance, error] = await Promise.all(
      ["cluster", "class", "probability", "distance", "reconstruction-error"].map(numberAt),
    );
    const number = (await numbers())?.[index];
    return {
      index,
      name: (await names())?.[index] || (number === undefined ? null : `Image ${number} of the run`),
      class: run.classNames?.[klass ?? -1] ?? null,
      cluster: cluster ?? -1,
      probability: probability ?? null,
      distance: distance ?? null,
      reconstructionError: error ?? null,
      likely: [],
      neighbors: [],
    };
  }

  async function find(text: string): Promise<FoundImages> {
    const wanted = text.trim().toLowerCase();
    const [known, called] = [await numbers(), await names()];
    const images: { index: number; name: string | null }[] = [];
    let total = 0;
    const tell = (index: number): void => {
      total++;
      const number = known?.[index];
      const name = called?.[index] || (number === undefined ? null : `Image ${number}`);
      if (images.length < MOST_FOUND) images.push({ index, name });
    };
    const number = /^\d{1,9}$/.test(wanted) ? Number(wanted) : -1;
    const { count } = await view();
    const at = known ? known.indexOf(number) : number < count ? number : -1;
    if (at >= 0) tell(at);
    if (called && wanted !== "") {
      for (const [index, name] of called.entries()) {
        if (index !== at && name.toLowerCase().includes(wanted)) tell(index);
      }
    }
    return { total, images };
  }

  async function drawPicture(path: string): Promise<string> {
    const [, kind, number] = /^(images|centers)\/(\d+)\.png/.exec(path) ?? [];
    if (kind === "centers") return pngAddress((await value<Pictures>("centers"))[Number(number)]);
    if (kind !== "images") throw new Error("Folder: it must hold a picture; it does not.");
    const index = Number(number);
    const { atlas, image } = await view();
    // Thumbnails that are the images themselves need no other file.
    const whole = atlas && image && atlas.width === image.width && atlas.height === image.height;
    const gallery = whole ? undefined : (await galleries()).get(index);
    if (gallery !== undefined) {
      const found = (await value<Pictures>(`pictures/${gallery}`))[index];
      if (found !== undefined) return pngAddress(found);
    }
    if (!atlas) throw new Error("Folder: it must hold a picture; it does not.");
    const sheet = await bytesOf(`atlas/${Math.floor(index / atlas.perSheet)}`);
    return thumbnailAddress(new Uint8Array(sheet), atlas, index);
  }

  return {
    offers: { edits: false, k: false, runs: false, decoding: false, neighbors: false },
    manifest,
    async json<T>(run: string | null, path: string): Promise<T> {
      if (run !== null) return (await json(path)) as T;
      const list: RunList = { runs: [manifest.entry], first: manifest.entry.id };
      return list as T;
    },
    bytes: (_run, path) => bytesOf(path),
    post: () => Promise.reject(new Error("Folder: changes need the program; this page only shows.")),
    picture(_run, path) {
      const known = pictures.get(path);
      if (known !== undefined) return known;
      if (pictures.size > MOST_PICTURES) pictures.delete(pictures.keys().next().value as string);
      const drawn = drawPicture(path).then((address) => {
        pictures.set(path, address);
        return address;
      });
      drawn.catch(() => {}); // told by the picture itself
      pictures.set(path, drawn);
      return drawn;
    },
    link: () => null,
    listen: () => () => {},
  };
}

type Pictures = Readonly<Record<number, string>>;

function pngAddress(base64: string | undefined): string {
  if (base64 === undefined) throw new Error("Folder: it must hold a picture; it does not.");
  return `data:image/png;base64,${base64}`;
}

/** In which cluster's gallery an image is shown. */
let shown: Promise<ReadonlyMap<number, number>> | undefined;
function galleries(): Promise<ReadonlyMap<number, number>> {
  shown ??= value<readonly ClusterView[]>("clusters").then(
    (clusters) =>
      new Map(
        clusters.flatMap(({ cluster, typical, borderline, outliers, random }) =>
          [...typical, ...borderline, ...outliers, ...random].map((index) => [index, cluster] as const),
        ),
      ),
  );
  return shown;
}

const unpacked = new Map<string, Promise<ArrayBuffer>>();

/** Bytes of a script, kept as long as the page is open; not to be written to. */
function bytesOf(name: string): Promise<ArrayBuffer> {
  const known = unpacked.get(name);
  if (known) return known;
  const bytes = value<PackedBytes>(name).then((packed) => {
    arrived?.delete(name); // the text is not needed any more
    return unpack(packed);
  });
  unpacked.set(name, bytes);
  bytes.catch(() => unpacked.delete(name));
  return bytes;
}

async function unpack({ length, width, deflated }: PackedBytes): Promise<ArrayBuffer> {
  const text = atob(deflated);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (planes.length !== length) {
    throw new Error(
      `Folder: ${length} bytes must be in a file; got ${planes.length}. Copy the folder again.`,
    );
  }
  if (width === 1) return planes.buffer;
  const count = length / width;
  const bytes = new Uint8Array(length);
  for (let b = 0; b < width; b++) {
    for (let i = 0; i < count; i++) bytes[i * width + b] = planes[b * count + i] as number;
  }
  return bytes.buffer;
}

const loading = new Map<string, Promise<unknown>>();

/** The value of a script. */
function value<T>(name: string): Promise<T> {
  if (arrived?.has(name)) return Promise.resolve(arrived.get(name) as T);
  const known = loading.get(name);
  if (known) return known as Promise<T>;
  const asked = new Promise<unknown>((resolve, reject) => {
    const script = document.createElement("script");
    const fail = (): void =>
      reject(
        new Error(
          `Folder: data/${name}.js must lie beside this page; it could not be read. Copy the whole folder, or export it again.`,
        ),
      );
    script.onload = () => {
      script.remove();
      if (arrived?.has(name)) resolve(arrived.get(name));
      else fail();
    };
    script.onerror = () => {
      script.remove();
      fail();
    };
    script.src = `./data/${name}.js`;
    document.head.append(script);
  }).finally(() => loading.delete(name));
  loading.set(name, asked);
  return asked as Promise<T>;
}

/** One thumbnail of a sheet as a picture of its own. */
function thumbnailAddress(
  sheet: Uint8Array,
  { perSheet, columns, width, height, channels }: AtlasInfo,
  index: number,
): string {
  const place = index % perSheet;
  const across = columns * width;
  const left = (place % columns) * width;
  const top = Math.floor(place / columns) * height;
  const picture = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((top + y) * across + left + x) * channels;
      const to = (y * width + x) * 4;
      for (let c = 0; c < 3; c++) picture.data[to + c] = sheet[from + (channels === 1 ? 0 : c)] as number;
      picture.data[to + 3] = 255;
    }
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}
