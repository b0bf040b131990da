import type { RefObject, VNode } from "preact";
import type { Colouring } from "../state/address.ts";
import { CameraButtons } from "./camera-buttons.tsx";
import type { MapHandle } from "./drawn-map.tsx";
import { PlaneOptions } from "./plane-options.tsx";
import type { Tool } from "./use-pointer.ts";

const tools: readonly (readonly [Tool, string, string])[] = [
  ["pan", "Move", "V"],
  ["box", "Box", "B"],
  ["lasso", "Lasso", "L"],
];

/** What dragging does, to choose from; within what groups them. */
export function ToolButtons({ tool, onTool }: { tool: Tool; onTool: (tool: Tool) => void }): VNode {
  return (
    <>
      {tools.map(([name, label, key]) => (
        <button
          key={name}
          type="button"
          aria-pressed={tool === name}
          title={`${label} (${key})`}
          onClick={() => onTool(name)}
        >
          {label}
        </button>
      ))}
    </>
  );
}

/** What is drawn, what dragging does, the camera, and saving. */
export function MapTools({
  planes,
  plane,
  onPlane,
  colourings,
  colouring,
  onColouring,
  tool,
  onTool,
  map,
  onFit,
  outlined,
  onOutlined,
  onSave,
  onKeep,
}: {
  planes: readonly string[];
  plane: string | null;
  onPlane: (plane: string) => void;
  colourings: readonly { readonly name: Colouring; readonly label: string }[];
  colouring: Colouring;
  onColouring: (colouring: Colouring) => void;
  tool: Tool;
  onTool: (tool: Tool) => void;
  map: RefObject<MapHandle | null>;
  onFit: () => void;
  /** Whether centers are drawn; null where the plane has none. */
  outlined: boolean | null;
  onOutlined: (outlined: boolean) => void;
  onSave: (kind: "png" | "svg") => void;
  /** Keeps the map in the report; null where that cannot be. */
  onKeep: (() => void) | null;
}): VNode {
  return (
    <div class="map-tools" role="toolbar" aria-label="Map">
      <label>
        <span>Plane</span>
        <select value={plane ?? ""} onChange={(event) => onPlane(event.currentTarget.value)}>
          <PlaneOptions planes={planes} />
        </select>
      </label>
      <label>
        <span>Colours</span>
        <select value={colouring} onChange={(event) => onColouring(event.currentTarget.value as Colouring)}>
          {colourings.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="segments">
        <legend class="hidden">What dragging does</legend>
        <ToolButtons tool={tool} onTool={onTool} />
      </fieldset>
      <CameraButtons onZoom={(by) => map.current?.move((canvas) => canvas.zoom(by))} onFit={onFit} />
      {outlined !== null && (
        <label class="check">
          <input
            type="checkbox"
            checked={outlined}
            onChange={(event) => onOutlined(event.currentTarget.checked)}
          />
          Centers
        </label>
      )}
      <fieldset class="segments push">
        <legend class="hidden">Save the map</legend>
        <button type="button" aria-label="Save the map as PNG" onClick={() => onSave("png")}>
          PNG
        </button>
        <button type="button" aria-label="Save the map as SVG" onClick={() => onSave("svg")}>
          SVG
        </button>
        {onKeep && (
          <button type="button" title="Keep this view in the report" onClick={onKeep}>
            Keep
          </button>
        )}
      </fieldset>
    </div>
  );
}
