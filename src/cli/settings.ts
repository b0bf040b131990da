/** Words of the command line to complete, checked settings. */
import { z } from "zod";
import type { OptionSpec, OptionTable } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Settings out of what was given.
 *
 * @param where the command, for messages: `unlabeled cluster`
 * @param given value of each option that was given: text, or true for a switch
 * @throws {UsageError} naming the first option whose value is outside its rule, the rule, and the value
 */
export function checkSettings(
  where: string,
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const shape = Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, schemaOf(spec)]));
  const checked = z.strictObject(shape).safeParse(given);
  if (checked.success)
    return Object.fromEntries(Object.keys(table).map((name) => [name, checked.data[name]]));
  const [issue] = checked.error.issues;
  const name = String(issue?.path[0] ?? "");
  const flag = table[name]?.flags.split(" ")[0] ?? "the command line";
  throw new UsageError(`${where}: ${flag} must be ${issue?.message}; got "${given[name]}".`);
}

/**
 * Settings that were kept in a file, of the same options.
 *
 * @throws {UsageError} naming the first setting that the options do not allow
 */
export function checkStoredSettings(
  where: string,
  table: OptionTable,
  stored: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const shape = Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, storedSchemaOf(spec)]));
  const checked = z.strictObject(shape).safeParse(stored);
  if (checked.success)
    return Object.fromEntries(Object.keys(table).map((name) => [name, checked.data[name]]));
  const [issue] = checked.error.issues;
  const name = issue?.path.map(String).join(".") || "the settings";
  throw new UsageError(`${where}: ${name} must be as this version has it; got a fault: ${issue?.message}.`);
}

/** What a setting may be once it is checked; without a default it may be missing. */
function storedSchemaOf(spec: OptionSpec): z.ZodType {
  const optional = (schema: z.ZodType): z.ZodType =>
    "default" in spec && spec.default !== undefined ? schema : schema.optional();
  switch (spec.type) {
    case "switch":
      return z.boolean().default(false); // earlier versions may not have had it
    case "integer":
      return optional(z.union([z.int().min(spec.min).max(spec.max), z.enum(spec.words ?? [])]));
    case "number":
      return optional(spec.positive ? z.number().positive() : z.number().min(0));
    case "integers":
      return z.array(z.int().min(spec.min).max(spec.max)).optional();
    case "choice":
      return optional(z.enum(spec.choices));
    case "text":
      return optional(z.string());
  }
}

function schemaOf(spec: OptionSpec): z.ZodType {
  switch (spec.type) {
    case "switch":
      return z.boolean().default(false);
    case "integer":
      return withDefault(integer(spec.min, spec.max, spec.words ?? []), spec.default);
    case "number":
      return withDefault(number(spec.positive === true), spec.default);
    case "integers":
      return integers(spec.min, spec.max).optional();
    case "choice":
      return withDefault(z.enum(spec.choices, { error: `one of ${spec.choices.join(", ")}` }), spec.default);
    case "text":
      return withDefault(text(spec.dash === true), spec.default);
  }
}

function withDefault(schema: z.ZodType, value: unknown): z.ZodType {
  return schema.optional().transform((given) => given ?? value);
}

function integer(min: number, max: number, words: readonly string[]): z.ZodType<number | string> {
  return z.string().transform((text, context) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max && Number.isSafeInteger(value)) return value;
    if (words.includes(text)) return text;
    const or = words.map((word) => ` or ${word}`).join("");
    context.addIssue({ code: "custom", message: `an integer in ${min}..${max}${or}` });
    return z.NEVER;
  });
}

function integers(min: number, max: number): z.ZodType<readonly number[]> {
  return z.string().transform((text, context) => {
    const values = text.split(",").map((one) => (/^ *\d+ *$/.test(one) ? Number(one) : Number.NaN));
    if (values.every((value) => value >= min && value <= max)) return values;
    context.addIssue({ code: "custom", message: `integers in ${min}..${max}, separated by commas` });
    return z.NEVER;
  });
}

function number(positive: boolean): z.ZodType<number> {
  return z.string().transform((text, context) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if ((positive ? value > 0 : value >= 0) && Number.isFinite(value)) return value;
    context.addIssue({ code: "custom", message: positive ? "a number above 0" : "a number of at least 0" });
    return z.NEVER;
  });
}

/** A value that begins with - is a flag whose own value was forgotten: it would become the name of a file. */
function text(dash: boolean): z.ZodType<string> {
  return z.string().transform((given, context) => {
    if ((given !== "" && !given.startsWith("-")) || (dash && given === "-")) return given;
    const rule =
      given === "" ? "a name" : `a name that does not begin with - (else write it as "./${given}")`;
    context.addIssue({ code: "custom", message: rule });
    return z.NEVER;
  });
}
