import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { arrayOf, colouringLabel, coloursOf } from "../canvas/colouring.ts";
import { DrawnMap, type MapHandle, type MapLabel } from "../canvas/drawn-map.tsx";
import { heedKey } from "../canvas/keys.ts";
import { base64Of, mapAsPng, mapAsSvg } from "../canvas/map-files.ts";
import { MapTools } from "../canvas/map-tools.tsx";
import { placesOf } from "../canvas/places.ts";
import { planeLabel, planesOf } from "../canvas/planes.ts";
import type { Tool } from "../canvas/use-pointer.ts";
import { ActionBar } from "../parts/action-bar.tsx";
import { Details } from "../parts/details.tsx";
import { Failure, Waiting } from "../parts/parts.tsx";
import { saveAs } from "../parts/save-as.ts";
import { address, type Colouring, colourings, goTo, writeAddress } from "../state/address.ts";
import { preparations } from "../state/client.ts";
import { joined, packIndices, toggled, unpackIndices } from "../state/packed-indices.ts";
import type { Loaded, Numbers, RunProps } from "../state/run-session.ts";
import { createStore, type Store, useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { count, faultText, images } from "../state/words.ts";
import { FindImage } from "./find-image.tsx";
import { KeepView } from "./keep-view.tsx";
import { GroupLegend, legendEntries, ValueLegend } from "./legend.tsx";

const none: Store<Loaded<Numbers>> = createStore<Loaded<Numbers>>({ state: "loading" });

/** All images as points, and what one does with them, as the page's address says. */
export function MapView({ session, view, edits }: RunProps): VNode {
  const at = useStore(address);
  const mode = useStore(theme);
  const available = useMemo(() => planesOf(view), [view]);
  const plane = at.plane !== null && available.includes(at.plane) ? at.plane : (available[0] ?? null);
  const dimensions = plane?.endsWith("3d") ? 3 : 2;
  const kName = at.k === null ? null : `k-${at.k}`;
  const possible = colourings.filter((colouring) => arrayOf(colouring, view, kName) !== null);
  const colouring: Colouring = possible.includes(at.colours) ? at.colours : "cluster";
  const valuesName = arrayOf(colouring, view, kName);
  const placed = useStore(plane === null ? none : session.array(plane));
  const valued = useStore(valuesName === null ? none : session.array(valuesName));
  const selected = useMemo(() => unpackIndices(at.selection), [at.selection]);

  const map = useRef<MapHandle | null>(null);
  const [tool, setTool] = useState<Tool>("pan");
  const [hovered, setHovered] = useState<number | null>(null);
  const [outlined, setOutlined] = useState(true);
  const [broken, setBroken] = useState<string | null>(null);
  const [pictured, setPictured] = useState(false);
  const [taken, setTaken] = useState<Blob | null>(null);

  const places = useMemo(
    () => (placed.state === "ready" ? placesOf(placed.value as Float32Array, dimensions) : null),
    [placed, dimensions],
  );
  const colours = useMemo(
    () => (valued.state === "ready" ? coloursOf(colouring, valued.value, at.only, selected, mode) : null),
    [valued, colouring, at.only, selected, mode],
  );
  const shapes = plane !== null && at.k === null ? (view.shapes[plane] ?? null) : null;
  const names = useMemo(() => new Map(edits?.clusters.map(({ cluster, name }) => [cluster, name])), [edits]);
  const entries = useMemo(
    () =>
      valued.state === "ready" && (colouring === "cluster" || colouring === "class")
        ? legendEntries(
            valued.value,
            colouring === "class" ? view.classNames : null,
            at.k === null ? names : new Map(),
          )
        : [],
    [valued, colouring, view, names, at.k],
  );
  // Centers and ellipses of the clusters that are shown.
  const shown = useMemo(() => {
    const only = new Set(colouring === "cluster" ? at.only : []);
    if (!outlined || !shapes || colouring === "class") return [];
    return [...shapes.centers.keys()].filter(
      (cluster) => shapes.centers[cluster]?.length !== 0 && (only.size === 0 || only.has(cluster)),
    );
  }, [outlined, shapes, colouring, at.only]);
  const labels = useMemo((): readonly MapLabel[] => {
    if (colouring === "error") return [];
    const named = shown.filter((cluster) => names.has(cluster));
    return named.map((cluster) => ({
      cluster,
      center: shapes?.centers[cluster] ?? [],
      text: names.get(cluster) ?? String(cluster),
    }));
  }, [shown, shapes, colouring, names]);
  const thumbnails = useMemo(
    () => (view.atlas ? { atlas: view.atlas, sheet: session.sheet } : null),
    [view.atlas, session],
  );

  const toggle = (index: number): void => {
    goTo({ selection: packIndices(toggled(selected, index)) });
  };
  const enclosed = (found: readonly number[], add: boolean): void => {
    if (found.length === 0 && selected.length === 0) return;
    const all = add ? joined(selected, found) : found;
    goTo({ selection: packIndices(all) });
  };
  const fit = (): void => {
    goTo({ camera: null });
    map.current?.canvas.setCamera(null);
  };
  /** Shows an image, and brings it into the picture where it is outside. */
  const goToImage = (index: number | null, how: "push" | "replace" = "push"): void => {
    goTo({ image: index }, how);
    if (index !== null) map.current?.reveal(index);
  };

  const save = async (kind: "png" | "svg"): Promise<void> => {
    const drawn = map.current?.drawing();
    if (!map.current || !drawn) return;
    const { canvas, labels: placed, size } = map.current;
    const title = `${view.name}: ${planeLabel(plane)}, coloured by ${colouringLabel(colouring, view).toLowerCase()}`;
    const name = `${view.name.replaceAll(/[^\w.-]+/g, "-")}-${plane}-${colouring}.${kind}`;
    try {
      const blob =
        kind === "png"
          ? await mapAsPng(canvas, drawn, placed())
          : mapAsSvg(canvas, drawn, placed(), title, size());
      saveAs(blob, name);
    } catch (error) {
      session.notice.set({ kind: "error", text: faultText(error) });
    }
  };

  const takePicture = async (): Promise<void> => {
    const drawn = map.current?.drawing();
    if (!map.current || !drawn) return;
    try {
      setTaken(await mapAsPng(map.current.canvas, drawn, map.current.labels()));
    } catch (error) {
      session.notice.set({ kind: "error", text: faultText(error) });
    }
  };
  const keep = async (picture: Blob, caption: string): Promise<boolean> => {
    const png = await base64Of(picture);
    const said = writeAddress(address.get());
    return session.changeViews({ do: "keep", caption, address: said, png }, "Kept this view in the report.");
  };

  const preparing = useStore(preparations);
  const failed = [placed, valued].find((store) => store.state === "failed");
  const waiting = plane !== null && (!places || !colours || !pictured) && !failed && broken === null;
  const done = preparing.get(`arrays/${plane}`) ?? preparing.get(`arrays/${valuesName}`);

  return (
    <div class="map-view">
      <MapTools
        planes={available}
        plane={plane}
        onPlane={(next) => goTo({ plane: next, camera: null })}
        colourings={possible.map((name) => ({ name, label: colouringLabel(name, view) }))}
        colouring={colouring}
        onColouring={(next) => goTo({ colours: next, only: [] })}
        tool={tool}
        onTool={setTool}
        map={map}
        onFit={fit}
        outlined={shapes ? outlined : null}
        onOutlined={setOutlined}
        onSave={(kind) => void save(kind)}
        onKeep={session.offers.edits ? () => void takePicture() : null}
      />
      <div class="map-area">
        <DrawnMap
          label={`Map of ${images(view.count)}. Arrow keys go from image to image, plus and minus zoom, space selects.`}
          describedBy="map-said"
          handle={map}
          places={places}
          colours={colours?.rgba ?? null}
          shapes={shapes}
          outlined={shown}
          labels={labels}
          marked={at.image ?? hovered}
          mode={mode}
          plane={plane}
          camera={at.camera}
          thumbnails={thumbnails}
          tool={tool}
          onCamera={(camera) => goTo({ camera }, "replace")}
          onHover={setHovered}
          onPick={(index) => (index !== null || at.image !== null) && goTo({ image: index })}
          onEnclosed={enclosed}
          onFirstPicture={() => setPictured(true)}
          onBroken={setBroken}
          onKeyDown={(event) =>
            heedKey(event, map.current, {
              image: at.image,
              goToImage: (index) => goToImage(index, "replace"),
              fit,
              toggle,
              setTool,
              escape() {
                setTool("pan");
                goTo(at.image !== null ? { image: null } : { selection: "" });
              },
            })
          }
        >
          {waiting && (
            <div class="map-over">
              <Waiting
                what={
                  places && !colours && at.k !== null
                    ? `${at.k} clusters are being found …`
                    : `${planeLabel(plane)}: ${images(view.count)} on their way …`
                }
                {...(done === undefined ? {} : { done })}
              />
            </div>
          )}
          {plane === null && (
            <div class="map-over">
              <Failure text="This run has no code and no map that could be drawn. Make one with a network or with +umap in the method, e.g. conv-ae+umap+kmeans." />
            </div>
          )}
          {failed?.state === "failed" && (
            <div class="map-over">
              <Failure text={failed.error} retry={session.retry} />
            </div>
          )}
          {broken !== null && (
            <div class="map-over">
              <Failure text={broken} />
            </div>
          )}
        </DrawnMap>
        <p id="map-said" class="hidden" aria-live="polite">
          {at.image !== null && `Image ${at.image}. ${count(selected.length)} selected.`}
        </p>
        {edits && at.k === null && <ActionBar session={session} edits={edits} selected={selected} />}
        {at.k !== null && (
          <div class="action-bar" role="status">
            <strong>Trying {at.k} clusters</strong>
            <button type="button" onClick={() => goTo({ k: null, only: [] })}>
              Back to the run's own
            </button>
            {at.tab !== "k" && (
              <button type="button" class="quiet" onClick={() => goTo({ tab: "k" })}>
                Number of clusters
              </button>
            )}
          </div>
        )}
      </div>
      {taken && (
        <KeepView
          picture={taken}
          suggestion={`${planeLabel(plane)}, coloured by ${colouringLabel(colouring, view).toLowerCase()}.`}
          onKeep={(caption) => keep(taken, caption)}
          onClose={() => setTaken(null)}
        />
      )}
      <aside class="map-side" aria-label="Legend and image">
        <FindImage session={session} named={view.named} onOpen={(index) => goToImage(index)} />
        <Details
          session={session}
          view={view}
          edits={edits}
          index={at.image ?? hovered}
          pinned={at.image !== null}
          onOpen={(index) => goToImage(index)}
          onCluster={(cluster) => goTo({ tab: "clusters", cluster })}
        />
        {colours?.scale ? (
          <ValueLegend what={colouringLabel(colouring, view)} scale={colours.scale} />
        ) : (
          <GroupLegend
            what={colouringLabel(colouring, view)}
            entries={entries}
            only={at.only}
            onOnly={(only) => goTo({ only })}
          />
        )}
      </aside>
    </div>
  );
}
