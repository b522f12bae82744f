// Parameters that many graders have. Numbers may come as text, since a variable of the lab is text.
import { z } from 'zod';
import type { Vantage } from '../lib/grading/contract';

/** A whole number, or a variable that holds one. */
export const whole = (least: number, most: number) =>
  z
    .union([z.number().int().min(least).max(most), z.string().regex(/^\d+$/, 'a whole number')])
    .transform((value, context) => {
      const number = Number(value);
      if (number >= least && number <= most) return number;
      context.addIssue(`a number from ${least} to ${most}`);
      return z.NEVER;
    });

export const port = whole(1, 65535).describe('1 to 65535.');
export const name = z.string().min(1);
export const regexp = z.string().refine(isRegexp, 'this is no regular expression');
export const labelsOf = z.record(z.string(), z.string()).describe('Labels, as `app: db`.');

function isRegexp(text: string): boolean {
  try {
    return new RegExp(text) !== undefined;
  } catch {
    return false;
  }
}

/** Where a look begins. */
export const vantage = z
  .union([
    z.literal('workstation'),
    name.describe('A project: a pod is put into it for the look.'),
    z.strictObject({
      namespace: name,
      labels: labelsOf.optional().describe('Labels of the pod that is put there.'),
      image: z.string().optional(),
    }),
    z.strictObject({ namespace: name, selector: labelsOf }).describe('A running pod that these labels select.'),
    z.strictObject({ namespace: name, pod: name }),
    z.strictObject({ node: name }),
    z.strictObject({ host: name }).describe('A host outside the cluster, declared under `hosts`.'),
  ])
  .describe('`workstation`, a project, a pod, a node or an outside host.');
export type From = z.infer<typeof vantage>;

export const placeOf = (from: From): Vantage =>
  from === 'workstation' ? 'workstation' : typeof from === 'string' ? { namespace: from } : from;

/** The vantage in words. */
export function describe(from: From): string {
  if (from === 'workstation') return 'the workstation';
  if (typeof from === 'string') return `a pod in ${from}`;
  if ('node' in from) return `node ${from.node}`;
  if ('host' in from) return `host ${from.host}`;
  if ('pod' in from) return `pod ${from.pod} in ${from.namespace}`;
  if ('selector' in from) return `the pod ${text(from.selector)} in ${from.namespace}`;
  return `a pod ${from.labels ? `${text(from.labels)} ` : ''}in ${from.namespace}`;
}

/** Whether a look could not begin, by the lens' own words: nobody is there from whom to look. */
export const isNowhere = (reason: string): boolean =>
  /^(there is no (project|node|host) |no pod in |pod \S+ in \S+ does not run)/.test(reason);

/** `app=db,tier=data`. */
export const text = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || 'no labels';

/** `1 pod`, `2 pods`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** A long text cut to what a report can show. */
export function brief(long: string, most = 160): string {
  const line = long.trim().replace(/\s*\n\s*/g, ' / ');
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
