import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { CompareView as Compared, EditState, RunView } from "../../src/explorer/protocol.ts";
import { Details } from "../parts/details.tsx";
import { Asked, Failure, Waiting } from "../parts/parts.tsx";
import { address, goTo, openedRun } from "../state/address.ts";
import { joined, packIndices, unpackIndices } from "../state/packed-indices.ts";
import { type Loaded, openRun, type RunProps, type RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { count, faultText, images, nameOf, percent } from "../state/words.ts";
import { areComparable, Choice, useOthers } from "./choice.tsx";
import { CompareMap } from "./compare-map.tsx";
import { FlowChart } from "./flow-chart.tsx";
import { Gallery } from "./gallery.tsx";
import { colourNumbers, imagesOfFlow } from "./pairing.ts";
import { Differences, ScorePairs } from "./tables.tsx";

/** This run beside another one of the same images. */
export function CompareView(props: RunProps): VNode {
  const { view } = props;
  const { with: id } = useStore(address);
  const others = useOthers(view);
  const [other, setOther] = useState<RunSession | null>(null);
  useEffect(() => {
    if (id === null) {
      setOther(null);
      return;
    }
    const opened = openRun(id);
    setOther(opened);
    return () => opened.close();
  }, [id]);
  if (id === null) return <Choice view={view} others={others} />;
  if (other?.id !== id) return <Waiting what="The other run is being opened …" />;
  return <WithOther {...props} other={other} others={others} />;
}

function WithOther({
  other,
  others,
  ...props
}: RunProps & { other: RunSession; others: ReturnType<typeof useOthers> }): VNode {
  const view = useStore(other.view);
  const edits = useStore(other.edits);
  const back = (
    <button type="button" onClick={() => goTo({ with: null, flow: null })}>
      Choose another run
    </button>
  );
  if (view.state === "failed") {
    return (
      <div class="page-words">
        <Failure text={view.error} retry={other.retry} />
        {back}
      </div>
    );
  }
  return (
    <Asked of={view} what="The other run is being opened …" retry={other.retry}>
      {(otherView) =>
        areComparable(props.view, otherView) ? (
          <Both
            {...props}
            others={others}
            other={{ session: other, view: otherView, edits: edits.state === "ready" ? edits.value : null }}
          />
        ) : (
          <div class="page-words">
            <h2>These two cannot be compared</h2>
            <p>
              {props.view.name} is of {images(props.view.count)} of {props.view.source}, {otherView.name} of{" "}
              {images(otherView.count)} of {otherView.source}: only runs of the same images, in the same
              order, can be held against each other.
            </p>
            {back}
          </div>
        )
      }
    </Asked>
  );
}

/** How the two agree, asked again after each edit of either; what is shown stays until the new is there. */
function useCompared(a: RunProps, b: RunProps): Loaded<Compared> & { readonly again: () => void } {
  const [compared, setCompared] = useState<Loaded<Compared>>({ state: "loading" });
  const [attempt, setAttempt] = useState(0);
  const versions = `${a.edits?.version}/${b.edits?.version}`;
  // the answer counts edits of both.
  useEffect(() => {
    let over = false;
    a.session.compare(b.session.id).then(
      (value) => !over && setCompared({ state: "ready", value }),
      (error) => !over && setCompared({ state: "failed", error: faultText(error) }),
    );
    return () => {
      over = true;
    };
  }, [a.session, b.session, versions, attempt]);
  return { ...compared, again: () => setAttempt(attempt + 1) };
}

function Both({
  other,
  others,
  ...own
}: RunProps & { other: RunProps; others: ReturnType<typeof useOthers> }): VNode {
  const compared = useCompared(own, other);
  const first = useStore(own.session.array("cluster"));
  const second = useStore(other.session.array("cluster"));
  const failed = [first, second].find(({ state }) => state === "failed");
  if (compared.state === "failed") return <Failure text={compared.error} retry={compared.again} />;
  if (failed?.state === "failed") return <Failure text={failed.error} retry={own.session.retry} />;
  if (compared.state !== "ready" || first.state !== "ready" || second.state !== "ready") {
    return <Waiting what="The clusters of both are being held against each other …" />;
  }
  const labels = [first.value as Int32Array, second.value as Int32Array] as const;
  return <Comparison own={own} other={other} others={others} compared={compared.value} labels={labels} />;
}

function Comparison({
  own,
  other,
  others,
  compared,
  labels,
}: {
  own: RunProps;
  other: RunProps;
  others: ReturnType<typeof useOthers>;
  compared: Compared;
  labels: readonly [Int32Array, Int32Array];
}): VNode {
  const at = useStore(address);
  const [hovered, setHovered] = useState<number | null>(null);
  const match = useMemo(() => new Map(compared.match), [compared]);
  const colours = useMemo(() => colourNumbers(compared), [compared]);
  const otherGroups = useMemo(() => labels[1].map((label) => colours.get(label) ?? -1), [labels[1], colours]);
  const selected = useMemo(
    () =>
      at.flow === null
        ? unpackIndices(at.selection).filter((i) => i < labels[0].length)
        : imagesOfFlow(at.flow, labels[0], labels[1], match),
    [at.flow, at.selection, labels[0], labels[1], match],
  );
  const names = namesOf(own.view, other.view);
  const total = labels[0].length;
  const differing = total - compared.agreeing;
  const marked = at.image ?? hovered;
  const select = (found: readonly number[], adding: boolean): void => {
    const all = adding ? joined(selected, found) : found;
    if (all.length > 0 || selected.length > 0) goTo({ flow: null, selection: packIndices(all) });
  };
  const openFlow = (flow: string | null): void => goTo({ flow, selection: "" });
  const map = { selected, marked, onSelect: select, onHover: setHovered } as const;
  const goToImage = (image: number | null): void => goTo({ image }, "replace");
  return (
    <div class="compare-view">
      <div class="map-tools compare-head">
        <label>
          <span>Compare with</span>
          <select
            value={other.view.id}
            onChange={(event) => goTo({ with: event.currentTarget.value, flow: null })}
          >
            {fitting(others, own.view, other.view).map((run) => (
              <option key={run.id} value={run.id}>
                {run.name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" title="The other run to the left" onClick={() => goTo(turned(own, other))}>
          ⇄ Change sides
        </button>
        <dl class="head-scores">
          <Agreement
            name="Agree"
            value={percent(compared.agreeing / total)}
            meaning="Share of images in clusters that are matched: one of each run, so that they share as many images as possible."
          />
          <Agreement
            name="ARI"
            value={compared.adjustedRandIndex.toFixed(3)}
            meaning="Adjusted Rand index of the two: 1 the same clusters, about 0 as by chance."
          />
          <Agreement
            name="NMI"
            value={compared.normalizedMutualInformation.toFixed(3)}
            meaning="Normalized mutual information of the two: 1 the same clusters, 0 nothing in common."
          />
        </dl>
        <button
          type="button"
          class="push"
          aria-pressed={at.flow === "differ"}
          disabled={differing === 0}
          onClick={() => openFlow(at.flow === "differ" ? null : "differ")}
        >
          {differing === 0 ? "They agree on all" : `Differ on ${images(differing)}`}
        </button>
      </div>
      <div class="compare-maps">
        <figure>
          <figcaption title={own.view.name}>{names[0]}</figcaption>
          <CompareMap
            side="this"
            {...own}
            {...map}
            groups={labels[0]}
            plane={at.plane}
            onPlane={(plane) => goTo({ plane })}
            onImage={goToImage}
          />
        </figure>
        <div class="compare-flow">
          <FlowChart compared={compared} names={names} colours={colours} open={at.flow} onOpen={openFlow} />
        </div>
        <figure>
          <figcaption title={other.view.name}>{names[1]}</figcaption>
          <CompareMap
            side="other"
            {...other}
            {...map}
            groups={otherGroups}
            plane={at.otherPlane}
            onPlane={(otherPlane) => goTo({ otherPlane })}
            onImage={goToImage}
          />
        </figure>
      </div>
      <p class="hidden" aria-live="polite">
        {`${count(selected.length)} images selected in both maps.`}
        {at.image !== null &&
          ` Image ${at.image}: cluster ${labels[0][at.image]} here, ${labels[1][at.image]} there.`}
      </p>
      <div class="compare-below">
        <div class="compare-images">
          {selected.length > 0 ? (
            <Gallery
              session={own.session}
              view={own.view}
              title={titleOf(at.flow, own.edits, other.edits, names)}
              indices={selected}
              clusters={labels}
              marked={marked}
              onOpen={(image) => goToImage(image)}
              onClose={() => goTo({ flow: null, selection: "" })}
            />
          ) : (
            <p class="soft compare-hint">
              Choose a ribbon or a cluster between the maps, draw a box or a lasso in either of them, or see
              the images that the two differ on: they are then shown here, and stand out in both maps.
            </p>
          )}
        </div>
        <aside class="compare-image" aria-label="Image">
          <Details
            {...own}
            index={marked !== null && marked < total ? marked : null}
            pinned={at.image !== null}
            onOpen={goToImage}
            onCluster={(cluster) => openFlow(`${cluster},`)}
          />
          {marked !== null && marked < total && (
            <p>
              {other.view.method}: {nameOf(labels[1][marked] as number, other.edits)}
              {match.get(labels[0][marked] as number) === labels[1][marked]
                ? ", its match."
                : ", which is not its match."}
            </p>
          )}
        </aside>
        <ScorePairs compared={compared} names={names} />
        <Differences compared={compared} names={names} />
      </div>
    </div>
  );
}

function Agreement({ name, value, meaning }: { name: string; value: string; meaning: string }): VNode {
  return (
    <div title={meaning}>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}

/** The runs to choose from, with the one that is there already. */
function fitting(others: ReturnType<typeof useOthers>, view: RunView, now: RunView) {
  if (others.state !== "ready") return [now];
  const found = others.value.filter((run) => areComparable(view, run));
  return found.some(({ id }) => id === now.id) ? found : [now, ...found];
}

/** The methods, or, where these are the same, the names of the runs. */
function namesOf(a: RunView, b: RunView): readonly [string, string] {
  if (a.method !== b.method) return [a.method, b.method];
  if (a.seed !== b.seed) return [`${a.method}, seed ${a.seed}`, `${b.method}, seed ${b.seed}`];
  return [a.name, b.name];
}

function titleOf(
  flow: string | null,
  own: EditState | null,
  other: EditState | null,
  names: readonly [string, string],
): string {
  if (flow === null) return "Selected images";
  if (flow === "differ") return "Images on which the two differ";
  const [a = "", b = ""] = flow.split(",");
  const from = a === "" ? "" : `${nameOf(Number(a), own)} of ${names[0]}`;
  const to = b === "" ? "" : `${nameOf(Number(b), other)} of ${names[1]}`;
  return capital(from && to ? `${from}, ${to}` : from || to);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The same comparison from the other run. */
function turned(own: RunProps, other: RunProps) {
  const { plane, otherPlane, flow, image, selection } = address.get();
  const ends = flow?.includes(",") ? flow.split(",") : null;
  return {
    ...openedRun(other.view.id),
    tab: "compare",
    with: own.view.id,
    plane: otherPlane,
    otherPlane: plane,
    flow: ends ? `${ends[1]},${ends[0]}` : flow,
    ...{ image, selection },
  } as const;
}
