/** A column of a table: its head, and on which side its cells stand. */
export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
}

/** Text with aligned columns, two spaces between them, one line for the heads and one for each row. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.head), ...rows];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => width(line[c] ?? ""))));
  const cell = (text: string, c: number): string => {
    const space = " ".repeat((widths[c] ?? 0) - width(text));
    return columns[c]?.align === "right" ? space + text : text + space;
  };
  return lines
    .map((line) =>
      columns
        .map((_, c) => cell(line[c] ?? "", c))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function width(text: string): number {
  return [...text].length;
}
