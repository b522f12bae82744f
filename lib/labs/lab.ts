// A lab from its files: checked against the schema and the rules, with file, line and column in every complaint.
import type { LabSource } from '../sandbox/protocol';
import { complaints, type Problem, problemText } from './complaints';
import { placeAt, YamlFile } from './place';
import { ruleProblems } from './rules';
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
    /** The same with their places, for an editor. */
    readonly places: Problem[] = [],
  ) {
    super(`lab ${lab} is not usable:\n  ${problems.join('\n  ')}`);
  }
}

/** Parses and checks a lab. Throws LabError with every problem found. */
export function parseLab(source: LabSource): Lab {
  const result = checkLab(source);
  if ('lab' in result) return result.lab;
  throw new LabError(source.id, result.problems.map(problemText), result.problems);
}

/**
 * The same for an editor: a lab, or what is wrong with it.
 * @public
 */
export function checkLab(source: LabSource): { lab: Lab } | { problems: Problem[] } {
  const text = source.files['lab.yaml'];
  if (text === undefined) return { problems: [{ file: 'lab.yaml', line: 1, column: 1, message: 'missing' }] };
  const file = new YamlFile('lab.yaml', text);
  const { errors } = file.document;
  if (errors.length > 0)
    return {
      problems: errors.map((error) => ({ ...file.at(error.pos[0]), message: withoutPlace(error.message) })),
    };
  const content = contentOf(file, text);
  if ('problem' in content) return { problems: [content.problem] };
  const parsed = labSchema.safeParse(content.value);
  if (!parsed.success) return { problems: complaints(file, parsed.error, labSchema) };
  const problems = ruleProblems(file, parsed.data, source);
  return problems.length > 0 ? { problems } : { lab: { id: source.id, definition: parsed.data, source } };
}

/** The library ends its first line with a place of its own. */
const withoutPlace = (message: string): string =>
  (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');

/** Aliases that expand without end are refused by the YAML library. */
function contentOf(file: YamlFile, text: string): { value: unknown } | { problem: Problem } {
  try {
    return { value: file.document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { problem: { ...placeAt('lab.yaml', text, 0), message: (error as Error).message } };
  }
}
