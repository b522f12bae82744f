// jq's + - * / % on all kinds of values. jq 1.6, src/builtin.c.
import { isObject, type Json, type JsonObject } from './json';
import { equal, fail, shown } from './paths';

const MOST_TEXT = 16 * 1024 * 1024; // characters that repeating may make

function merged(a: JsonObject, b: JsonObject): JsonObject {
  const out = new Map(a);
  for (const [key, value] of b) {
    const old = out.get(key);
    out.set(key, old !== undefined && isObject(old) && isObject(value) ? merged(old, value) : value);
  }
  return out;
}

const OPERATIONS: Record<string, { word: string; run: (a: Json, b: Json) => Json | undefined }> = {
  '+': {
    word: 'added',
    run(a, b) {
      if (a === null) return b;
      if (b === null) return a;
      if (typeof a === 'number' && typeof b === 'number') return a + b;
      if (typeof a === 'string' && typeof b === 'string') return a + b;
      if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
      return isObject(a) && isObject(b) ? new Map([...a, ...b]) : undefined;
    },
  },
  '-': {
    word: 'subtracted',
    run(a, b) {
      if (typeof a === 'number' && typeof b === 'number') return a - b;
      return Array.isArray(a) && Array.isArray(b)
        ? a.filter((item) => !b.some((other) => equal(item, other)))
        : undefined;
    },
  },
  '*': {
    word: 'multiplied',
    run(a, b) {
      if (typeof a === 'number' && typeof b === 'number') return a * b;
      if (isObject(a) && isObject(b)) return merged(a, b);
      const [text, times] = typeof a === 'string' ? [a, b] : [b, a];
      if (typeof text !== 'string' || typeof times !== 'number' || typeof a !== 'string') return undefined;
      if (times <= 0) return null;
      const count = Math.max(1, Math.ceil(times));
      return count * text.length > MOST_TEXT ? fail('Repeat string result too long') : text.repeat(count);
    },
  },
  '/': {
    word: 'divided',
    run(a, b) {
      if (typeof a === 'number' && typeof b === 'number')
        return b === 0 ? fail(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`) : a / b;
      return typeof a === 'string' && typeof b === 'string' ? splitText(a, b) : undefined;
    },
  },
  '%': {
    word: 'divided',
    run(a, b) {
      if (typeof a !== 'number' || typeof b !== 'number') return undefined;
      const divisor = Math.abs(Math.trunc(b));
      if (divisor === 0) return fail(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
      return Math.trunc(a) % divisor || 0;
    },
  },
};

export const splitText = (text: string, by: string): Json =>
  text === '' ? [] : by === '' ? [...text] : text.split(by);

export function arithmetic(op: string, a: Json, b: Json): Json {
  const { word, run } = OPERATIONS[op] as (typeof OPERATIONS)[string];
  const result = run(a, b);
  return result === undefined ? fail(`${shown(a)} and ${shown(b)} cannot be ${word}`) : result;
}
