import type { VNode } from "preact";
import { planeLabel } from "./planes.ts";

/** The planes that a run can be drawn in, within what lets one choose. */
export function PlaneOptions({ planes }: { planes: readonly string[] }): VNode {
  return (
    <>
      {planes.map((name) => (
        <option key={name} value={name}>
          {planeLabel(name)}
        </option>
      ))}
    </>
  );
}
