// The process behind a terminal in the browser: its tty on one side, the console of a sandbox on the other.
// Its tty is made raw by whoever starts it. It says ACK, reads the path of the sandbox's socket as its first line, and is a wire from then on.
import { ConsoleSocket } from './console-socket';

const ACK = '\x06';
const RETRY_MS = 40;
/** The supervisor needs two seconds to bring a sandbox back; after this it has given up. */
const GIVE_UP_MS = 60_000;
const CHANNEL = { input: 0, output: 1, error: 2, status: 3, resize: 4 };

let socket: ConsoleSocket | undefined;
let path = '';
let downSince: number | undefined;

const say = (text: string) => process.stdout.write(`\r\n\x1b[33m[${text}]\x1b[0m\r\n`);

function sendSize(): void {
  const [Width, Height] = process.stdout.getWindowSize();
  socket?.send(CHANNEL.resize, Buffer.from(JSON.stringify({ Width, Height })));
}

function connect(): void {
  let status: Buffer | undefined;
  const attempt = new ConsoleSocket(path, {
    open() {
      if (downSince !== undefined) say('The workstation is back. What ran in the foreground has ended.');
      downSince = undefined;
      socket = attempt;
      sendSize();
    },
    message(channel, data) {
      if (channel === CHANNEL.output || channel === CHANNEL.error) process.stdout.write(data);
      else if (channel === CHANNEL.status) status = data;
    },
    close(inGoodOrder) {
      socket = undefined;
      if (status || inGoodOrder) process.exit(exitCode(status));
      retry();
    },
  });
}

function retry(): void {
  if (downSince === undefined) {
    downSince = Date.now();
    say('The workstation went down. Connecting again…');
  }
  if (Date.now() - downSince > GIVE_UP_MS) process.exit(1);
  setTimeout(connect, RETRY_MS);
}

/** A `Status` of Kubernetes' exec: the exit code stands in a cause. */
function exitCode(status: Buffer | undefined): number {
  if (!status) return 0;
  const { details } = JSON.parse(status.toString()) as { details?: { causes?: { reason: string; message: string }[] } };
  return Number(details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message ?? 0);
}

let firstLine = Buffer.alloc(0);
process.stdin.on('data', (data: Buffer) => {
  if (path) return void socket?.send(CHANNEL.input, data);
  firstLine = Buffer.concat([firstLine, data]);
  const end = firstLine.indexOf('\n');
  if (end < 0) return;
  path = firstLine.subarray(0, end).toString();
  connect();
});
process.stdin.on('end', () => process.exit(0));
process.stdout.on('resize', sendSize);
process.stdout.write(ACK);
