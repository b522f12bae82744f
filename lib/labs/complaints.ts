// From zod's issues to sentences: where, what was expected, what stands there, and the nearest valid name.
import { z } from 'zod';
import { suggestion } from './nearest';
import { type Path, type Place, placeText, type YamlFile } from './place';

/** One thing that is wrong with a lab. */
export interface Problem extends Place {
  /** What was expected, in a sentence without the place. */
  message: string;
}

export const problemText = (problem: Problem): string => `${placeText(problem)}: ${problem.message}`;

type Issue = z.core.$ZodIssue;

/** @param base path of the value that the schema judged, inside the file */
export function complaints(file: YamlFile, error: z.ZodError, schema: z.ZodType, base: Path = []): Problem[] {
  return error.issues.flatMap((issue) => describe(file, issue, schema, base));
}

function describe(file: YamlFile, issue: Issue, schema: z.ZodType, base: Path): Problem[] {
  const path = [...base, ...issue.path];
  const title = path.map(String).join('.');
  const prefix = title ? `${title}: ` : '';
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({
      ...file.key(path, key),
      message: `${prefix}unknown key ${key}${suggestion(key, known)}${known.length > 0 ? `; expected: ${known.join(', ')}` : ''}`,
    }));
  }
  if (issue.code === 'invalid_union') return union(file, issue, schema, base, path);
  const value = file.document.getIn(path);
  const found = value === undefined ? 'nothing' : JSON.stringify(value);
  return [{ ...file.value(path), message: `${prefix}${sentence(issue, found, value)}` }];
}

/** Of the forms that a value may have, the complaints of the one that it is nearest to. */
function union(
  file: YamlFile,
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.ZodType,
  base: Path,
  path: Path,
): Problem[] {
  const deepest = [...issue.errors].sort((a, b) => misfit(a) - misfit(b))[0];
  const title = path.map(String).join('.');
  if (!deepest || deepest.length === 0)
    return [{ ...file.value(path), message: `${title}: not one of the forms it may have` }];
  const nested = deepest.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
  return nested.flatMap((each) => describe(file, each as Issue, schema, base));
}

/** How far a value is from one form: a wrong type at its top is further than a wrong field within. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce((total, issue) => {
    if (issue.path.length > 0) return total + 1;
    return total + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 20);
  }, 0);
}

function sentence(issue: Issue, found: string, value: unknown): string {
  if (issue.code === 'invalid_type' && value === null && issue.path.length === 0) return 'the file is empty';
  if (issue.code === 'invalid_type') return `expected ${article(issue.expected)}, found ${found}`;
  if (issue.code === 'invalid_value') {
    const valid = issue.values.map(String);
    return `expected ${valid.join(', ')}; found ${found}${suggestion(String(value), valid)}`;
  }
  if (issue.code === 'too_small') return `expected at least ${issue.minimum}${unit(issue.origin)}, found ${found}`;
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}${unit(issue.origin)}, found ${found}`;
  if (issue.code === 'invalid_format')
    return `expected ${issue.message.startsWith('Invalid') ? `text that matches ${issue.pattern}` : issue.message}, found ${found}`;
  if (issue.code === 'invalid_key')
    return `${issue.issues[0]?.message ?? 'not a valid name'}: ${String(issue.path.at(-1))}`;
  return `${issue.message}, found ${found}`;
}

const article = (type: string): string =>
  ({
    object: 'a map',
    record: 'a map',
    array: 'a list',
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
  })[type] ?? type;

const unit = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

/** The keys that an object at a path may have; of a union, those of all its forms. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let here: z.ZodType[] = [schema];
  for (const step of path) here = here.flatMap((each) => into(each, step));
  return [
    ...new Set(
      here
        .flatMap((each) => forms(each))
        .flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : [])),
    ),
  ];
}

function into(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  return forms(schema).flatMap((each) => {
    if (each instanceof z.ZodObject) return (each.shape[String(step)] as z.ZodType | undefined) ?? [];
    if (each instanceof z.ZodArray) return each.element as z.ZodType;
    return each instanceof z.ZodRecord ? (each.valueType as z.ZodType) : [];
  });
}

/** Without the wrappers: defaults, transformations, options of a union. */
function forms(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((each) => forms(each as z.ZodType));
  if (schema instanceof z.ZodPipe) return forms(schema.in as z.ZodType);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return forms(schema.unwrap() as z.ZodType);
  return [schema];
}
