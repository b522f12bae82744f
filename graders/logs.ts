// What have containers written to their logs?
import { z } from 'zod';
import { defineGrader, type KubeObject } from '../lib/grading/contract';
import { brief, count, labelsOf, name, regexp, text } from './parameters';

const parameters = z.strictObject({
  namespace: name,
  pod: name.optional(),
  selector: labelsOf.optional().describe('Pods by label; one that wrote it is enough.'),
  container: name.optional(),
  image: z.string().optional().describe('Only containers that run an image with this in its name.'),
  contains: z.string().optional(),
  matches: regexp.optional().describe('A regular expression.'),
});
type Parameters = z.infer<typeof parameters>;

export const logs = defineGrader<Parameters>({
  name: 'logs',
  summary: 'The log of a pod holds a text.',
  example: { namespace: 'shop', selector: { app: 'web' }, matches: 'GET / 200' },
  parameters,
  expects: ({ namespace, contains, matches, ...given }, not) =>
    `the log of ${which(given)} in ${namespace} ${not ? 'does not hold' : 'holds'} ${contains ? `“${brief(contains)}”` : `text that matches ${matches}`}`,
  async look(lens, given) {
    const { namespace } = given;
    const pods = (await lens.list(`/api/v1/namespaces/${namespace}/pods`, given.selector)).filter(
      ({ metadata }) => !given.pod || metadata.name === given.pod,
    );
    const writers = pods.flatMap((pod) => writersOf(pod, given));
    if (writers.length === 0)
      return {
        holds: 0,
        observed: 'there is no such pod',
        why: `no pod in ${namespace} is meant by ${which(given)}`,
        moot: true,
      };
    for (const { pod, container } of writers) {
      const log = (await lens.log(namespace, pod, container)) ?? '';
      const line = log.split('\n').find((each) => isMeant(each, given));
      if (line !== undefined && log !== '') return { holds: 1, observed: `pod ${pod} wrote “${brief(line)}”`, why: '' };
    }
    const observed = `${count(writers.length, 'log')} without it`;
    return {
      holds: 0,
      observed,
      why: `it was not written by ${[...new Set(writers.map(({ pod }) => pod))].join(', ')}`,
    };
  },
});

const which = ({ pod, selector, image }: Pick<Parameters, 'pod' | 'selector' | 'image'>): string =>
  pod ? `pod ${pod}` : selector ? `the pods ${text(selector)}` : image ? `a pod that runs ${image}` : 'any pod';

/** The containers whose logs count. */
function writersOf({ metadata, spec }: KubeObject, { container, image }: Parameters) {
  const lists = container ? ['containers', 'initContainers', 'ephemeralContainers'] : ['containers'];
  return lists
    .flatMap((list) => (spec?.[list] ?? []) as { name: string; image: string }[])
    .filter((each) => (!container || each.name === container) && (!image || each.image.includes(image)))
    .map((each) => ({ pod: metadata.name, container: each.name }));
}

const isMeant = (line: string, { contains, matches }: Parameters): boolean =>
  (contains === undefined || line.includes(contains)) && (matches === undefined || new RegExp(matches).test(line));
