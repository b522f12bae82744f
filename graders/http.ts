// What does an HTTP server answer, asked from some place?
import { z } from 'zod';
import { defineGrader, type Finding, type Lens } from '../lib/grading/contract';
import { whyNotServing } from './backends';
import { brief, describe, isNowhere, name, placeOf, regexp, vantage, whole } from './parameters';
import { type Response, request } from './request';

const parameters = z.strictObject({
  from: vantage,
  url: z.string().regex(/^https?:\/\/\S+$/, 'a URL that begins with http:// or https://'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  status: whole(100, 599).default(200),
  contains: z.string().optional().describe('Text of the body.'),
  matches: regexp.optional().describe('A regular expression for the body.'),
  header: regexp.optional().describe('A regular expression for a line of the header.'),
  image: z
    .string()
    .optional()
    .describe('Part of the name of the image whose program answers: an impostor does not pass.'),
  namespace: name.optional().describe('Where that pod is; the project of `from` if not given.'),
});
type Parameters = z.infer<typeof parameters>;

const LOOKS = 12; // connections; of two endpoints one is missed once in two thousand times

export const http = defineGrader<Parameters>({
  name: 'http',
  summary: 'A web server, asked from a place, answers as expected.',
  example: { from: 'shop', url: 'http://web:8080/', contains: 'Hello' },
  parameters,
  expects: ({ from, url, status, contains, matches }, not) =>
    `${describe(from)} asks for ${url} and ${not ? 'does not get' : 'gets'} ${status}${contains ? ` with “${brief(contains)}”` : ''}${matches ? ` with text that matches ${matches}` : ''}`,
  async look(lens, given) {
    const answer = await request(lens, placeOf(given.from), given);
    if (typeof answer === 'string') {
      const why = await whyNot(lens, given, answer);
      return { holds: 0, observed: `no answer: ${answer}`, why, moot: isNowhere(why) };
    }
    const impostor = given.image ? await wrongImage(lens, given, given.image) : undefined;
    if (impostor) return { holds: 0, observed: `status ${answer.status}`, why: impostor };
    return judge(answer, given);
  },
});

function judge({ status, body, headers }: Response, given: Parameters): Finding {
  const observed = `status ${status}, “${brief(body)}”`;
  if (status !== given.status) return { holds: 0, observed, why: `the server answers with status ${status}` };
  if (given.contains !== undefined && !body.includes(given.contains))
    return { holds: 0, observed, why: 'the text that is expected is not in the answer' };
  if (given.matches !== undefined && !new RegExp(given.matches, 'm').test(body))
    return { holds: 0, observed, why: 'the answer reads otherwise' };
  if (given.header !== undefined && !new RegExp(given.header, 'im').test(headers))
    return { holds: 0, observed, why: 'the header that is expected is not in the answer' };
  return { holds: 1, observed, why: '' };
}

/** The reason by the path; the client's own word where the path is clear. */
async function whyNot(lens: Lens, { from, url }: Parameters, fault: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const probe = await lens.connect(placeOf(from), {
    host: hostname,
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  });
  return probe.verdict === 'delivered' ? fault : probe.reason;
}

/** Who answers: a program at the end of the path that is of another image than it should be. */
async function wrongImage(
  lens: Lens,
  { from, url, namespace }: Parameters,
  image: string,
): Promise<string | undefined> {
  const endpoints = await endpointsOf(lens, from, url);
  const where =
    namespace ??
    (typeof from === 'string' && from !== 'workstation'
      ? from
      : typeof from === 'object' && 'namespace' in from
        ? from.namespace
        : undefined);
  const pods = await lens.list(where ? `/api/v1/namespaces/${where}/pods` : '/api/v1/pods');
  for (const endpoint of endpoints) {
    const [address, port] = endpoint.split(':');
    const pod = pods.find(({ status }) => status?.podIP === address);
    if (!pod) return `${endpoint} is not a pod${where ? ` of ${where}` : ''}`;
    const impostor = await whyNotServing(lens, pod, Number(port), image);
    if (impostor) return impostor;
  }
  return undefined;
}

/** Those that a few connections come to: one of several may be an impostor. */
async function endpointsOf(lens: Lens, from: Parameters['from'], url: string): Promise<Set<string>> {
  const { hostname, port, protocol } = new URL(url);
  const target = { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  const reached = new Set<string>();
  for (let i = 0; i < LOOKS; i++) reached.add((await lens.connect(placeOf(from), target)).endpoint ?? '');
  return reached;
}
