/** Words of the command line to complete, checked settings. */
import { z } from "zod";
import type { OptionSpec, OptionTable } from "./options.ts";
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

function schemaOf(spec: OptionSpec): z.ZodType {
  switch (spec.type) {
    case "switch":
      return z.boolean().default(false);
    case "integer":
      return withDefault(integer(spec.min, spec.max, spec.later ?? []), spec.default);
    case "number":
      return number().default(spec.default);
    case "choice":
      return withDefault(z.enum(spec.choices, { error: `one of ${spec.choices.join(", ")}` }), spec.default);
    case "text":
      return withDefault(text(), spec.default);
  }
}

function withDefault(schema: z.ZodType, value: unknown): z.ZodType {
  return schema.optional().transform((given) => given ?? value);
}

function integer(min: number, max: number, later: readonly string[]): z.ZodType<number> {
  return z.string().transform((text, context) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max && Number.isSafeInteger(value)) return value;
    const notYet = later.includes(text) ? ` (${text} comes with a later version)` : "";
    context.addIssue({ code: "custom", message: `an integer in ${min}..${max}${notYet}` });
    return z.NEVER;
  });
}

function number(): z.ZodType<number> {
  return z.string().transform((text, context) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (value >= 0 && Number.isFinite(value)) return value;
    context.addIssue({ code: "custom", message: "a number of at least 0" });
    return z.NEVER;
  });
}

/** A value that begins with - is a flag whose own value was forgotten: it would become the name of a file. */
function text(): z.ZodType<string> {
  return z.string().transform((given, context) => {
    if (given !== "" && !given.startsWith("-")) return given;
    const rule =
      given === "" ? "a name" : `a name that does not begin with - (else write it as "./${given}")`;
    context.addIssue({ code: "custom", message: rule });
    return z.NEVER;
  });
}
