/**
 * How an option is declared: as data. From the declaration come the flag, its line in `--help`, the check of its value
 * and the type of the setting.
 */

interface Declared {
  /** As the command line has it: `--seed <n>`. */
  readonly flags: string;
  readonly help: string;
}

/** A whole number. */
export interface IntegerOption extends Declared {
  readonly type: "integer";
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  /** Said in `--help` where the default depends on the source or the machine. */
  readonly usual?: string;
  /** Words that may stand instead of a number. */
  readonly words?: readonly string[];
}

/** A number, not negative. */
export interface NumberOption extends Declared {
  readonly type: "number";
  /** Whether it must be above 0. */
  readonly positive?: true;
  readonly default?: number;
  readonly usual?: string;
}

/** Whole numbers, separated by commas. */
export interface IntegersOption extends Declared {
  readonly type: "integers";
  readonly min: number;
  readonly max: number;
  readonly default?: undefined;
  readonly usual: string;
}

/** One of a few words. */
export interface ChoiceOption extends Declared {
  readonly type: "choice";
  readonly choices: readonly string[];
  readonly default?: string;
  readonly usual?: string;
}

/** Any text but none. */
export interface TextOption extends Declared {
  readonly type: "text";
  /** Whether it may be `-`, which stands for standard input or output. */
  readonly dash?: true;
  readonly default?: string;
  readonly usual?: string;
}

/** On where it is given. */
export interface SwitchOption extends Declared {
  readonly type: "switch";
}

export type OptionSpec =
  | IntegerOption
  | NumberOption
  | IntegersOption
  | ChoiceOption
  | TextOption
  | SwitchOption;

/** Options by the name of their setting, which is the flag in camelCase. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type ValueOf<S> = S extends { readonly type: "switch" }
  ? boolean
  : S extends { readonly type: "integers" }
    ? readonly number[] | undefined
    : S extends { readonly type: "integer" | "number" }
      ? S extends { readonly words: readonly (infer W)[] }
        ? number | W | undefined
        : S extends { readonly default: number }
          ? number
          : number | undefined
      : S extends { readonly choices: readonly (infer C)[] }
        ? S extends { readonly default: string }
          ? C
          : C | undefined
        : S extends { readonly default: string }
          ? string
          : string | undefined;

/** Settings that a table of options gives: complete; `undefined` where an option has no default and was not given. */
export type SettingsOf<T> = { readonly [K in keyof T]: ValueOf<T[K]> };
