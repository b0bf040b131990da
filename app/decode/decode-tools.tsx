import type { VNode } from "preact";
import { CameraButtons } from "../canvas/camera-buttons.tsx";
import { PlaneOptions } from "../canvas/plane-options.tsx";
import { address, goTo } from "../state/address.ts";
import { useStore } from "../state/store.ts";
import type { DecodeTool } from "./use-dragging.ts";

/** What is drawn, what dragging does, the camera, and saving. */
export function DecodeTools({
  planes,
  plane,
  tool,
  onTool,
  onZoom,
  onFit,
  pointed,
  onPointed,
  onSave,
}: {
  planes: readonly string[];
  plane: string;
  /** Null in space, where dragging turns it. */
  tool: DecodeTool | null;
  onTool: (tool: DecodeTool) => void;
  onZoom: (by: number) => void;
  onFit: () => void;
  /** Whether the images are drawn as points. */
  pointed: boolean;
  onPointed: (pointed: boolean) => void;
  /** Saves the decoded plane; null until there is one. */
  onSave: (() => void) | null;
}): VNode {
  const at = useStore(address);
  const isPlane = tool !== null;
  return (
    <div class="map-tools" role="toolbar" aria-label="Decode">
      <label>
        <span>Plane</span>
        <select
          value={plane}
          onChange={(event) => goTo({ plane: event.currentTarget.value, camera: null, place: null })}
        >
          <PlaneOptions planes={planes} />
        </select>
      </label>
      {isPlane && (
        <fieldset class="segments">
          <legend class="hidden">What dragging does</legend>
          <button type="button" aria-pressed={tool === "decode"} onClick={() => onTool("decode")}>
            Decode
          </button>
          <button type="button" aria-pressed={tool === "pan"} onClick={() => onTool("pan")}>
            Move
          </button>
        </fieldset>
      )}
      <CameraButtons onZoom={onZoom} onFit={onFit} />
      {isPlane && (
        <label class="check">
          <input
            type="checkbox"
            checked={at.atlas}
            onChange={(event) => goTo({ atlas: event.currentTarget.checked })}
          />
          Decoded plane
        </label>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={pointed}
          onChange={(event) => onPointed(event.currentTarget.checked)}
        />
        Images as points
      </label>
      {at.atlas && isPlane && (
        <button type="button" class="push" disabled={onSave === null} onClick={() => onSave?.()}>
          Save the decoded plane
        </button>
      )}
    </div>
  );
}
