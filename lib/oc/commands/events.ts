// oc events: the events of a namespace or an object, oldest first.
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';
import { humanDuration } from '../flags/duration';
import type { Dyn } from '../object';
import { RowWriter } from '../printers/tabwriter';

export const events: Command = {
  path: 'events',
  async run(cli) {
    const { flags } = cli;
    const all = flags.bool('all-namespaces');
    const types = flags.list('types').map((type) => type.toLowerCase());
    if (types.some((type) => type !== 'normal' && type !== 'warning'))
      throw new CliError('valid --types are Normal or Warning');
    const target = flags.str('for');
    const query = target ? { fieldSelector: await fieldSelector(cli, target) } : {};
    const path = all ? '/api/v1/events' : `/api/v1/namespaces/${cli.namespace}/events`;
    const list = await cli.client.json('GET', path, { query: { ...query, limit: flags.int('chunk-size') } });
    const wanted = (event: Dyn) => types.length === 0 || types.includes((event.type ?? '').toLowerCase());
    const items = (list.items as Dyn[]).filter(wanted).sort((a, b) => seen(a) - seen(b));
    const printer = cli.printer();
    if (items.length === 0 && !flags.bool('watch'))
      return cli.err(all ? 'No events found.\n' : `No events found in ${cli.namespace} namespace.\n`);
    if (printer) return cli.out(printer({ ...list, items }));
    const table = new RowWriter();
    const rows = items.map((event) => row(cli, event, all));
    if (!flags.bool('no-headers'))
      rows.unshift([...(all ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
    await cli.out(table.format(rows));
    if (!flags.bool('watch')) return;
    for await (const event of cli.client.watch(path, { ...query, resourceVersion: list.metadata?.resourceVersion }))
      if ((event.type === 'ADDED' || event.type === 'MODIFIED') && wanted(event.object))
        await cli.out(table.format([row(cli, event.object, all)]));
  },
};

async function fieldSelector(cli: Cli, target: string): Promise<string> {
  const [type = '', name] = target.split('/');
  if (!name) throw new CliError('--for must be in resource/name form');
  const resource = await cli.resource(type);
  return `involvedObject.kind=${resource.kind},involvedObject.name=${name}`;
}

const seen = (event: Dyn): number =>
  Date.parse(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? '') || 0;

function row(cli: Cli, event: Dyn, all: boolean): string[] {
  const age = (time: string | undefined | null) => (time ? humanDuration(cli.now() - Date.parse(time)) : '<unknown>');
  const first = age(event.firstTimestamp ?? event.eventTime);
  const last = event.series
    ? `${age(event.series.lastObservedTime)} (x${event.series.count} over ${first})`
    : event.count > 1
      ? `${age(event.lastTimestamp)} (x${event.count} over ${first})`
      : first;
  const object = `${event.involvedObject.kind}/${event.involvedObject.name}`;
  return [
    ...(all ? [event.metadata.namespace] : []),
    last,
    event.type ?? '',
    event.reason ?? '',
    object,
    (event.message ?? '').trim(),
  ];
}
