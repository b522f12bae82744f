// Prints the Tables that the server makes (k8s.io/cli-runtime printers/tableprinter.go).
import { type Dyn, isEmpty } from '../object';
import { RowWriter } from './tabwriter';

export interface TableObject {
  /** Null in the later events of a watch. */
  columnDefinitions: { name: string; type: string; priority?: number }[];
  rows: { cells: Dyn[]; object?: Dyn }[];
  metadata?: Dyn;
}

export interface TableOptions {
  wide?: boolean;
  noHeaders?: boolean;
  withNamespace?: boolean;
  /** `pod`, `deployment.apps`: put before names. */
  kind?: string;
  showLabels?: boolean;
  labelColumns?: string[];
  /** Watch events: a column in front. */
  event?: boolean;
}

export const isTable = (value: Dyn): value is TableObject => value?.kind === 'Table';

/** One table on the screen, which may grow as a watch goes on. */
export class TablePrinter {
  private readonly writer = new RowWriter();
  private headed = false;
  private columns: TableObject['columnDefinitions'] = [];

  constructor(private readonly options: TableOptions) {}

  /** The text of some tables of the same kind; the header only the first time. */
  print(tables: TableObject[], events?: string[]): string {
    const lines: string[][] = [];
    tables.forEach((given, i) => {
      // a watch tells the columns only with its first event
      if (given.columnDefinitions?.length) this.columns = given.columnDefinitions;
      const table = { ...given, columnDefinitions: this.columns };
      if (!this.headed && !this.options.noHeaders && table.columnDefinitions.length > 0) lines.push(this.header(table));
      this.headed = true;
      for (const row of table.rows) lines.push(this.row(table, row, events?.[i]));
    });
    return this.writer.format(lines);
  }

  private shown(table: TableObject): number[] {
    return table.columnDefinitions.flatMap((column, i) => (this.options.wide || !column.priority ? [i] : []));
  }

  private header(table: TableObject): string[] {
    const { options } = this;
    return [
      ...(options.event ? ['EVENT'] : []),
      ...(options.withNamespace ? ['NAMESPACE'] : []),
      ...this.shown(table).map((i) => (table.columnDefinitions[i]?.name ?? '').toUpperCase()),
      ...(options.labelColumns ?? []).map((label) => (label.split('/').at(-1) ?? '').toUpperCase()),
      ...(options.showLabels ? ['LABELS'] : []),
    ];
  }

  private row(table: TableObject, row: TableObject['rows'][number], event: string | undefined): string[] {
    const { options } = this;
    const meta = row.object?.metadata ?? {};
    const cells = this.shown(table).map((i) => {
      const text = cellText(row.cells[i]);
      return options.kind && table.columnDefinitions[i]?.name === 'Name' ? `${options.kind}/${text}` : text;
    });
    return [
      ...(options.event ? [event ?? ''] : []),
      ...(options.withNamespace ? [meta.namespace ?? ''] : []),
      ...cells,
      ...(options.labelColumns ?? []).map((label) => meta.labels?.[label] || '<none>'),
      ...(options.showLabels ? [formatLabels(meta.labels)] : []),
    ];
  }
}

function cellText(cell: Dyn): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? cell : `${cell.slice(0, end)}...`;
}

export function formatLabels(labels: Record<string, string> | undefined): string {
  if (!labels || isEmpty(labels)) return '<none>';
  return Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`)
    .join(',');
}
