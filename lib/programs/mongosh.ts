// mongosh and mongo: connect to a server and ping it.
import { Errno, strerror } from '../machine/errno';
import type { Process, Program } from '../machine/process';
import { NameError } from '../machine/resolve';
import { getopt } from './getopt';
import { type Document, MongoStream, type Value } from './mongo/wire';

const VERSION = '2.3.2';

export const mongosh: Program = async (proc) => {
  const options = getopt(proc.argv, 'h:p:u:', {
    'host=': 'h',
    'port=': 'port',
    'eval=': 'eval',
    quiet: 'quiet',
    'username=': 'u',
    'password=': 'p',
    'authenticationDatabase=': 'auth',
    version: 'version',
    norc: 'norc',
  });
  if (options.error !== undefined)
    return proc.complain(`Error parsing command line: ${options.error.replace(/^.*?: /, '')}\n`).then(() => 1);
  if (options.has('version')) return proc.print(`${VERSION}\n`).then(() => 0);
  const uri = /^(?:mongodb:\/\/)?(?:[^@/]*@)?([^:/]+)(?::(\d+))?(?:\/([^?]*))?/.exec(options.rest[0] ?? '');
  const host = options.get('h') ?? uri?.[1] ?? '127.0.0.1';
  const port = Number(options.get('port') ?? uri?.[2] ?? 27017);
  const database = uri?.[3] || 'test';
  const stream = await open(proc, host, port);
  if (typeof stream === 'string') return proc.complain(`MongoNetworkError: ${stream}\n`).then(() => 1);
  const run = async (text: string): Promise<number> => {
    const command = commandOf(text);
    if (!command) return proc.print(`not supported: ${text.trim()} (this shell connects and pings)\n`).then(() => 1);
    await stream.send({ ...command, $db: database });
    const reply = await stream.read();
    if (!reply) return proc.complain('MongoNetworkError: connection closed\n').then(() => 1);
    if (reply.document['ok'] !== 1) return proc.print(`MongoServerError: ${reply.document['errmsg']}\n`).then(() => 1);
    await proc.print(`${shown(reply.document)}\n`);
    return 0;
  };
  const script = options.get('eval');
  if (script !== undefined) return run(script);
  if (!options.has('quiet'))
    await proc.print(
      `Connecting to:\t\tmongodb://${host}:${port}/?directConnection=true\nUsing MongoDB:\t\t6.0.18\nUsing Mongosh:\t\t${VERSION}\n\n`,
    );
  const prompt = () => (proc.stdin.terminal ? proc.print(`${database}> `) : Promise.resolve());
  await prompt();
  for await (const line of proc.lines()) {
    if (/^\s*(exit|quit)(\(\))?;?\s*$/.test(line)) return 0;
    if (line.trim() !== '') await run(line);
    await prompt();
  }
  return 0;
};

async function open(proc: Process, host: string, port: number): Promise<MongoStream | string> {
  try {
    const [address = host] = await proc.resolve(host);
    return new MongoStream(await proc.connect(address, port), proc.killed);
  } catch (error) {
    if (error instanceof NameError) return `getaddrinfo ENOTFOUND ${host}`;
    if (!(error instanceof Errno)) throw error;
    return error.code === 'ECONNREFUSED' ? `connect ECONNREFUSED ${host}:${port}` : strerror(error);
  }
}

/** `db.runCommand({ping: 1})`, `db.adminCommand('ping')`, `db.hello()`. */
function commandOf(text: string): Document | undefined {
  const named =
    /^\s*db(?:\.getSiblingDB\([^)]*\))?\.(?:runCommand|adminCommand)\(\s*(?:\{\s*["']?(\w+)["']?\s*:\s*1\s*\}|["'](\w+)["'])\s*\)(?:\.ok)?;?\s*$/.exec(
      text,
    );
  const name = named?.[1] ?? named?.[2] ?? /^\s*db\.(hello|isMaster)\(\);?\s*$/.exec(text)?.[1];
  return name === undefined ? undefined : { [name]: 1 };
}

const text = (value: Value): string => (typeof value === 'string' ? `'${value}'` : String(value));

function shown(document: Document): string {
  const fields = Object.entries(document).map(([name, value]) => `${name}: ${text(value)}`);
  return fields.length <= 3 ? `{ ${fields.join(', ')} }` : `{\n  ${fields.join(',\n  ')}\n}`;
}
