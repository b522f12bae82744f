// Variables drawn per attempt from its seed, and their substitution as {{name}}.
import { Random } from '../sim/random';
import type { VariableDefinitions as Definitions } from './schema';

export type Variables = Record<string, string>;

const NAMED = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;
const MAX_DRAWS = 200; // until a value differs from the others that it must differ from
/** What the workstation itself needs in its environment; $NAME of a variable would hide it. */
const RESERVED = new Set(
  'HOME USER LOGNAME SHELL HOSTNAME LANG PATH TERM PWD OLDPWD IFS UID EUID PPID RANDOM SECONDS BASH EDITOR KUBECONFIG PS1 PS2'.split(
    ' ',
  ),
);

/** Draws every variable of a lab. The same seed draws the same; each variable has a source of its own, so adding one changes no other. */
export function drawVariables(definitions: Definitions, seed: number): Variables {
  const random = new Random(seed);
  const drawn: Variables = {};
  for (const [name, how] of Object.entries(definitions)) {
    const source = random.fork(`variable/${name}`);
    if ('text' in how) drawn[name] = substitute(how.text, drawn);
    else if ('by' in how) drawn[name] = how.values[drawn[how.by] ?? ''] ?? '';
    else
      drawn[name] = drawApart(
        () => drawOne(how, source),
        (how.differs ?? []).map((other) => drawn[other]),
      );
  }
  return drawn;
}

function drawOne(how: Exclude<Definitions[string], { text: string } | { by: string }>, source: Random): string {
  if ('pick' in how) return source.pick(how.pick);
  if ('pattern' in how) return expand(how.pattern, source);
  const { from, to, step = 1 } = how.number;
  return String(from + step * source.int(Math.floor((to - from) / step) + 1));
}

function drawApart(draw: () => string, others: (string | undefined)[]): string {
  let value = draw();
  for (let tries = 0; others.includes(value) && tries < MAX_DRAWS; tries++) value = draw();
  return value;
}

/** What is wrong with a lab's variables. */
export function variableProblems(definitions: Definitions): { name: string; message: string }[] {
  const names = Object.keys(definitions);
  return Object.entries(definitions).flatMap(([name, how]) => {
    const say = (message: string) => [{ name, message }];
    const before = names.slice(0, names.indexOf(name));
    if (RESERVED.has(name.toUpperCase()))
      return say(`$${name.toUpperCase()} has a meaning of its own on the workstation`);
    if ('text' in how)
      return namesIn(how.text).flatMap((used) =>
        before.includes(used.name) ? [] : say(`{{${used.name}}} is not declared before it`),
      );
    if ('pattern' in how && LEFT_OVER.test(how.pattern.replace(CLASS, '')))
      return say(`the pattern ${how.pattern} has more than classes and counts, as in user[0-9]{2}`);
    if ('by' in how) return byProblems(how, definitions[how.by], before).flatMap(say);
    const late = (how.differs ?? []).filter((other) => !before.includes(other));
    if (late.length > 0) return say(`${late.join(', ')} is not declared before it`);
    if ('pick' in how && new Set(how.pick).size < how.pick.length) return say('the same value stands twice in `pick`');
    if ('number' in how && how.number.from >= how.number.to)
      return say(`expected \`from\` below \`to\`, found ${how.number.from} and ${how.number.to}`);
    return [];
  });
}

/** A table has to know every value that the other variable may have. */
function byProblems(
  { by, values }: { by: string; values: Record<string, string> },
  other: Definitions[string] | undefined,
  before: string[],
): string[] {
  if (!before.includes(by)) return [`${by} is not declared before it`];
  if (!other || !('pick' in other)) return [`${by} is not a variable with \`pick\``];
  const missing = other.pick.filter((value) => values[value] === undefined);
  return missing.length > 0 ? [`there is no value for ${missing.join(', ')} of ${by}`] : [];
}

/** Replaces {{name}} in text; an unknown name is an author's error. */
export function substitute(text: string, variables: Variables): string {
  return text.replace(NAMED, (_, name: string) => {
    const value = variables[name];
    if (value === undefined)
      throw new Error(`unknown variable {{${name}}}; known: ${Object.keys(variables).join(', ') || 'none'}`);
    return value;
  });
}

/** The same where {{other}} may stand for something else, as in a Go template in a script. */
export const substituteKnown = (text: string, variables: Variables): string =>
  text.replace(NAMED, (whole, name: string) => variables[name] ?? whole);

/** The variables that a text uses, with their offsets. */
export const namesIn = (text: string): { name: string; offset: number }[] =>
  [...text.matchAll(NAMED)].map((match) => ({ name: match[1] as string, offset: match.index }));

/** Substitutes in every string of a JSON value, keys too. */
export function substituteDeep<T>(value: T, variables: Variables): T {
  if (typeof value === 'string') return substitute(value, variables) as T;
  if (Array.isArray(value)) return value.map((item) => substituteDeep(item, variables)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [substitute(key, variables), substituteDeep(item, variables)]),
  ) as T;
}

const CLASS = /\[([^\]]+)\](?:\{(\d+)\})?/g;
/** What means something in a regular expression, and nothing here. */
const LEFT_OVER = /[[\]{}()*+?|\\^$]/;

function expand(pattern: string, random: Random): string {
  return pattern.replace(CLASS, (_, body: string, count?: string) => {
    const alphabet = body.replace(/(.)-(.)/g, (_range, from: string, to: string) => range(from, to));
    return Array.from({ length: Number(count ?? 1) }, () => alphabet[random.int(alphabet.length)]).join('');
  });
}

function range(from: string, to: string): string {
  const first = from.charCodeAt(0);
  return Array.from({ length: to.charCodeAt(0) - first + 1 }, (_, i) => String.fromCharCode(first + i)).join('');
}
