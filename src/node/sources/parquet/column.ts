/** A column of a row group, row by row. */
import type { Depth, Page, PageReader } from "./pages.ts";
import { CutOffError, DamagedError } from "./thrift.ts";

export class Column<V> {
  private readonly pages: PageReader<V>;
  private readonly depth: Depth;
  private current: Page<V> | undefined;
  /** First value of the next row, where it had to be read to see that a row had ended. */
  private ahead: { readonly value: V | null } | undefined;

  constructor(pages: PageReader<V>, depth: Depth) {
    this.pages = pages;
    this.depth = depth;
  }

  /**
   * The next rows of a column with one value in each row.
   *
   * @param take hears of each row, counted from 0, and its value; null for a gap
   * @throws {DamagedError} if there are fewer
   */
  async values(rows: number, take: (row: number, value: V | null) => void): Promise<void> {
    for (let row = 0; row < rows; ) {
      const page = await this.page();
      if (!page) throw new CutOffError("fewer rows than promised");
      const end = Math.min(rows, row + page.left);
      page.left -= end - row;
      for (; row < end; row++) take(row, this.valueOf(page));
    }
  }

  /**
   * The next rows of a column with a list in each row; lists in lists are read one after the other.
   *
   * @param take hears of each value, of its row, and how many of this row came before; null for a gap or an empty list
   * @param end  hears of the end of each row, and how many values it had
   * @throws {DamagedError} if there are fewer
   */
  async lists(
    rows: number,
    take: (row: number, index: number, value: V | null) => void,
    end: (row: number, length: number) => void,
  ): Promise<void> {
    let row = -1;
    let length = 0;
    if (this.ahead && rows > 0) {
      row = 0;
      take(0, length++, this.ahead.value);
      this.ahead = undefined;
    }
    for (let page = await this.page(); page; page = await this.page()) {
      while (page.left > 0) {
        page.left -= 1;
        const starts = page.repetition?.next() === 0;
        const value = this.valueOf(page);
        if (starts) {
          if (row >= 0) end(row, length);
          row += 1;
          length = 0;
          if (row === rows) {
            this.ahead = { value };
            return;
          }
        }
        if (row < 0) throw new DamagedError("a list without a beginning");
        take(row, length++, value);
      }
    }
    if (row >= 0) end(row, length);
    if (row + 1 < rows) throw new CutOffError("fewer rows than promised");
  }

  /** @throws {DamagedError} if there are further rows */
  async finish(): Promise<void> {
    if (this.ahead || (await this.page())) throw new DamagedError("more rows than promised");
  }

  private valueOf(page: Page<V>): V | null {
    return !page.definition || page.definition.next() === this.depth.definition ? page.next() : null;
  }

  private async page(): Promise<Page<V> | undefined> {
    while (!this.current || this.current.left === 0) {
      const next = await this.pages.next();
      if (!next) return undefined;
      this.current = next;
    }
    return this.current;
  }
}
