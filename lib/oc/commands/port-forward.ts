// oc port-forward: local ports that lead to a pod.
import type { WebSocket } from 'ws';
import { Errno } from '../../machine/errno';
import type { Connection, Listener } from '../../machine/net';
import type { Cli, Command } from '../cli';
import { openWebSocket } from '../client/websocket';
import { CliError, throwAll } from '../errors';
import type { Dyn } from '../object';
import { firstPod } from '../resources/pods';
import { select } from '../resources/select';

const PROTOCOL = 'v4.channel.k8s.io';

interface Forward {
  local: number;
  remote: number;
}

export const portForward: Command = {
  path: 'port-forward',
  async run(cli) {
    const { flags } = cli;
    const [target, ...words] = cli.args;
    if (!target || words.length === 0) throw cli.usage('TYPE/NAME and list of ports are required for port-forward');
    const { infos, errors } = await select(cli, { args: target.includes('/') ? [target] : ['pods', target] });
    throwAll(errors);
    const object = infos[0]?.object;
    const pod = object.kind === 'Pod' ? object : await firstPod(cli, object, flags.duration('pod-running-timeout'));
    if (pod.status?.phase !== 'Running')
      throw new CliError(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`);
    const forwards = words.map((word) => parsePort(word, object, pod));
    const listeners: Listener[] = [];
    for (const forward of forwards) listeners.push(...(await listen(cli, forward)));
    if (listeners.length === 0)
      throw new CliError(
        `unable to listen on any of the requested ports: [${forwards.map(({ local, remote }) => `{${local} ${remote}}`).join(' ')}]`,
      );
    await Promise.all(listeners.map((listener, i) => serve(cli, listener, pod, remoteOf(forwards, listeners, i))));
  },
};

const remoteOf = (forwards: Forward[], listeners: Listener[], i: number): Forward => {
  const listener = listeners[i] as Listener;
  return forwards.find((one) => one.local === listener.port) ?? (forwards[Math.min(i, forwards.length - 1)] as Forward);
};

/** `8080`, `8080:80`, `:80`, names of a service's or container's ports. */
function parsePort(word: string, object: Dyn, pod: Dyn): Forward {
  const parts = word.split(':');
  if (parts.length > 2) throw new CliError(`invalid port format '${word}'`);
  const [first = '', second] = parts;
  const remote = remotePort(second ?? first, object, pod);
  const local =
    second === undefined ? (/^\d+$/.test(first) ? Number(first) : remote) : first === '' ? 0 : Number(first);
  if (Number.isNaN(local) || local > 65535)
    throw new CliError(
      `error parsing local port '${first}': strconv.ParseUint: parsing ${JSON.stringify(first)}: ${/^\d+$/.test(first) ? 'value out of range' : 'invalid syntax'}`,
    );
  return { local, remote };
}

function remotePort(text: string, object: Dyn, pod: Dyn): number {
  const named = (name: string): number | undefined => {
    for (const container of pod.spec.containers)
      for (const port of container.ports ?? []) if (port.name === name) return port.containerPort;
    return undefined;
  };
  if (object.kind === 'Service') {
    const port = (object.spec.ports ?? []).find((one: Dyn) => String(one.port) === text || one.name === text);
    if (!port && !/^\d+$/.test(text))
      throw new CliError(`Service '${object.metadata.name}' does not have a named port '${text}'`);
    if (!port) throw new CliError(`Service ${object.metadata.name} does not have a service port ${text}`);
    const target =
      object.spec.clusterIP === 'None' && typeof port.targetPort !== 'string'
        ? (port.targetPort ?? port.port)
        : port.targetPort;
    if (typeof target === 'number') return target;
    const found = named(target);
    if (found === undefined) throw new CliError(`Pod '${pod.metadata.name}' does not have a named port '${target}'`);
    return found;
  }
  if (/^\d+$/.test(text)) {
    if (Number(text) === 0) throw new CliError('remote port must be > 0');
    return Number(text);
  }
  const found = named(text);
  if (found === undefined) throw new CliError(`Pod '${pod.metadata.name}' does not have a named port '${text}'`);
  return found;
}

async function listen(cli: Cli, forward: Forward): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (const address of cli.flags.list('address')) {
    for (const ip of address === 'localhost' ? ['127.0.0.1'] : [address]) {
      try {
        const listener = cli.proc.listen(forward.local, ip);
        forward.local = listener.port;
        listeners.push(listener);
        await cli.out(`Forwarding from ${ip}:${listener.port} -> ${forward.remote}\n`);
        if (address === 'localhost') await cli.out(`Forwarding from [::1]:${listener.port} -> ${forward.remote}\n`);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const why = error.code === 'EADDRINUSE' ? 'address already in use' : error.message.toLowerCase();
        await cli.err(
          `Unable to listen on port ${forward.local}: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 ${ip}:${forward.local}: bind: ${why}]\n`,
        );
      }
    }
  }
  return listeners;
}

async function serve(cli: Cli, listener: Listener, pod: Dyn, { remote, local }: Forward): Promise<void> {
  for (
    let connection = await listener.accept(cli.proc.killed);
    connection;
    connection = await listener.accept(cli.proc.killed)
  ) {
    await cli.out(`Handling connection for ${local || listener.port}\n`);
    void carry(cli, connection, pod, remote).catch(async (error: Error) => {
      if (!cli.proc.killed.aborted)
        await cli.err(
          `E portforward.go:413] an error occurred forwarding ${listener.port} -> ${remote}: ${error.message}\n`,
        );
    });
  }
}

/** One connection over one WebSocket: channel 0 carries data, channel 1 errors; each begins with its port number. */
async function carry(cli: Cli, connection: Connection, pod: Dyn, port: number): Promise<void> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/portforward`;
  const socket = await openWebSocket(cli.proc, cli.client, path, { ports: port }, PROTOCOL);
  const seen = new Set<number>();
  let failure = '';
  let writing: Promise<void> = Promise.resolve();
  socket.on('message', (data: Buffer) => {
    const channel = data[0] as number;
    const bytes = seen.has(channel) ? data.subarray(1) : data.subarray(3);
    seen.add(channel);
    if (bytes.length === 0) return;
    if (channel === 1) failure += bytes.toString();
    else writing = writing.then(() => connection.write(new Uint8Array(bytes))).catch(() => socket.terminate());
  });
  const closed = new Promise<void>((resolve) => socket.once('close', resolve));
  void pump(cli, connection, socket);
  await closed;
  await writing;
  connection.close();
  if (failure) throw new CliError(failure);
}

async function pump(cli: Cli, connection: Connection, socket: WebSocket): Promise<void> {
  try {
    for (
      let chunk = await connection.read(undefined, cli.proc.killed);
      chunk;
      chunk = await connection.read(undefined, cli.proc.killed)
    )
      socket.send(Buffer.concat([Uint8Array.of(0), chunk]));
  } catch {
    // the peer is gone; the socket below ends the session
  }
  socket.close();
}
