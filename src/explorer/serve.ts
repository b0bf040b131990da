/** The explorer's server. */
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { InputError, OptionError, UnlabeledError } from "../errors.ts";
import { EditConflictError } from "../node/index.ts";
import { createApi } from "./api.ts";
import { findAssets } from "./assets.ts";
import { EventStreams } from "./events.ts";
import { onlyOwnPage, onlyWithToken, withHeaders } from "./guard.ts";
import { LiveRuns } from "./live/live-runs.ts";
import { OpenRuns } from "./open-runs.ts";
import { Refusal } from "./refusal.ts";
import { RunList } from "./run-list.ts";
import type { ExplorerWorld } from "./world.ts";

/** The only address that the server listens on. */
const HOST = "127.0.0.1";

export interface ExplorerOptions {
  /** Port, or those to try in this order; 0: any that is free. */
  readonly ports: readonly number[];
  /** Folder in which runs lie; it may be missing. */
  readonly runsFolder: string;
  /** The run, or the comparison, to show first. */
  readonly run?: string | undefined;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** What the server bears; defaults are for one person. */
  readonly limits?: Partial<ServerLimits>;
}

/** What others may use up of the server. */
export interface ServerLimits {
  /** Connections at once; others are closed as they come. */
  readonly connections: number;
  /** Milliseconds in which a request's headers, and the whole of it, must have come. */
  readonly headersMs: number;
  readonly requestMs: number;
}

const defaultLimits: ServerLimits = { connections: 256, headersMs: 10_000, requestMs: 60_000 };

/** A server that is listening. */
export interface Explorer {
  readonly port: number;
  /** Its address, with the token. */
  readonly url: string;
  readonly token: string;
  /** Runs that were found. */
  readonly runs: number;
  /** Brings a run that is being made to safety, ends all connections and gives up all work. */
  close(): Promise<void>;
}

/**
 * Starts the explorer's server.
 *
 * @throws {InputError} if the named run is none
 * @throws {OptionError} if no port can be had
 */
export async function startExplorer(options: ExplorerOptions, world: ExplorerWorld): Promise<Explorer> {
  const list = new RunList(options.runsFolder, options.run);
  const { runs: found, first } = await list.refresh();
  if (options.run !== undefined && first === null) {
    throw new InputError(
      `unlabeled explore: "${options.run}" must be a finished run, or a folder of such; got a folder without any. "unlabeled runs" lists those that there are.`,
    );
  }
  const runs = new OpenRuns(list, world);
  const events = new EventStreams();
  const live = new LiveRuns(world, list, options.runsFolder);
  const token = randomBytes(32).toString("base64url");
  const assets = await findAssets(options.pageFolder);
  let port = 0;

  const app = new Hono();
  app.use(withHeaders);
  app.use(onlyOwnPage(() => port));
  app.use("/api/*", onlyWithToken(token));
  app.route("/api", createApi({ list, runs, events, live }));
  app.get("*", assets);
  app.notFound((context) => context.json({ error: "explorer: there is nothing at this address." }, 404));
  app.onError((error, context) => {
    if (error instanceof Refusal) return context.json({ error: error.message }, error.status);
    if (error instanceof EditConflictError) return context.json({ error: error.message }, 409);
    if (error instanceof OptionError) return context.json({ error: error.message }, 400);
    // A file that is damaged, a folder that cannot be written: told to whoever asked, in words.
    if (error instanceof UnlabeledError) return context.json({ error: error.message }, 500);
    world.warn(`unlabeled explore: ${error.stack ?? error.message}`);
    return context.json({ error: `explorer: a fault of the program (${error.message}).` }, 500);
  });

  const limits = { ...defaultLimits, ...options.limits };
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(2000, limits.headersMs),
      keepAliveTimeout: 5000,
      maxHeaderSize: 16_384,
    },
  }) as Server;
  server.maxConnections = limits.connections;
  port = await listen(server, options.ports);
  return {
    port,
    token,
    url: `http://${HOST}:${port}/?token=${token}`,
    runs: found.length,
    close: async () => {
      await live.close();
      events.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await runs.close();
    },
  };
}

/** Listens on the first port that can be had. */
async function listen(server: Server, ports: readonly number[]): Promise<number> {
  let fault: NodeJS.ErrnoException | undefined;
  for (const port of ports) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: HOST, port, backlog: 511 }, () => {
          server.off("error", reject);
          resolve();
        });
      });
      server.on("error", () => {}); // of single connections
      return (server.address() as AddressInfo).port;
    } catch (error) {
      fault = error as NodeJS.ErrnoException;
    }
  }
  const got =
    fault?.code === "EADDRINUSE"
      ? "one that another program listens on, perhaps an explorer that is still open"
      : fault?.code === "EACCES"
        ? "one that needs more rights"
        : String(fault?.message);
  throw new OptionError(
    `unlabeled explore: port ${ports.at(-1)} must be free; got ${got}. Choose another with --port, or leave it out.`,
    { cause: fault },
  );
}
