// oc proxy: a local HTTP port that leads to the API server with the kubeconfig's credentials.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { toDuplex } from '../../machine/duplex';
import { Errno } from '../../machine/errno';
import type { Cli, Command } from '../cli';
import { CliError } from '../errors';

export const proxy: Command = {
  path: 'proxy',
  async run(cli) {
    const { flags } = cli;
    const port = flags.int('port');
    const address = flags.str('address') || '127.0.0.1';
    if (flags.str('www')) throw new CliError('not supported: proxy --www');
    const accepts = new RegExp(flags.list('accept-hosts').join('|') || '.*');
    const refused = new RegExp(flags.list('reject-paths').join('|') || '$^');
    const server = createServer((request, response) => void answer(cli, request, response, { accepts, refused }));
    const listener = listen(cli, port, address);
    await cli.out(`Starting to serve on ${address}:${listener.port}\n`);
    for (let c = await listener.accept(cli.proc.killed); c; c = await listener.accept(cli.proc.killed))
      server.emit('connection', toDuplex(c));
  },
};

function listen(cli: Cli, port: number, address: string) {
  try {
    return cli.proc.listen(port, address === 'localhost' ? '127.0.0.1' : address);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const why = error.code === 'EADDRINUSE' ? 'address already in use' : error.message.toLowerCase();
    throw new CliError(`listen tcp ${address}:${port}: bind: ${why}`);
  }
}

const OWN = new Set(['host', 'connection', 'authorization', 'content-length', 'transfer-encoding', 'accept-encoding']);

/** The caller's headers, but those of the connection. */
const forwarded = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (OWN.has(name) ? [] : [[name, String(value)]])),
  );

function credentials(cli: Cli): Record<string, string> {
  const { 'User-Agent': _, ...own } = cli.client.headers();
  return own;
}

async function answer(
  cli: Cli,
  request: IncomingMessage,
  response: ServerResponse,
  { accepts, refused }: { accepts: RegExp; refused: RegExp },
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const prefix = cli.flags.str('api-prefix').replace(/\/$/, '');
  const path = prefix && url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url;
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (!accepts.test(host) || refused.test(path.split('?')[0] ?? '') || !url.startsWith(prefix)) {
    response.writeHead(403).end('Forbidden\n');
    return;
  }
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const reply = await cli.client.transport.send({
      method,
      url: cli.client.server + path,
      headers: { ...forwarded(headers), ...credentials(cli) },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    response.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(response);
  } catch (error) {
    if (!(error instanceof Error) || cli.proc.killed.aborted) return void response.destroy();
    response.writeHead(502).end(`${error.message}\n`);
  }
}
