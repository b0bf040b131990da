/** What the page shows, as its address says it: all behind `#`, so that a server never sees it. */
import { createStore, type Store } from "./store.ts";

export const tabs = ["map", "clusters", "confusion", "k", "decode", "compare", "run", "steps"] as const;
export type Tab = (typeof tabs)[number];

export const colourings = ["cluster", "class", "certainty", "error"] as const;
export type Colouring = (typeof colourings)[number];

/** Where no run is open: the list of runs, or a new one. */
const startPages = ["runs", "new"] as const;
export type StartPage = (typeof startPages)[number];

export interface Address {
  readonly run: string | null;
  readonly page: StartPage;
  readonly tab: Tab;
  /** Name of the array of places; null: the run's first. */
  readonly plane: string | null;
  readonly colours: Colouring;
  /** Numbers of the camera: x, y, zoom; in space x, y, z, zoom, turn, tilt. */
  readonly camera: readonly number[] | null;
  /** Selected images, packed. */
  readonly selection: string;
  /** Clusters or classes that alone are shown; empty: all. */
  readonly only: readonly number[];
  /** Image that is shown large. */
  readonly image: number | null;
  /** Cluster that is open among the clusters. */
  readonly cluster: number | null;
  /** Cell of the confusion matrix that is open: class, cluster. */
  readonly cell: readonly [number, number] | null;
  /** Number of clusters that is tried out. */
  readonly k: number | null;
  /** Place of the code's plane that is decoded. */
  readonly place: readonly number[] | null;
  /** Ends of a walk through the code: `i12`, `c3` or `p0.5,-1`. */
  readonly walk: readonly [string, string] | null;
  /** Images of the walk; null: as usual. */
  readonly stops: number | null;
  /** Place on the walk that is shown large, 0..1. */
  readonly at: number | null;
  /** Whether the plane is decoded behind its points. */
  readonly atlas: boolean;
  /** Run that this one is compared with. */
  readonly with: string | null;
  /** The plane of that one. */
  readonly otherPlane: string | null;
  /** What is open of the comparison: `3,5` (cluster, cluster of the other), `3,`, `,5`, or `differ`. */
  readonly flow: string | null;
  /** What is shown step by step: method, k, seed, start and step. */
  readonly steps: string | null;
}

const nowhere: Address = {
  run: null,
  page: "runs",
  tab: "map",
  plane: null,
  colours: "cluster",
  camera: null,
  selection: "",
  only: [],
  image: null,
  cluster: null,
  cell: null,
  k: null,
  place: null,
  walk: null,
  stops: null,
  at: null,
  atlas: true,
  with: null,
  otherPlane: null,
  flow: null,
  steps: null,
};

const oneFlow = /^(differ|\d+,\d*|,\d+)$/;

/** Whether a text names what a walk can begin or end at. */
function isWalkEnd(text: string): boolean {
  return /^([ic]\d{1,9}|p-?\d[\d.e+-]*(,-?\d[\d.e+-]*){1,2})$/.test(text);
}

/** Reads the part of an address behind `#`; what makes no sense is left out. */
export function readAddress(hash: string): Address {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const oneOf = <T extends string>(name: string, among: readonly T[], otherwise: T): T =>
    among.find((word) => word === said.get(name)) ?? otherwise;
  const numbers = (name: string): readonly number[] => {
    const text = said.get(name) ?? "";
    return text === "" ? [] : text.split(",").map(Number).filter(Number.isFinite);
  };
  const whole = (name: string): number | null => {
    const [value] = numbers(name);
    return value !== undefined && Number.isInteger(value) && value >= 0 ? value : null;
  };
  const camera = numbers("camera");
  const cell = numbers("cell");
  const place = numbers("place");
  const walk = (said.get("walk") ?? "").split("~");
  const [at] = numbers("at");
  return {
    run: said.get("run"),
    page: oneOf("page", startPages, nowhere.page),
    tab: oneOf("tab", tabs, nowhere.tab),
    plane: said.get("plane"),
    colours: oneOf("colours", colourings, nowhere.colours),
    camera: camera.length === 3 || camera.length === 6 ? camera : null,
    selection: said.get("selection") ?? "",
    only: numbers("only").filter(Number.isInteger),
    image: whole("image"),
    cluster: whole("cluster"),
    cell: cell.length === 2 ? [cell[0] as number, cell[1] as number] : null,
    k: whole("k"),
    place: place.length === 2 || place.length === 3 ? place : null,
    walk: walk.length === 2 && walk.every(isWalkEnd) ? (walk as [string, string]) : null,
    stops: whole("stops"),
    at: at !== undefined && at >= 0 && at <= 1 ? at : null,
    atlas: said.get("atlas") !== "no",
    with: said.get("with"),
    otherPlane: said.get("otherPlane"),
    flow: oneFlow.test(said.get("flow") ?? "") ? said.get("flow") : null,
    steps: said.get("steps"),
  };
}

/** The address as the text behind `#`; what is as usual is not said. */
export function writeAddress(address: Address): string {
  const said: string[] = [];
  const say = (name: string, value: string): void => {
    said.push(`${name}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%2F", "/")}`);
  };
  if (address.run !== null) say("run", address.run);
  if (address.page !== nowhere.page) say("page", address.page);
  if (address.tab !== nowhere.tab) say("tab", address.tab);
  if (address.plane !== null) say("plane", address.plane);
  if (address.colours !== nowhere.colours) say("colours", address.colours);
  if (address.camera !== null) say("camera", address.camera.map((x) => Number(x.toPrecision(6))).join(","));
  if (address.only.length > 0) say("only", address.only.join(","));
  if (address.image !== null) say("image", String(address.image));
  if (address.cluster !== null) say("cluster", String(address.cluster));
  if (address.cell !== null) say("cell", address.cell.join(","));
  if (address.k !== null) say("k", String(address.k));
  if (address.place !== null) say("place", address.place.map((x) => Number(x.toPrecision(5))).join(","));
  if (address.walk !== null) say("walk", address.walk.join("~"));
  if (address.stops !== null) say("stops", String(address.stops));
  if (address.at !== null) say("at", String(Number(address.at.toFixed(3))));
  if (!address.atlas) say("atlas", "no");
  if (address.with !== null) say("with", address.with);
  if (address.otherPlane !== null) say("otherPlane", address.otherPlane);
  if (address.flow !== null) say("flow", address.flow);
  if (address.steps !== null) say("steps", address.steps);
  if (address.selection !== "") say("selection", address.selection);
  return said.length > 0 ? `#${said.join("&")}` : "#";
}

export const address: Store<Address> = createStore(nowhere);

/** Longer selections are not said in the address: browsers and people cut long ones. */
const longestAddress = 32_000;

/**
 * Shows something else. `push` (what a person would want to come back from) makes a new entry in the history,
 * `replace` (camera, hovering) changes the present one.
 */
export function goTo(change: Partial<Address>, how: "push" | "replace" = "push"): void {
  const next = { ...address.get(), ...change };
  const full = writeAddress(next);
  const text = full.length > longestAddress ? writeAddress({ ...next, selection: "" }) : full;
  const before = writeAddress(address.get());
  if (full === before) return;
  const url = `${location.pathname}${location.search}${text}`;
  if (how === "push") history.pushState(null, "", url);
  else history.replaceState(null, "", url);
  address.set(next);
}

/** Begins to follow the browser's address; call once. */
export function followAddress(): void {
  const read = (): void => address.set(readAddress(location.hash));
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  read();
}

/** The state of a run that was just opened: nothing of another one's. */
export function openedRun(run: string | null): Address {
  return { ...nowhere, run };
}

/** The page on which a run is started, and watched while it is made. */
export const newRun: Address = { ...nowhere, page: "new" };
