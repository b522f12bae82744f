// A lab from its files: checked against the schema, with file, line and column in every complaint.
import { LineCounter, parseDocument } from 'yaml';
import type { LabSource } from '../sandbox/protocol';
import { imageSources } from './images';
import { type LabDefinition, labSchema } from './schema';

export interface Lab {
  id: string;
  definition: LabDefinition;
  source: LabSource;
}

/** A lab that cannot be used; each problem is `file:line:column: what was expected`. */
export class LabError extends Error {
  constructor(
    readonly lab: string,
    readonly problems: string[],
  ) {
    super(`lab ${lab} is not usable:\n  ${problems.join('\n  ')}`);
  }
}

/** Parses and checks a lab. Throws LabError with every problem found. */
export function parseLab(source: LabSource): Lab {
  const text = source.files['lab.yaml'];
  if (text === undefined) throw new LabError(source.id, ['lab.yaml: missing']);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `lab.yaml:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new LabError(
      source.id,
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`),
    );
  }
  const parsed = labSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const where = (path: PropertyKey[]) => {
      for (let depth = path.length; depth >= 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
        if (node?.range) return at(node.range[0]);
      }
      return 'lab.yaml:1:1';
    };
    throw new LabError(
      source.id,
      parsed.error.issues.map((issue) => `${where(issue.path)}: ${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const problems = missingFiles(parsed.data, source);
  if (problems.length > 0) throw new LabError(source.id, problems);
  return { id: source.id, definition: parsed.data, source };
}

function missingFiles(definition: LabDefinition, source: LabSource): string[] {
  const scripts = [definition.prepare, definition.start, definition.finish, 'README.md'];
  const named = [...scripts, ...definition.images.flatMap(imageSources)].filter((file) => file !== undefined);
  return named.filter((file) => source.files[file] === undefined).map((file) => `${file}: missing`);
}
