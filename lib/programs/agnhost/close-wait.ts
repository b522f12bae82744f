// `agnhost net`: the runners nat-closewait-server and -client, which hold a connection that one side has half closed.
import { Errno, strerror } from '../../machine/errno';
import type { Connection } from '../../machine/net';
import type { Process } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import { splitTarget } from '../http/serve';
import type { Flags } from './flags';
import { klog } from './klog';

interface Options {
  LocalAddr?: string;
  RemoteAddr?: string;
  TimeoutSeconds?: number;
  PostFinTimeoutSeconds?: number;
  LeakConnection?: boolean;
}

type Log = (text: string) => void;
type Runner = (proc: Process, options: Options, log: Log) => Promise<void>;

export async function closeWait(proc: Process, flags: Flags): Promise<number> {
  const [name = '', serve = ''] = [flags.get('runner'), flags.get('serve')];
  if (name === '' && serve === '') {
    await proc.complain(`${klog(proc)} log.go:245] Must set either --runner or --serve, see --help\n`);
    return 1;
  }
  const delay = flags.number('delay-shutdown', 0);
  const told = new Promise<number>((resolve) => {
    if (delay > 0) proc.on('SIGTERM', () => void proc.sleep(delay * 1000).then(() => resolve(0)));
  });
  if (serve !== '') return Promise.race([told, server(proc, serve)]);
  const { output, error } = await execute(proc, name, flags.get('options') ?? '');
  if (error !== undefined) await proc.complain(`${klog(proc)} main.go:102] Error: ${error}\n`);
  await proc.print(`output:\n\n${output}`);
  return error === undefined ? 0 : 1;
}

async function server(proc: Process, address: string): Promise<number> {
  await proc.complain(`${klog(proc)} main.go:110] Running server on ${address}\n`);
  return goServer(proc, [Number(address.slice(address.lastIndexOf(':') + 1))], async (request) => {
    const parts = splitTarget(request.target).path.split('/');
    if (parts[1] !== 'run') return plain('404 page not found\n', 404);
    if (parts.length !== 3) return plain(`invalid request to run: [${parts.join(' ')}]\n`, 400);
    const { output, error } = await execute(proc, parts[2] ?? '', new TextDecoder().decode(request.body));
    if (error !== undefined) return plain(`Error from runner: ${error}\noutput:\n\n${output}\n`, 500);
    return plain(`ok\noutput:\n\n${output}`);
  });
}

async function execute(proc: Process, name: string, text: string): Promise<{ output: string; error?: string }> {
  const runner = RUNNERS[name];
  if (!runner) return { output: '', error: `Invalid runner: '<nil>', see --help` };
  let options: Options;
  try {
    options = JSON.parse(text) as Options;
  } catch {
    return {
      output: '',
      error: `Invalid options JSON: ${text === '' ? 'unexpected end of JSON input' : 'invalid character'}`,
    };
  }
  let output = '';
  try {
    await runner(proc, options, (line) => {
      output += `# closewait.go: ${line}\n`;
    });
    return { output };
  } catch (error) {
    if (!(error instanceof Errno || error instanceof RunnerError)) throw error;
    return { output, error: error instanceof Errno ? strerror(error).toLowerCase() : error.message };
  }
}

class RunnerError extends Error {}

function split(address: string): [string, number] {
  const at = address.lastIndexOf(':');
  if (at < 0) throw new RunnerError(`address ${address}: missing port in address`);
  return [address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1))];
}

const seconds = (proc: Process, { PostFinTimeoutSeconds = 0 }: Options) => proc.sleep(PostFinTimeoutSeconds * 1000);

const RUNNERS: Record<string, Runner> = {
  'nat-closewait-server': async (proc, options, log) => {
    const [address, port] = split(options.LocalAddr ?? '');
    const listener = proc.listen(port, address || '0.0.0.0');
    log(`Server listening on ${options.LocalAddr}`);
    const connection = await listener.accept(proc.killed);
    log('Client connected');
    connection?.end();
    log(`Server sent FIN, waiting ${options.PostFinTimeoutSeconds ?? 0} seconds`);
    await seconds(proc, options);
    log('Done');
    connection?.close();
    listener.close();
  },
  'nat-closewait-client': async (proc, options, log) => {
    const [name, port] = split(options.RemoteAddr ?? '');
    const [address = ''] = await proc.resolve(name);
    const connection = await proc.connect(address, port);
    log('Connected to server');
    if (await hasData(proc, connection, options.TimeoutSeconds ?? 0)) {
      connection.close();
      throw new RunnerError('Got data but expected EOF');
    }
    log(`Server has half-closed the connection, waiting ${options.PostFinTimeoutSeconds ?? 0} seconds`);
    if (options.LeakConnection) log('Leaking client connection (assigning to global variable)');
    await seconds(proc, options);
    log('Done');
    if (!options.LeakConnection) connection.close();
  },
};

async function hasData(proc: Process, connection: Connection, limitSeconds: number): Promise<boolean> {
  const limit = new AbortController();
  const cancel =
    limitSeconds > 0
      ? proc.machine.clock.after(limitSeconds * 1000, () => limit.abort(new RunnerError('i/o timeout')))
      : () => {};
  try {
    return (await connection.read(1, AbortSignal.any([limit.signal, proc.killed]))) !== null;
  } finally {
    cancel();
  }
}
