// Where something stands in a YAML file: a path into the document to `file:line:column`.
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** One place of a file, for machines; `text` is `lab.yaml:3:5`. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export type Path = readonly PropertyKey[];

export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** Where an offset of a text lies. */
export function placeAt(file: string, text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** A YAML file with its places. */
export class YamlFile {
  readonly document: Document.Parsed;
  private readonly lines = new LineCounter();

  constructor(
    readonly file: string,
    text: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, maxAliasCount: 0 } as never);
  }

  at(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line, column: col };
  }

  /** The place of the value at a path, or of the nearest thing around it. */
  value(path: Path): Place {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return this.at(node.range[0]);
    }
    return this.at(this.document.contents?.range?.[0] ?? 0);
  }

  /** The place of a key in the map at a path. */
  key(path: Path, key: string): Place {
    const map = path.length === 0 ? this.document.contents : this.document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const node = pair?.key as Node | undefined;
    return node?.range ? this.at(node.range[0]) : this.value(path);
  }
}
