/** The run that is being made, as the server tells it; followed only while something shows it. */
import { useEffect } from "preact/hooks";
import type { LiveAnswer, LiveState, StartRequest } from "../../src/explorer/protocol.ts";
import { askLive, connection, liveAddress, noticeGone, postLive } from "../state/client.ts";
import { createStore, type Store, useStore } from "../state/store.ts";

/** Undefined until the server has said. */
const live: Store<LiveState | null | undefined> = createStore<LiveState | null | undefined>(undefined);

export const isOver = ({ status }: LiveState): boolean =>
  status === "done" || status === "cancelled" || status === "failed";

let followers = 0;
let events: EventSource | undefined;

function open(): void {
  events?.close();
  events = new EventSource(liveAddress("events"));
  events.onmessage = ({ data }) => live.set((JSON.parse(data) as LiveAnswer).live);
  // The browser tries again by itself while it may; a server that is gone is said.
  events.onerror = () => {
    if (followers > 0) refresh().catch(() => noticeGone());
  };
}

const refresh = async (): Promise<void> => live.set((await askLive<LiveAnswer>()).live);

connection.follow((now) => {
  if (now === "there" && followers > 0) open();
});

/** The run that is being made, told as it changes. */
export function useLive(): LiveState | null | undefined {
  useEffect(() => {
    followers++;
    if (followers === 1) open();
    return () => {
      followers--;
      if (followers > 0) return;
      events?.close();
      events = undefined;
    };
  }, []);
  return useStore(live);
}

/** Milliseconds after which a page that shows a run looks how far the one is that is being made. */
const LOOK_EVERY = 4000;

/** The same, looked at now and then: it takes no connection of its own, of which a browser has few. */
export function useLiveNowAndThen(): LiveState | null | undefined {
  const state = useStore(live);
  const going = state !== null && (state === undefined || !isOver(state));
  useEffect(() => {
    if (!going) return;
    const look = (): void => void refresh().catch(() => {}); // what else is asked for says that the server is gone
    look();
    const timer = setInterval(look, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [going]);
  return state;
}

export async function startRun(request: StartRequest): Promise<void> {
  live.set((await postLive<LiveAnswer>("", request)).live);
}

export async function wish(id: string, what: "pause" | "go-on" | "cancel"): Promise<void> {
  live.set((await postLive<LiveAnswer>(`${id}/${what}`, {})).live);
}
