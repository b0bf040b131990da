import { useEffect, useRef, useState } from "preact/hooks";
import type { DecodeRequest } from "../../src/explorer/protocol.ts";
import type { RunSession } from "../state/run-session.ts";
import { faultText } from "../state/words.ts";

/** A decoded picture. */
export interface Decoded {
  readonly request: DecodeRequest;
  readonly blob: Blob;
  /** Its address, as long as it is shown. */
  readonly url: string;
}

export interface UsedDecoded {
  readonly decoded: Decoded | null;
  readonly error: string | null;
}

/**
 * The picture of a request, asked for one at a time: while one is on its way, of those that follow only the last is asked
 * for. What was drawn before stays until the next is there.
 *
 * @param request another object for another request; null: nothing is asked for, and nothing shown
 */
export function useDecoded(session: RunSession, request: DecodeRequest | null): UsedDecoded {
  const [decoded, setDecoded] = useState<Decoded | null>(null);
  const [error, setError] = useState<string | null>(null);
  const wanted = useRef<DecodeRequest | null>(null);
  const busy = useRef(false);
  const over = useRef(false);

  const next = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    while (wanted.current && !over.current) {
      const asked = wanted.current;
      wanted.current = null;
      try {
        const blob = await session.decode(asked);
        if (over.current) break;
        setError(null);
        setDecoded({ request: asked, blob, url: URL.createObjectURL(blob) });
      } catch (reason) {
        if (!over.current) setError(faultText(reason));
      }
    }
    busy.current = false;
  };
  // asked anew for another request.
  useEffect(() => {
    wanted.current = request;
    if (request === null) setDecoded(null);
    else void next();
  }, [request, session]);
  useEffect(() => {
    over.current = false;
    return () => {
      over.current = true;
    };
  }, []);
  // an address lives as long as its picture is shown.
  useEffect(() => {
    if (decoded) return () => URL.revokeObjectURL(decoded.url);
    return undefined;
  }, [decoded]);
  return { decoded, error };
}
