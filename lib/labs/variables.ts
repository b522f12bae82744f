// Variables drawn per attempt from its seed, and their substitution as {{name}}.
import { Random } from '../sim/random';
import type { LabDefinition } from './schema';

export type Variables = Record<string, string>;

/** Draws every variable of a lab. The same seed draws the same; each variable has a source of its own, so adding one changes no other. */
export function drawVariables(definitions: LabDefinition['variables'], seed: number): Variables {
  const random = new Random(seed);
  return Object.fromEntries(
    Object.entries(definitions).map(([name, how]) => {
      const source = random.fork(`variable/${name}`);
      return [name, 'pick' in how ? source.pick(how.pick) : expand(how.pattern, source)];
    }),
  );
}

/** Replaces {{name}} in text; an unknown name is an author's error. */
export function substitute(text: string, variables: Variables): string {
  return text.replace(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined)
      throw new Error(`unknown variable {{${name}}}; known: ${Object.keys(variables).join(', ') || 'none'}`);
    return value;
  });
}

/** Substitutes in every string of a JSON value. */
export function substituteDeep<T>(value: T, variables: Variables): T {
  if (typeof value === 'string') return substitute(value, variables) as T;
  if (Array.isArray(value)) return value.map((item) => substituteDeep(item, variables)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substituteDeep(item, variables)])) as T;
}

function expand(pattern: string, random: Random): string {
  return pattern.replace(/\[([^\]]+)\](?:\{(\d+)\})?/g, (_, body: string, count?: string) => {
    const alphabet = body.replace(/(.)-(.)/g, (_range, from: string, to: string) => range(from, to));
    return Array.from({ length: Number(count ?? 1) }, () => alphabet[random.int(alphabet.length)]).join('');
  });
}

function range(from: string, to: string): string {
  const first = from.charCodeAt(0);
  return Array.from({ length: to.charCodeAt(0) - first + 1 }, (_, i) => String.fromCharCode(first + i)).join('');
}
