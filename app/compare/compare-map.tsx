import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { RunView } from "../../src/explorer/protocol.ts";
import { coloursOf } from "../canvas/colouring.ts";
import { DrawnMap, type MapHandle, type MapLabel } from "../canvas/drawn-map.tsx";
import { heedKey } from "../canvas/keys.ts";
import { ToolButtons } from "../canvas/map-tools.tsx";
import { placesOf } from "../canvas/places.ts";
import { PlaneOptions } from "../canvas/plane-options.tsx";
import { planeLabel, planesOf } from "../canvas/planes.ts";
import type { Tool } from "../canvas/use-pointer.ts";
import { Failure, Waiting } from "../parts/parts.tsx";
import { preparations } from "../state/client.ts";
import type { Loaded, Numbers, RunProps } from "../state/run-session.ts";
import { createStore, type Store, useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { images } from "../state/words.ts";

const none: Store<Loaded<Numbers>> = createStore<Loaded<Numbers>>({ state: "loading" });
const noOutlines: readonly number[] = [];

/** The best plane that is at hand; else the code's, which is there long before a UMAP. */
function usualPlane(view: RunView, available: readonly string[]): string | null {
  const [best = null] = available;
  if (view.arrays.some(({ name, state }) => name === best && state === "ready")) return best;
  return available.find((name) => name.startsWith("code")) ?? best;
}

/** The map of one of two runs; what is selected, pointed at and shown in it is so in both. */
export function CompareMap({
  side,
  session,
  view,
  edits,
  groups,
  plane: wanted,
  selected,
  marked,
  onPlane,
  onSelect,
  onHover,
  onImage,
}: RunProps & {
  side: "this" | "other";
  /** Number of each image by whose colour it is drawn. */
  groups: Int32Array;
  plane: string | null;
  selected: readonly number[];
  marked: number | null;
  onPlane: (plane: string) => void;
  onSelect: (images: readonly number[], adding: boolean) => void;
  onHover: (image: number | null) => void;
  onImage: (image: number | null) => void;
}): VNode {
  const mode = useStore(theme);
  const making = useStore(preparations);
  const map = useRef<MapHandle | null>(null);
  const [tool, setTool] = useState<Tool>("pan");
  const [broken, setBroken] = useState<string | null>(null);
  const [pictured, setPictured] = useState(false);
  const [camera, setCamera] = useState<readonly number[] | null>(null);
  const available = useMemo(() => planesOf(view), [view]);
  const plane = wanted !== null && available.includes(wanted) ? wanted : usualPlane(view, available);
  const dimensions = plane?.endsWith("3d") ? 3 : 2;
  const placed = useStore(plane === null ? none : session.array(plane));
  const places = useMemo(
    () => (placed.state === "ready" ? placesOf(placed.value as Float32Array, dimensions) : null),
    [placed, dimensions],
  );
  const colours = useMemo(
    () => coloursOf("cluster", groups, [], selected, mode).rgba,
    [groups, selected, mode],
  );
  const labels = useMemo((): readonly MapLabel[] => {
    const centers = plane === null ? [] : (view.shapes[plane]?.centers ?? []);
    const names = new Map(edits?.clusters.map(({ cluster, name }) => [cluster, name]));
    return centers.flatMap((center, cluster) =>
      center.length > 0 ? [{ cluster, center, text: names.get(cluster) ?? String(cluster) }] : [],
    );
  }, [view, plane, edits]);
  const thumbnails = useMemo(
    () => view.atlas && { atlas: view.atlas, sheet: (index: number) => session.sheet(index) },
    [view.atlas, session],
  );
  const fit = (): void => {
    setCamera(null);
    map.current?.canvas.setCamera(null);
  };
  const onKeyDown = (event: KeyboardEvent): void =>
    heedKey(event, map.current, {
      image: marked,
      goToImage(image) {
        onImage(image);
        map.current?.reveal(image);
      },
      fit,
      toggle: (image) =>
        onSelect(
          selected.includes(image) ? selected.filter((one) => one !== image) : [image],
          !selected.includes(image),
        ),
      setTool,
      escape() {
        setTool("pan");
        if (marked === null) onSelect([], false);
        else onImage(null);
      },
    });
  const failed = placed.state === "failed" ? placed.error : broken;
  const who = side === "this" ? "this run" : "the other run";
  const done = making.get(`arrays/${plane}`);
  return (
    <section class="compare-map" aria-label={`Map of ${who}`}>
      <div class="compare-map-tools" role="toolbar" aria-label={`Map of ${who}: tools`}>
        <select
          aria-label={`Plane of ${who}`}
          value={plane ?? ""}
          onChange={(event) => {
            setCamera(null);
            onPlane(event.currentTarget.value);
          }}
        >
          <PlaneOptions planes={available} />
        </select>
        <span class="segments">
          <ToolButtons tool={tool} onTool={setTool} />
        </span>
        <button type="button" onClick={fit}>
          Fit
        </button>
      </div>
      <div class="compare-canvas">
        <DrawnMap
          label={`Map of ${who}, ${view.name}, with ${images(view.count)}. Arrow keys go from image to image, plus and minus zoom, space selects.`}
          handle={map}
          places={places}
          colours={colours}
          shapes={null}
          outlined={noOutlines}
          labels={labels}
          marked={marked}
          mode={mode}
          plane={plane}
          camera={camera}
          thumbnails={thumbnails}
          tool={tool}
          onCamera={setCamera}
          onHover={onHover}
          onPick={onImage}
          onEnclosed={onSelect}
          onKeyDown={onKeyDown}
          onFirstPicture={() => setPictured(true)}
          onBroken={setBroken}
        >
          {failed !== null ? (
            <div class="map-over">
              <Failure text={failed} retry={session.retry} />
            </div>
          ) : plane === null ? (
            <div class="map-over">
              <Failure text="This run has no code and no map that could be drawn." />
            </div>
          ) : (
            (!places || !pictured) && (
              <div class="map-over">
                <Waiting
                  what={`${planeLabel(plane)}: ${images(view.count)} on their way …`}
                  {...(done === undefined ? {} : { done })}
                />
              </div>
            )
          )}
        </DrawnMap>
      </div>
    </section>
  );
}
