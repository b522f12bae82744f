// log: a container's output as text, as it comes.
import type { ServerResponse } from 'node:http';
import type { Served } from '../../resources/registry';
import { badRequest, invalid } from '../../store/errors';
import type { Call } from '../call';
import { existing } from '../objects';
import { isTrue } from '../request-info';
import type { LogOptions } from '../streams';

function natural(call: Call, name: string, least = 0): number | undefined {
  const text = call.query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (value >= least) return value;
  const detail = least === 0 ? 'must be greater than or equal to 0' : `must be greater than ${least - 1}`;
  throw invalid('PodLogOptions', call.info.name, [
    { field: name, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${detail}` },
  ]);
}

function optionsOf(call: Call): LogOptions {
  const { query } = call;
  const flag = (name: string) => isTrue(query.get(name));
  const [tailLines, limitBytes, sinceSeconds] = [
    natural(call, 'tailLines'),
    natural(call, 'limitBytes', 1),
    natural(call, 'sinceSeconds', 1),
  ];
  const sinceTime = query.get('sinceTime');
  const container = query.get('container');
  return {
    ...(container && { container }),
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime && { sinceTime }),
  };
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => response.once('drain', resolve).once('close', resolve));

/** An error before the first byte is still answered as a Status. */
export async function log(call: Call, served: Served, response: ServerResponse): Promise<undefined> {
  existing(call, served);
  const options = optionsOf(call);
  const abort = new AbortController();
  response.on('close', () => abort.abort());
  const { namespace, name } = call.info;
  const chunks = call.api.streams.log(namespace, name, options, abort.signal)[Symbol.asyncIterator]();
  const first = chunks.next();
  const early = await Promise.race([first, call.api.operations.clock.yield()]);
  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/plain');
  response.setHeader('Cache-Control', 'no-cache, private');
  if (!early) response.flushHeaders(); // a log that is followed may say nothing for long
  for (let next = await first; !next.done && !response.destroyed; next = await chunks.next())
    if (!response.write(next.value)) await drained(response);
  response.end();
  return undefined;
}
