import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ConfusionView as Confusion, EditState, RunView } from "../../src/explorer/protocol.ts";
import { ActionBar } from "../parts/action-bar.tsx";
import { Asked, Tile, Waiting } from "../parts/parts.tsx";
import { address, goTo } from "../state/address.ts";
import { cellColour, css, inkOn } from "../state/colours.ts";
import { packIndices, toggled, unpackIndices } from "../state/packed-indices.ts";
import type { RunProps, RunSession } from "../state/run-session.ts";
import { useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { count, images, nameOf, percent } from "../state/words.ts";

/** Classes against clusters, as a table whose cells open their images. */
export function ConfusionView({ session, view, edits }: RunProps): VNode {
  const classes = view.classNames !== null || view.arrays.some(({ name }) => name === "class");
  useEffect(() => {
    if (classes) session.wantConfusion();
  }, [session, classes]);
  const confusion = useStore(session.confusion);
  if (!classes) {
    return (
      <p class="page-words">
        The images of this run have no known classes to compare the clusters with. Look at what each cluster
        is confused with under Clusters.
      </p>
    );
  }
  return (
    <Asked of={confusion} what="Images are being counted …" retry={session.retry}>
      {(value) => <Matrix session={session} view={view} edits={edits} confusion={value} />}
    </Asked>
  );
}

function Matrix({ session, view, edits, confusion }: RunProps & { confusion: Confusion }): VNode {
  const at = useStore(address);
  const mode = useStore(theme);
  const { classes, clusters, counts } = confusion;
  const most = Math.max(1, ...counts.flat());
  const columns = clusters.map((_, c) => counts.reduce((sum, row) => sum + (row[c] ?? 0), 0));
  const move = (event: KeyboardEvent, r: number, c: number): void => {
    const step: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const [dr, dc] = step[event.key] ?? [0, 0];
    if (dr === 0 && dc === 0) return;
    event.preventDefault();
    const table = (event.currentTarget as HTMLElement).closest("table");
    (table?.querySelector(`[data-cell="${r + dr}-${c + dc}"]`) as HTMLElement | null)?.focus();
  };
  return (
    <div class="confusion-view">
      <div class="matrix-frame">
        <table class="matrix">
          <caption>
            Images by class and cluster, sorted so that what belongs together lies on the diagonal. A cell
            opens its images.
          </caption>
          <thead>
            <tr>
              <td class="corner">class \ cluster</td>
              {clusters.map((cluster) => (
                <th key={cluster} scope="col">
                  <button
                    type="button"
                    class="link"
                    aria-label={`Open ${nameOf(cluster, edits)}`}
                    title={nameOf(cluster, edits)}
                    onClick={() => goTo({ tab: "clusters", cluster })}
                  >
                    {cluster}
                  </button>
                </th>
              ))}
              <th scope="col" class="sum">
                all
              </th>
            </tr>
          </thead>
          <tbody>
            {counts.map((row, r) => {
              const sum = row.reduce((a, b) => a + b, 0);
              return (
                <tr key={classes[r]}>
                  <th scope="row">{classes[r]}</th>
                  {row.map((n, c) => {
                    const strength = n === 0 ? 0 : 0.08 + 0.92 * Math.sqrt(n / most);
                    const colour = cellColour(strength, mode);
                    const open = at.cell?.[0] === r && at.cell[1] === clusters[c];
                    return (
                      <td key={clusters[c]}>
                        <button
                          type="button"
                          data-cell={`${r}-${c}`}
                          class={`cell${open ? " open" : ""}`}
                          aria-pressed={open}
                          aria-label={`Class ${classes[r]}, cluster ${clusters[c]}: ${images(n)}`}
                          disabled={n === 0}
                          style={{
                            background: css(colour),
                            color: inkOn(colour),
                          }}
                          onKeyDown={(event) => move(event, r, c)}
                          onClick={() => goTo({ cell: open ? null : [r, clusters[c] as number] })}
                        >
                          {n === 0 ? "·" : count(n)}
                        </button>
                      </td>
                    );
                  })}
                  <td class="sum">{count(sum)}</td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">all</th>
              {columns.map((n, c) => (
                <td key={clusters[c]} class="sum">
                  {count(n)}
                </td>
              ))}
              <td class="sum">{count(columns.reduce((a, b) => a + b, 0))}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      {at.cell && (
        <CellImages
          session={session}
          view={view}
          edits={edits}
          label={classes[at.cell[0]] ?? String(at.cell[0])}
          cell={at.cell}
        />
      )}
    </div>
  );
}

const page = 120;

/** The images of one class in one cluster. */
function CellImages({
  session,
  view,
  edits,
  label,
  cell,
}: {
  session: RunSession;
  view: RunView;
  edits: EditState | null;
  label: string;
  cell: readonly [number, number];
}): VNode {
  const at = useStore(address);
  const classes = useStore(session.array("class"));
  const clusters = useStore(session.array("cluster"));
  const [shown, setShown] = useState(page);
  const selected = useMemo(() => unpackIndices(at.selection), [at.selection]);
  const chosen = useMemo(() => new Set(selected), [selected]);
  const classIndex = view.classNames ? view.classNames.indexOf(label) : cell[0];
  const found = useMemo(() => {
    if (classes.state !== "ready" || clusters.state !== "ready") return null;
    const indices: number[] = [];
    classes.value.forEach((value, i) => {
      if (value === classIndex && clusters.value[i] === cell[1]) indices.push(i);
    });
    return indices;
  }, [classes, clusters, classIndex, cell]);
  if (found === null) return <Waiting what="Images are being looked up …" />;
  const where = nameOf(cell[1], edits);
  const inCluster =
    clusters.state === "ready" ? clusters.value.filter((value) => value === cell[1]).length : 0;
  const toggle = (index: number): void => {
    goTo({ selection: packIndices(toggled(selected, index)) }, "replace");
  };
  return (
    <section class="cell-images" aria-label={`Images of class ${label} in ${where}`}>
      <header>
        <h2>
          “{label}” in {where}
        </h2>
        <p class="soft">
          {images(found.length)}
          {inCluster > 0 && `, ${percent(found.length / inCluster)} of the cluster`}
        </p>
        <span class="joined">
          <button type="button" onClick={() => goTo({ selection: packIndices(found) })}>
            Select all
          </button>
          <button
            type="button"
            onClick={() => goTo({ tab: "map", camera: null, selection: packIndices(found) })}
          >
            Show on map
          </button>
          <button type="button" class="quiet" onClick={() => goTo({ cell: null })}>
            Close
          </button>
        </span>
      </header>
      <div class="tiles">
        {found.slice(0, shown).map((index) => (
          <Tile
            key={index}
            session={session}
            view={view}
            index={index}
            side={52}
            selected={chosen.has(index)}
            label={`Image ${index}${chosen.has(index) ? ", selected" : ""}; double-click: on the map`}
            onOpen={(image, event) =>
              event.detail === 2 ? goTo({ tab: "map", image, selection: "" }) : toggle(image)
            }
          />
        ))}
      </div>
      {found.length > shown && (
        <button type="button" onClick={() => setShown(shown + 4 * page)}>
          Show more ({count(found.length - shown)} left)
        </button>
      )}
      {edits && <ActionBar session={session} edits={edits} selected={selected} elsewhere />}
    </section>
  );
}
