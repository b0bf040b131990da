/** What a person wishes on the explorer's page, as settings of `unlabeled cluster`. */
import type { StartRequest } from "../../explorer/index.ts";
import type { ClusterSettings } from "../command-settings.ts";
import { clusterPlan } from "../commands/cluster.ts";
import type { OptionTable } from "../option-table.ts";
import { checkAsked } from "../runs.ts";
import { checkSettings } from "../settings.ts";
import { UsageError } from "../usage-error.ts";

const where = "unlabeled cluster";

/** As the command line's word: not a flag, and not nothing. */
const sourceTable = { source: { type: "text", flags: "<source>", help: "" } } as const;

/**
 * Settings for a request.
 *
 * @param table the options of `cluster`
 * @param threads to compute on; absent: all cores
 * @throws {UsageError} for what the command line would not take, in its words
 * @throws {OptionError} for a method that does not exist
 */
export function startSettings(
  { source, options }: StartRequest,
  table: OptionTable,
  threads: number | undefined,
): ClusterSettings {
  if (source.trim() === "-") {
    throw new UsageError(
      `${where}: <source> must be a set or a path; got "-", standard input, which a page has not. Use the command line.`,
    );
  }
  checkSettings(where, sourceTable, { source: source.trim() });
  const given = Object.entries(options).map(([name, text]) => [name, text?.trim()] as const);
  const settings = checkSettings(
    where,
    table,
    Object.fromEntries(given.filter(([, text]) => text !== undefined && text !== "")),
  );
  const complete = { ...settings, source: source.trim(), ...(threads !== undefined && { threads }) };
  const checked = complete as unknown as ClusterSettings; // checkSettings has seen to it
  checkAsked(checked, clusterPlan(checked));
  return checked;
}
