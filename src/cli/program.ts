/** The command line: from words to a command with checked settings, and from whatever happens to an exit code. */
import { Command as Commander, CommanderError, Option } from "commander";
import { didYouMean } from "../spelling.ts";
import { type Argument, type Command, commands } from "./commands.ts";
import type { Effects } from "./effects.ts";
import type { OptionSpec } from "./option-table.ts";

/** Where text goes, and what a command is given. */
export interface Terminal {
  /** Standard output. */
  out(text: string): void;
  /** Standard error. */
  error(text: string): void;
  /** Columns for `--help`. */
  readonly columns: number;
  readonly version: string;
  /** The effects of one command; called once its settings are right. */
  openEffects(talk: { readonly quiet: boolean; readonly json: boolean }): Promise<Effects>;
}

/** Runs what the words say, and gives the exit code; throws nothing. */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  let name: string | undefined;
  const run = async (command: Command, given: Readonly<Record<string, unknown>>): Promise<void> => {
    name = command.name;
    exitCode = await runCommand(command, given, terminal);
  };
  try {
    await buildProgram(terminal, run).parseAsync(words.length === 0 ? ["--help"] : words, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
    const { describeFailure } = await import("./failure.ts");
    const { UsageError } = await import("./usage-error.ts");
    const usage = error instanceof CommanderError ? new UsageError(usageMessage(error, words)) : error;
    const failure = describeFailure(usage, words.includes("--debug") && usage === error, name);
    terminal.error(`${failure.text}\n`);
    return failure.exitCode;
  }
}

async function runCommand(
  command: Command,
  given: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<number> {
  const { checkSettings } = await import("./settings.ts");
  const { names, options } = split(command, given);
  const settings = checkSettings(`unlabeled ${command.name}`, command.options, options);
  const effects = await terminal.openEffects({
    quiet: settings.quiet === true,
    json: settings.json === true,
  });
  try {
    const run = await command.load();
    return await run({ ...names, ...settings }, effects);
  } finally {
    effects.progress.done();
  }
}

/** Arguments apart from options. */
function split(command: Command, given: Readonly<Record<string, unknown>>) {
  const argumentNames = command.arguments.map((argument) => argument.name);
  const entries = Object.entries(given);
  return {
    names: Object.fromEntries(entries.filter(([name]) => argumentNames.includes(name))),
    options: Object.fromEntries(entries.filter(([name]) => !argumentNames.includes(name))),
  };
}

const helpOf = ["help [command]", "print the help of a command"] as const;

type RunGiven = (command: Command, given: Readonly<Record<string, unknown>>) => Promise<void>;

function buildProgram(terminal: Terminal, run: RunGiven): Commander {
  const program = quietCommander("unlabeled", terminal)
    .description("Find the groups in images that nobody labelled.")
    .version(terminal.version, "-V, --version", "print the version")
    .addHelpText(
      "before",
      examplesText([
        "unlabeled compare strokes",
        "unlabeled cluster photos --method auto",
        "unlabeled explore",
      ]),
    )
    .helpCommand(...helpOf);
  const parents = new Map<string, Commander>();
  for (const command of commands) {
    const [first = "", second] = command.name.split(" ");
    if (second === undefined) {
      program.addCommand(commanderOf(first, command, terminal, run));
      continue;
    }
    let parent = parents.get(first);
    if (!parent) {
      parent = quietCommander(first, terminal)
        .description("List, fetch and find the named data sets")
        .helpCommand(...helpOf);
      program.addCommand(parent);
      parents.set(first, parent);
    }
    parent.addCommand(commanderOf(second, command, terminal, run));
  }
  return program;
}

function commanderOf(word: string, command: Command, terminal: Terminal, run: RunGiven): Commander {
  const commander = quietCommander(word, terminal)
    .description(command.summary)
    .addHelpText("before", examplesText(command.examples))
    .allowExcessArguments(false);
  for (const { name, help, optional } of command.arguments) {
    commander.argument(optional ? `[${name}]` : `<${name}>`, help);
  }
  for (const spec of Object.values(command.options)) {
    commander.addOption(new Option(spec.flags, `${spec.help}${defaultText(spec)}`));
  }
  return commander.action(async () => {
    const names = command.arguments.map((argument, i) => [argument.name, commander.args[i]]);
    await run(command, { ...givenOptions(commander, command), ...Object.fromEntries(names) });
  });
}

/** Values by the names of the settings; the parser takes `--no-x` for an `x` that is off, and else on. */
function givenOptions(commander: Commander, { options }: Command): Record<string, unknown> {
  const given: Record<string, unknown> = { ...commander.opts() };
  for (const [name, spec] of Object.entries(options)) {
    const option = new Option(spec.flags);
    if (!option.negate) continue;
    if (given[option.attributeName()] === false) given[name] = true;
    delete given[option.attributeName()];
  }
  return given;
}

/** A commander that throws instead of ending the program, and writes where it is told. */
function quietCommander(name: string, terminal: Terminal): Commander {
  return new Commander(name)
    .exitOverride()
    .showSuggestionAfterError(false)
    .helpOption("-h, --help", "print this help")
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: () => {}, // errors are told once, by runProgram
      getOutHelpWidth: () => terminal.columns,
    });
}

function examplesText(examples: readonly string[]): string {
  return `Examples:\n${examples.map((example) => `  ${example}\n`).join("")}`;
}

function defaultText(spec: OptionSpec): string {
  if (spec.type === "switch") return "";
  const choices = spec.type === "choice" ? `; one of ${spec.choices.join(", ")}` : "";
  const usual = spec.default ?? spec.usual;
  return `${choices} (default: ${usual})`;
}

/** The complaint of the command line's parser, in this program's words, with the word that was probably meant. */
function usageMessage(error: CommanderError, words: readonly string[]): string {
  const quoted = /'(.*?)'/.exec(error.message)?.[1] ?? "";
  const command = commandOf(words);
  const where = command ? `unlabeled ${command.name}` : "unlabeled";
  const help = `See ${where} --help.`;
  switch (error.code) {
    case "commander.unknownOption":
      return unknownFlag(where, quoted, command, help);
    case "commander.unknownCommand":
      return unknownCommand(quoted, words);
    case "commander.missingArgument":
      return `${where}: <${quoted}> must be given; got nothing. ${help}`;
    case "commander.optionMissingArgument":
      return `${where}: ${quoted} must be followed by a value; got nothing. ${help}`;
    case "commander.excessArguments": {
      const wordOf = ({ name, optional }: Argument): string => (optional ? `[${name}]` : `<${name}>`);
      const expected = command?.arguments.map(wordOf).join(" ") || "no words";
      return `${where}: its words must be ${expected} and flags; got more. ${help}`;
    }
    case "commander.help": {
      // help of a command that there is not
      const asked = words[words.indexOf("help") + 1];
      if (words.includes("help") && asked !== undefined) return unknownCommand(asked, words);
      return `${where} ${words[0] ?? ""}: a command must follow; got nothing. See unlabeled ${words[0] ?? ""} --help.`;
    }
    default:
      return `${where}: ${error.message.replace(/^error: /, "")}`;
  }
}

function unknownFlag(where: string, flag: string, command: Command | undefined, help: string): string {
  const [name = flag] = flag.split("=");
  const options = command ? Object.values(command.options) : [];
  const known = [...options.map((spec) => spec.flags.split(" ")[0] ?? ""), "--help", "--version"];
  return `${where}: the flag must be one that it has; got "${name}".${didYouMean(name, known)} ${help}`;
}

function unknownCommand(word: string, words: readonly string[]): string {
  const parent =
    words[0] !== word && commands.some(({ name }) => name.startsWith(`${words[0]} `)) ? words[0] : undefined;
  const known = commands.map(({ name }) => name.split(" ")).filter(([first]) => !parent || first === parent);
  const names = [...new Set(known.map(([first = "", second = ""]) => (parent ? second : first)))];
  const where = parent ? `unlabeled ${parent}` : "unlabeled";
  return `${where}: the command must be one of ${names.join(", ")}; got "${word}".${didYouMean(word, names)} See ${where} --help.`;
}

function commandOf(words: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name === words[0] || name === words.slice(0, 2).join(" "));
}
