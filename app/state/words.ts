/** Numbers and clusters in words. */
import type { EditState } from "../../src/explorer/protocol.ts";

const whole = new Intl.NumberFormat("en");

/** 70000 -> "70,000". */
export const count = (n: number): string => whole.format(n);

/** "1 image", "2 images". */
export const images = (n: number): string => `${count(n)} image${n === 1 ? "" : "s"}`;

/** 0.4312 -> "43 %"; small shares keep a decimal. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** A number with as many digits as a person reads. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  if (size >= 1000) return whole.format(Math.round(value));
  if (size >= 100) return value.toFixed(1);
  if (size === 0) return "0";
  return size >= 0.001 ? String(Number(value.toPrecision(4))) : value.toExponential(2);
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment as a record has it, to the minute: "2026-01-02 03:04". */
export const minute = (at: string): string => at.slice(0, 16).replace("T", " ");

/** What went wrong, of anything that was thrown. */
export const faultText = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

/** What a cluster is called: "7", or "7 · sandals". */
export function clusterLabel(cluster: number, name: string | null | undefined): string {
  return name ? `${cluster} · ${name}` : String(cluster);
}

/** The name of a cluster as it is now; "cluster 7" where it has none. */
export function nameOf(cluster: number, state: EditState | null): string {
  const name = state?.clusters.find((entry) => entry.cluster === cluster)?.name;
  return name ? `cluster ${cluster} (${name})` : `cluster ${cluster}`;
}
