/** Which columns of a Parquet file are the items, their names and their classes. */
import { z } from "zod";
import { InputError } from "../../../errors.ts";
import {
  columnName,
  listed,
  type Roles,
  refuseColumns,
  rolesOf,
  type TableOptions,
} from "../tables/index.ts";
import type { Footer, Leaf, TableColumn } from "./footer.ts";
import { bytesOf, describedKind, numbersOf, textsOf } from "./kinds.ts";
import type { Decode } from "./values.ts";

/** A column of one value in each row, and what its values become. */
export interface Named<V> {
  readonly leaf: Leaf;
  readonly decode: Decode<V>;
}

/** What the items of a file are. */
export type Items =
  | { readonly kind: "numbers"; readonly columns: readonly Named<number>[] }
  | { readonly kind: "list"; readonly name: string; readonly column: Named<number> }
  | {
      readonly kind: "images";
      readonly name: string;
      readonly bytes: Named<Uint8Array>;
      readonly path?: Named<string>;
    };

export interface Plan {
  readonly items: Items;
  readonly id: Named<string> | undefined;
  readonly label: (Named<string> & { readonly classNames: readonly string[] | undefined }) | undefined;
  readonly notices: readonly string[];
}

/** Whether a column of bytes holds images, as its first value shows. */
export type HoldsImages = (column: Named<Uint8Array>) => Promise<boolean>;

/**
 * @throws {OptionError} if an option names no column
 * @throws {InputError} if there are no items, or columns of other kinds
 */
export async function planOf(
  footer: Footer,
  path: string,
  options: TableOptions,
  holdsImages: HoldsImages,
): Promise<Plan> {
  const { columns } = footer;
  const names = columns.map(({ name }) => name);
  const roles = rolesOf(names, columns.length, options, path);
  const id = named(columns, roles, "id", path);
  const label = named(columns, roles, "label", path);
  const rest = columns.filter((_, i) => !roles.aside.has(i));
  const { items, others } = await itemsOf(rest, path, holdsImages);
  const notices = [...roles.notices];
  if (items.kind !== "numbers") {
    notices.push(`The items are what column "${items.name}" holds.`);
    if (others.length > 0) {
      notices.push(
        `Left out, since they are no part of it: ${listed(others.map(({ name }) => `column "${name}"`))}.`,
      );
    }
  }
  const classNames =
    roles.label === undefined ? undefined : huggingFaceClasses(footer, names[roles.label] as string);
  return { items, id, label: label && { ...label, classNames }, notices };
}

async function itemsOf(
  columns: readonly TableColumn[],
  path: string,
  holdsImages: HoldsImages,
): Promise<{ readonly items: Items; readonly others: readonly TableColumn[] }> {
  const images: { readonly column: TableColumn; readonly items: Items }[] = [];
  for (const column of columns) {
    const items = await imagesIn(column, holdsImages);
    if (items) images.push({ column, items });
  }
  const lists = columns.flatMap((column) => {
    const items = listIn(column);
    return items ? [{ column, items }] : [];
  });
  const found = images.length > 0 ? images : lists;
  const [first] = found;
  if (found.length > 1) {
    const what = images.length > 0 ? "images" : "lists of numbers";
    throw new InputError(
      `openSource: "${path}" must have one column of ${what}; got ${listed(found.map(({ column }) => `column "${column.name}"`))}. Leave the others out of the file.`,
    );
  }
  if (first) return { items: first.items, others: columns.filter((column) => column !== first.column) };
  const numbers = columns.map(numbersIn);
  const wrong = columns.filter((_, i) => numbers[i] === undefined);
  if (wrong.length > 0) {
    refuseColumns(
      path,
      wrong.map(({ name }) => columnName([name], 0)),
      describedColumn(wrong[0] as TableColumn),
    );
  }
  if (numbers.length === 0) {
    throw new InputError(
      `openSource: "${path}" must have a column of numbers, lists of numbers or images; got none besides those of names and classes. Check --id-column and --label-column.`,
    );
  }
  return { items: { kind: "numbers", columns: numbers as readonly Named<number>[] }, others: [] };
}

function numbersIn({ leaves }: TableColumn): Named<number> | undefined {
  const leaf = onlyLeaf(leaves);
  const decode = leaf && leaf.depth.repetition === 0 && isTop(leaf) ? numbersOf(leaf.element) : undefined;
  return leaf && decode && { leaf, decode };
}

function listIn({ name, leaves }: TableColumn): Items | undefined {
  const leaf = onlyLeaf(leaves);
  const decode = leaf && leaf.depth.repetition > 0 ? numbersOf(leaf.element) : undefined;
  return leaf && decode && { kind: "list", name, column: { leaf, decode } };
}

/** Images as Hugging Face has them, `{bytes, path}`, or plain bytes that begin like an image. */
async function imagesIn({ name, leaves }: TableColumn, holdsImages: HoldsImages): Promise<Items | undefined> {
  const part = (word: string): Leaf | undefined =>
    leaves.find((leaf) => leaf.path === `${name}.${word}` && leaf.depth.repetition === 0);
  const plain = onlyLeaf(leaves);
  const leaf = plain && isTop(plain) && plain.depth.repetition === 0 ? plain : part("bytes");
  const decode = leaf && bytesOf(leaf.element);
  if (!leaf || !decode) return undefined;
  const bytes = { leaf, decode };
  if (leaf === plain && !(await holdsImages(bytes))) return undefined;
  const pathLeaf = leaf === plain ? undefined : part("path");
  const pathDecode = pathLeaf && textsOf(pathLeaf.element);
  return {
    kind: "images",
    name,
    bytes,
    ...(pathLeaf && pathDecode && { path: { leaf: pathLeaf, decode: pathDecode } }),
  };
}

function onlyLeaf(leaves: readonly Leaf[]): Leaf | undefined {
  return leaves.length === 1 ? leaves[0] : undefined;
}

/** Whether a leaf is a column itself, not a part of one. */
function isTop({ depth }: Leaf): boolean {
  return depth.definition <= 1;
}

function named(
  columns: readonly TableColumn[],
  roles: Roles,
  role: "id" | "label",
  path: string,
): Named<string> | undefined {
  const index = roles[role];
  if (index === undefined) return undefined;
  const column = columns[index] as TableColumn;
  const leaf = onlyLeaf(column.leaves);
  const decode = leaf && leaf.depth.repetition === 0 ? textsOf(leaf.element) : undefined;
  if (leaf && decode) return { leaf, decode };
  const what = role === "id" ? "names" : "classes";
  throw new InputError(
    `openSource: column "${column.name}" of "${path}" must hold text or numbers, as it holds the ${what} of the rows; got ${describedColumn(column)}. Name another column with --${role}-column.`,
  );
}

function describedColumn({ leaves }: TableColumn): string {
  const leaf = onlyLeaf(leaves);
  if (!leaf) return "several parts";
  return leaf.depth.repetition > 0 ? `lists of ${describedKind(leaf.element)}` : describedKind(leaf.element);
}

/** What Hugging Face's datasets note of their columns, as far as it is of use. */
const note = z.object({
  info: z.object({
    features: z.record(z.string(), z.object({ _type: z.unknown(), names: z.unknown() }).partial().catch({})),
  }),
});

/** Names of the classes that a column numbers, where Hugging Face's datasets note them. */
function huggingFaceClasses(footer: Footer, column: string): readonly string[] | undefined {
  const text = footer.note("huggingface");
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = note.safeParse(json);
  const feature = read.success ? read.data.info.features[column] : undefined;
  const classes = z.array(z.string()).safeParse(feature?.names);
  return feature?._type === "ClassLabel" && classes.success ? classes.data : undefined;
}
