import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ClusterView, EditState, RunView } from "../../src/explorer/protocol.ts";
import { ActionBar } from "../parts/action-bar.tsx";
import { Asked, ClusterBadge, Picture, Tile } from "../parts/parts.tsx";
import { address, goTo } from "../state/address.ts";
import { joined, packIndices, toggled, unpackIndices } from "../state/packed-indices.ts";
import type { RunProps, RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { clusterLabel, images, nameOf, percent } from "../state/words.ts";

/** All clusters in a list, and one of them open. */
export function ClustersView(props: RunProps): VNode {
  const { session } = props;
  useEffect(session.wantClusters, [session]);
  return (
    <Asked of={useStore(session.clusters)} what="The clusters are being looked at …" retry={session.retry}>
      {(clusters) => <Loaded {...props} clusters={clusters} />}
    </Asked>
  );
}

function Loaded({ session, view, edits, clusters }: RunProps & { clusters: readonly ClusterView[] }): VNode {
  const at = useStore(address);
  const open = clusters.find(({ cluster }) => cluster === at.cluster) ?? clusters[0];
  const most = Math.max(1, ...clusters.map(({ size }) => size));
  const selected = useMemo(() => unpackIndices(at.selection), [at.selection]);
  return (
    <div class="clusters-view">
      <nav class="cluster-list" aria-label="Clusters">
        <ul>
          {clusters.map((entry) => (
            <li key={entry.cluster}>
              <button
                type="button"
                class="cluster-entry"
                aria-current={entry === open ? "true" : undefined}
                onClick={() => goTo({ cluster: entry.cluster })}
              >
                {view.image && entry.size > 0 && (
                  <Picture
                    view={view}
                    src={session.picture("centers", entry.cluster)}
                    index={entry.cluster}
                    side={40}
                  />
                )}
                <span class="cluster-entry-words">
                  <ClusterBadge cluster={entry.cluster} name={entry.name ?? entry.majority} />
                  <span class="soft">
                    {images(entry.size)}
                    {entry.purity !== null && ` · ${percent(entry.purity)} pure`}
                  </span>
                  <span class="size-bar" aria-hidden="true">
                    <span style={{ width: `${(entry.size / most) * 100}%` }} />
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {open && edits && (
        <ClusterPane
          key={open.cluster}
          session={session}
          view={view}
          edits={edits}
          clusters={clusters}
          of={open}
          selected={selected}
        />
      )}
      {edits && <ActionBar session={session} edits={edits} selected={selected} elsewhere />}
    </div>
  );
}

function ClusterPane({
  session,
  view,
  edits,
  clusters,
  of,
  selected,
}: {
  session: RunSession;
  view: RunView;
  edits: EditState;
  clusters: readonly ClusterView[];
  of: ClusterView;
  selected: readonly number[];
}): VNode {
  const chosen = new Set(selected);
  const toggle = (index: number): void => {
    goTo({ selection: packIndices(toggled(selected, index)) }, "replace");
  };
  const names = new Map(clusters.map(({ cluster, name }) => [cluster, name]));
  const groups = [
    ["Typical", "nearest to the center", of.typical],
    ["Borderline", "nearly in another cluster", of.borderline],
    ["Outliers", "farthest from the center", of.outliers],
    ["Random", "drawn without choosing", of.random],
  ] as const;
  return (
    <section class="cluster-pane" aria-label={nameOf(of.cluster, edits)}>
      <div class="cluster-head">
        {view.image && of.size > 0 && (
          <figure>
            <Picture
              view={view}
              src={session.picture("centers", of.cluster)}
              index={of.cluster}
              side={112}
              alt={`Center of ${nameOf(of.cluster, edits)}`}
            />
            <figcaption>{view.decoder ? "center" : "mean image"}</figcaption>
          </figure>
        )}
        <div class="cluster-facts">
          {session.offers.edits ? (
            <Naming key={`${of.name}/${of.notes}`} session={session} of={of} />
          ) : (
            <div class="naming">
              <ClusterBadge cluster={of.cluster} name={of.name} />
              {of.notes !== null && <p>{of.notes}</p>}
            </div>
          )}
          <dl class="facts inline">
            <div>
              <dt>Size</dt>
              <dd>{images(of.size)}</dd>
            </div>
            {of.purity !== null && (
              <div>
                <dt>Purity</dt>
                <dd>
                  {percent(of.purity)}
                  {of.majority !== null && <span class="soft"> “{of.majority}”</span>}
                </dd>
              </div>
            )}
            {of.confusedWith.length > 0 && (
              <div>
                <dt>Confused with</dt>
                <dd class="chips">
                  {of.confusedWith.slice(0, 4).map(({ cluster, share }) => (
                    <button
                      key={cluster}
                      type="button"
                      class="chip"
                      title={`${nameOf(cluster, edits)}: second nearest for ${percent(share)} of the images`}
                      onClick={() => goTo({ cluster })}
                    >
                      <ClusterBadge cluster={cluster} name={names.get(cluster) ?? null} />
                      <span class="number">{percent(share)}</span>
                    </button>
                  ))}
                </dd>
              </div>
            )}
          </dl>
        </div>
      </div>
      <div class="surgery">
        {session.offers.edits && <Surgery session={session} edits={edits} of={of} />}
        <button type="button" onClick={() => goTo({ tab: "map", colours: "cluster", only: [of.cluster] })}>
          Show on map
        </button>
      </div>
      {groups.map(([title, meaning, indices]) =>
        indices.length === 0 ? null : (
          <section key={title} class="group" aria-label={title}>
            <header>
              <h3>
                {title} <span class="soft">{meaning}</span>
              </h3>
              <button
                type="button"
                class="quiet"
                onClick={() => goTo({ selection: packIndices(joined(selected, indices)) }, "replace")}
              >
                Select all
              </button>
            </header>
            <div class="tiles">
              {indices.map((index) => (
                <Tile
                  key={index}
                  session={session}
                  view={view}
                  index={index}
                  side={64}
                  selected={chosen.has(index)}
                  label={`Image ${index}${chosen.has(index) ? ", selected" : ""}; double-click: on the map`}
                  onOpen={(at, event) =>
                    event.detail === 2 ? goTo({ tab: "map", image: at, selection: "" }) : toggle(at)
                  }
                />
              ))}
            </div>
          </section>
        ),
      )}
    </section>
  );
}

/** Name and notes, written in place; kept on Enter or when one goes on. */
function Naming({ session, of }: { session: RunSession; of: ClusterView }): VNode {
  const [name, setName] = useState(of.name ?? "");
  const [notes, setNotes] = useState(of.notes ?? "");
  const form = useRef<HTMLFormElement>(null);
  /** What is on its way: Enter, and then leaving the field, are one edit. */
  const sent = useRef<string | null>(null);
  const keep = (): void => {
    if (!form.current) return;
    // As they stand in the form: what was just typed may not have been drawn yet.
    const written = new FormData(form.current);
    const newName = String(written.get("name")).trim();
    const newNotes = String(written.get("notes")).trim();
    if (newName === (of.name ?? "") && newNotes === (of.notes ?? "")) return;
    const both = JSON.stringify([newName, newNotes]);
    if (sent.current === both) return;
    sent.current = both;
    void session
      .edit(
        {
          kind: "rename",
          cluster: of.cluster,
          name: newName === "" ? null : newName,
          ...(newNotes === (of.notes ?? "") ? {} : { notes: newNotes === "" ? null : newNotes }),
        },
        newName === (of.name ?? "")
          ? `Kept the notes of cluster ${of.cluster}.`
          : newName === ""
            ? `Cluster ${of.cluster} has no name any more.`
            : `Cluster ${of.cluster} is now called ${newName}.`,
      )
      .then((done) => {
        sent.current = null;
        if (done) return;
        setName(of.name ?? "");
        setNotes(of.notes ?? "");
      });
  };
  return (
    <form
      class="naming"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <div class="naming-line">
        <ClusterBadge cluster={of.cluster} />
        <input
          class="name"
          name="name"
          aria-label={`Name of cluster ${of.cluster}`}
          placeholder="Give it a name …"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            setName(of.name ?? "");
            event.stopPropagation();
          }}
        />
      </div>
      <textarea
        class="notes"
        name="notes"
        aria-label={`Notes on cluster ${of.cluster}`}
        placeholder="Notes"
        rows={2}
        value={notes}
        onInput={(event) => setNotes(event.currentTarget.value)}
        onBlur={keep}
      />
    </form>
  );
}

/** Merge and split. */
function Surgery({ session, edits, of }: { session: RunSession; edits: EditState; of: ClusterView }): VNode {
  const busy = useStore(session.busy);
  const [other, setOther] = useState("");
  const [parts, setParts] = useState(2);
  const [by, setBy] = useState<"k-means" | "mixture">("k-means");
  const nearest = of.confusedWith[0]?.cluster;
  const into = Number(other);
  return (
    <>
      <form
        class="joined"
        onSubmit={(event) => {
          event.preventDefault();
          if (other === "") return;
          void session
            .edit(
              { kind: "merge", clusters: [of.cluster, into], into },
              `Merged cluster ${of.cluster} into ${nameOf(into, edits)}.`,
            )
            .then((done) => done && goTo({ cluster: into }, "replace"));
        }}
      >
        <select
          aria-label="Merge into cluster"
          value={other}
          onChange={(event) => setOther(event.currentTarget.value)}
        >
          <option value="">Merge into …</option>
          {edits.clusters
            .filter(({ cluster }) => cluster !== of.cluster)
            .map(({ cluster, name }) => (
              <option key={cluster} value={String(cluster)}>
                {clusterLabel(cluster, name)}
                {cluster === nearest ? " (most alike)" : ""}
              </option>
            ))}
        </select>
        <button type="submit" disabled={other === "" || busy}>
          Merge
        </button>
      </form>
      <form
        class="joined"
        onSubmit={(event) => {
          event.preventDefault();
          void session
            .edit(
              { kind: "split", cluster: of.cluster, parts, by },
              `Split cluster ${of.cluster} into ${parts}.`,
            )
            .then((done) => done && goTo({ cluster: newestCluster(session) }, "replace"));
        }}
      >
        <label class="inline-label">
          <span>Split into</span>
          <input
            type="number"
            min={2}
            max={Math.max(2, Math.min(20, of.size))}
            value={parts}
            onInput={(event) => setParts(Number(event.currentTarget.value))}
          />
        </label>
        <select
          aria-label="Split by"
          value={by}
          onChange={(event) => setBy(event.currentTarget.value as "k-means" | "mixture")}
        >
          <option value="k-means">by K-Means</option>
          <option value="mixture">by a mixture</option>
        </select>
        <button type="submit" disabled={busy || of.size < 2 || !(parts >= 2)}>
          {busy ? "Working …" : "Split"}
        </button>
      </form>
    </>
  );
}

function newestCluster(session: RunSession): number | null {
  const state = session.edits.get();
  if (state.state !== "ready") return null;
  return Math.max(...state.value.clusters.map(({ cluster }) => cluster));
}
