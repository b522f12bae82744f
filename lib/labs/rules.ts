// What a schema cannot say: names that refer to something, files that are there, variables that are known, sizes.
import { graders } from '../../graders';
import type { LabSource } from '../sandbox/protocol';
import { complaints, type Problem } from './complaints';
import { imageSources } from './images';
import { parseInstructions } from './instructions';
import { suggestion } from './nearest';
import { type Path, placeAt, type YamlFile } from './place';
import type { LabDefinition } from './schema';
import { drawVariables, namesIn, substituteDeep, variableProblems } from './variables';

const MAX_README_BYTES = 256 * 1024; // a book of a hundred pages; a page has to render it
const SAMPLE_SEED = 1; // the values that parameters of graders are checked with

type Rule = (file: YamlFile, definition: LabDefinition, source: LabSource) => Problem[];

/** All that is wrong with a lab whose shape is right. */
export const ruleProblems: Rule = (file, definition, source) => {
  const problems = RULES.flatMap((rule) => rule(file, definition, source));
  // parameters are judged with values drawn, which only works once the variables are right
  return problems.length > 0 ? problems : parametersOf(file, definition);
};

const uniqueNames: Rule = (file, definition) =>
  (['checks', 'questions', 'hosts'] as const).flatMap((list) => {
    const names = definition[list].map((each) => ('id' in each ? each.id : each.name));
    return names.flatMap((name, i) =>
      names.indexOf(name) < i
        ? [{ ...file.value([list, i]), message: `${list}.${i}: there is already one named ${name}` }]
        : [],
    );
  });

const neededChecks: Rule = (file, { checks, objectives }) =>
  checks.flatMap((check, i) => {
    const ids = checks.map(({ id }) => id);
    const unknown = check.needs.flatMap((id, n) =>
      ids.includes(id)
        ? []
        : [
            {
              ...file.value(['checks', i, 'needs', n]),
              message: `checks.${i}.needs: there is no check ${id}${suggestion(id, ids)}`,
            },
          ],
    );
    const beyond = (check.objective ?? 1) > objectives.length;
    const objective = beyond
      ? [
          {
            ...file.value(['checks', i, 'objective']),
            message: `checks.${i}.objective: there are ${objectives.length} objectives`,
          },
        ]
      : [];
    return [...unknown, ...objective];
  });

const noCycles: Rule = (file, { checks }) => {
  const needs = new Map(checks.map(({ id, needs }) => [id, needs]));
  const cycle = (id: string, trail: string[]): string[] | undefined => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    for (const next of needs.get(id) ?? []) {
      const found = cycle(next, [...trail, id]);
      if (found) return found;
    }
    return undefined;
  };
  for (const [i, { id }] of checks.entries()) {
    const found = cycle(id, []);
    if (found && found[0] === id)
      return [
        {
          ...file.value(['checks', i, 'needs']),
          message: `checks.${i}.needs: checks need each other in a circle: ${found.join(' needs ')}`,
        },
      ];
  }
  return [];
};

const knownGraders: Rule = (file, { checks }) =>
  heldChecks(checks).flatMap(({ grader, path }) =>
    graders.has(grader)
      ? []
      : [
          {
            ...file.value([...path, 'grader']),
            message: `${path.join('.')}.grader: there is no grader ${grader}${suggestion(grader, graders.keys())}; there are: ${[...graders.keys()].join(', ')}`,
          },
        ],
  );

/** Checks, and those that an `after` holds. */
function heldChecks(
  checks: readonly { grader: string; with: Record<string, unknown> }[],
  base: Path = ['checks'],
): { grader: string; path: Path }[] {
  return checks.flatMap((check, i) => {
    const path = [...base, i];
    const inner = check.with?.['hold'];
    const held = Array.isArray(inner) ? inner.filter((each) => typeof each?.grader === 'string') : [];
    return [{ grader: check.grader, path }, ...heldChecks(held, [...path, 'with', 'hold'])];
  });
}

const files: Rule = (file, definition, source) => {
  const named: [Path, string][] = [
    ...(['prepare', 'start', 'finish'] as const).flatMap((key): [Path, string][] =>
      definition[key] ? [[[key], definition[key]]] : [],
    ),
    ...definition.manifests.map((name, i): [Path, string] => [['manifests', i], name]),
    ...definition.images.flatMap((image, i) =>
      imageSources(image).map((name): [Path, string] => [['images', i, 'files'], name]),
    ),
  ];
  const missing = named.flatMap(([path, name]) =>
    source.files[name] === undefined
      ? [
          {
            ...file.value(path),
            message: /^\/|(^|\/)\.\.?(\/|$)/.test(name)
              ? `${name}: a file of the lab folder is named from there, like setup/prepare.sh`
              : `${name}: missing${suggestion(name, Object.keys(source.files))}`,
          },
        ]
      : [],
  );
  const readme =
    source.files['README.md'] === undefined ? [{ file: 'README.md', line: 1, column: 1, message: 'missing' }] : [];
  return [...missing, ...readme];
};

const variables: Rule = (file, { variables }) =>
  variableProblems(variables).map(({ name, message }) => ({
    ...file.key(['variables'], name),
    message: `variables.${name}: ${message}`,
  }));

/** Texts whose {{names}} have to be known: lab.yaml, the instructions, manifests, and the scripts of the cluster's administrator. */
const knownNames: Rule = (_file, definition, source) => {
  const { manifests, prepare, start, finish, variables } = definition;
  const texts = ['lab.yaml', 'README.md', ...manifests, prepare, start, finish].filter((name) => name !== undefined);
  const names = Object.keys(variables);
  return texts.flatMap((file) => {
    const text = source.files[file] ?? '';
    return namesIn(text).flatMap(({ name, offset }) => {
      const at = placeAt(file, text, offset);
      if (!names.includes(name))
        return [
          {
            ...at,
            message: `unknown variable {{${name}}}${suggestion(name, names)}; known: ${names.join(', ') || 'none'}`,
          },
        ];
      return file === 'README.md' && variables[name]?.hidden
        ? [{ ...at, message: `variable {{${name}}} is hidden from the student` }]
        : [];
    });
  });
};

const instructions: Rule = (_file, { checks, questions }, { files }) => {
  const text = files['README.md'] ?? '';
  if (text.length > MAX_README_BYTES)
    return [
      {
        ...placeAt('README.md', text, MAX_README_BYTES),
        message: `the instructions are larger than ${MAX_README_BYTES / 1024} KB`,
      },
    ];
  const { problems, steps, asked } = parseInstructions(text);
  const ids = checks.map(({ id }) => id);
  const known = questions.map(({ id }) => id);
  const wrongChecks = steps.flatMap(({ checks: named }) => named).filter(({ id }) => !ids.includes(id));
  const wrongQuestions = asked.filter(({ id }) => !known.includes(id));
  const silent = asked.filter(({ text }) => text.trim() === '');
  return [
    ...problems,
    ...wrongChecks.map(({ id, line }) => ({
      file: 'README.md',
      line,
      column: 1,
      message: `there is no check ${id}${suggestion(id, ids)}`,
    })),
    ...wrongQuestions.map(({ id, line }) => ({
      file: 'README.md',
      line,
      column: 1,
      message: `there is no question ${id}${suggestion(id, known)}`,
    })),
    ...silent.map(({ id, line }) => ({
      file: 'README.md',
      line,
      column: 1,
      message: `the fence of question ${id} is empty: what stands in it is what the student reads`,
    })),
  ];
};

const RULES: Rule[] = [uniqueNames, neededChecks, noCycles, knownGraders, files, variables, knownNames, instructions];

/** The parameters of every check, with the values of one seed. */
function parametersOf(file: YamlFile, { checks, variables }: LabDefinition): Problem[] {
  const drawn = drawVariables(variables, SAMPLE_SEED);
  const given = (path: Path) => substituteDeep(file.document.getIn(path, true) ? toJson(file, path) : {}, drawn);
  return heldChecks(checks).flatMap(({ grader, path }) => {
    const schema = graders.get(grader)?.parameters;
    const result = schema?.safeParse(given([...path, 'with']));
    return schema && result && !result.success ? complaints(file, result.error, schema, [...path, 'with']) : [];
  });
}

function toJson(file: YamlFile, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    file.document.toJS(),
  );
}
