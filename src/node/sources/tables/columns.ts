/** Which columns of a table are numbers, and which name rows or hold their classes. */
import { InputError, OptionError } from "../../../errors.ts";
import { didYouMean } from "../../../spelling.ts";
import type { TableOptions } from "./table-options.ts";

/** Names of columns that are never numbers of a vector, in lower case; the first that occurs is taken. */
const idNames = ["id", "name", "file", "path"];
const labelNames = ["label", "class", "target"];

/** The columns of a table, counted from 0, by what they are for. */
export interface Roles {
  readonly id: number | undefined;
  readonly label: number | undefined;
  /** Columns that hold no numbers of the vector: those two, and others that are called so. */
  readonly aside: ReadonlySet<number>;
  /** What was taken without being asked for, in words. */
  readonly notices: readonly string[];
}

/**
 * @param names of the columns; undefined for a table without a header
 * @throws {OptionError} if an option names no column, or one of several of that name
 */
export function rolesOf(
  names: readonly string[] | undefined,
  nColumns: number,
  options: TableOptions,
  path: string,
): Roles {
  const table = { names, nColumns, path };
  const notices: string[] = [];
  const aside = new Set<number>();
  const known = (names ?? []).map((name) => name.trim().toLowerCase());
  // pandas and R write the number of a row into a first column without a name.
  const hasIndex = known.length > 1 && (known[0] === "" || known[0] === "unnamed: 0");
  const take = (asked: number | undefined, words: readonly string[], what: string): number | undefined => {
    const own = known.flatMap((name, i) => (words.includes(name) ? [i] : []));
    own.sort((a, b) => words.indexOf(known[a] as string) - words.indexOf(known[b] as string));
    for (const i of own) aside.add(i);
    if (asked !== undefined) aside.add(asked);
    const taken = asked ?? own[0];
    if (asked === undefined && taken !== undefined) {
      notices.push(`${capital(columnName(names, taken))} is taken as ${what} of each row.`);
    }
    return taken;
  };
  const askedId = columnOf(options.idColumn, "idColumn", table);
  const askedLabel = columnOf(options.labelColumn, "labelColumn", table);
  let id = take(askedId, idNames, "the name");
  const label = take(askedLabel, labelNames, "the class");
  if (hasIndex && askedLabel !== 0) {
    aside.add(0);
    if (id === undefined) {
      id = 0;
      notices.push("The first column has no name: it is taken as the name of each row.");
    }
  }
  const others = [...aside].filter((i) => i !== id && i !== label);
  if (others.length > 0) {
    notices.push(`Left out, by their names: ${listed(others.map((i) => columnName(names, i)))}.`);
  }
  return { id, label, aside, notices };
}

/** A column in words: `column "x"`, or `column 3` where it has no name. */
export function columnName(names: readonly string[] | undefined, column: number): string {
  const name = names?.[column];
  return name === undefined || name === "" ? `column ${column + 1}` : `column "${shortened(name)}"`;
}

/** At most five of several, and how many more. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, 5).join(", ");
  return words.length > 5 ? `${shown} and ${words.length - 5} more` : shown;
}

/** A text for a message: its first 40 characters. */
export function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** @throws {InputError} that tells of columns without numbers, and what to do */
export function refuseColumns(path: string, columns: readonly string[], got: string): never {
  throw new InputError(
    `openSource: "${path}" must have numbers in each column but those of names and classes; got ${got} in ${listed(columns)}. Say what it is (--id-column or --label-column, with its name or number), or leave it out of the file.`,
  );
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

interface Table {
  readonly names: readonly string[] | undefined;
  readonly nColumns: number;
  readonly path: string;
}

function columnOf(asked: string | undefined, option: string, table: Table): number | undefined {
  if (asked === undefined) return undefined;
  const { nColumns, path } = table;
  const names = table.names ?? [];
  const found = names.indexOf(asked);
  if (found >= 0 && names.indexOf(asked, found + 1) < 0) return found;
  if (found >= 0) {
    throw new OptionError(
      `openSource: ${option} must name one column of "${path}"; got "${asked}", which several are called. Give the number of the column, from 1 on.`,
    );
  }
  if (/^[1-9]\d{0,8}$/.test(asked) && Number(asked) <= nColumns) return Number(asked) - 1;
  const choice = names.length > 0 ? ` (${listed(names.map(shortened))})` : "";
  const remedy =
    didYouMean(asked, names.slice(0, 1000)) ||
    (names.length > 0
      ? " Give one of these names, or a number."
      : " The file has no header: give the number of the column.");
  throw new OptionError(
    `openSource: ${option} must be a column of "${path}"${choice}, or its number in 1..${nColumns}; got "${shortened(asked)}".${remedy}`,
  );
}
