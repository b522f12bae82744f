// Samples in Python with Flask's own server: KodeKloud's, Red Hat's load test, Azure's hello.
import type { Connection } from '../../machine/net';
import type { Process, Program } from '../../machine/process';
import { goServer } from '../http/go-server';
import type { Request, Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { escaped, html, json } from './answers';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const NOT_FOUND =
  '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n';
const notFound = (): Response => html(NOT_FOUND, 404);

type Answer = (request: Request, connection: Connection) => Promise<Response> | Response;

/** `app.run(host='0.0.0.0', port=…)`: what it prints, and its log. */
export async function flask(proc: Process, port: number, answer: Answer): Promise<number> {
  const address = proc.machine.net.addresses()[0] ?? '127.0.0.1';
  await proc.print(" * Serving Flask app 'app'\n * Debug mode: off\n");
  await proc.complain(
    `WARNING: This is a development server. Do not use it in a production deployment. Use a production WSGI server instead.\n * Running on all addresses (0.0.0.0)\n * Running on http://127.0.0.1:${port}\n * Running on http://${address}:${port}\nPress CTRL+C to quit\n`,
  );
  return goServer(proc, [port], async (request, connection) => {
    const response = await answer(request, connection);
    await proc.complain(
      `${connection.remoteAddress} - - [${stamp(proc)}] "${request.method} ${request.target} ${request.version}" ${response.status} -\n`,
    );
    return {
      ...response,
      headers: [['Server', `Werkzeug/2.2.3 Python/${proc.env['PYTHON_VERSION'] ?? '3.11.2'}`], ...response.headers],
    };
  });
}

function stamp(proc: Process): string {
  const iso = new Date(proc.machine.clock.now()).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

const COLORS: Record<string, string> = {
  red: '#e74c3c',
  green: '#16a085',
  blue: '#2980b9',
  blue2: '#30336b',
  pink: '#be2edd',
  darkblue: '#130f40',
  yellow: '#fff380',
};

/** kodekloud/webapp-color: a page in the colour of `--color` or APP_COLOR. */
const webappColor =
  (version: string | undefined): Program =>
  async (proc) => {
    const supported = Object.keys(COLORS).join(',');
    await proc.print(
      ` This is a sample web application that displays a colored background. \n A color can be specified in two ways. \n\n 1. As a command line argument with --color as the argument. Accepts one of ${supported} \n 2. As an Environment variable APP_COLOR. Accepts one of ${supported} \n 3. If none of the above then a random color is picked from the above list. \n Note: Command line argument precedes over environment variable.\n\n\n`,
    );
    const color = await chooseColor(proc);
    if (typeof color === 'number') return color;
    if (!(color in COLORS)) {
      await proc.print(`Color not supported. Received '${color}' expected one of ${supported}\n`);
      return 1;
    }
    const second = version ? `  <h2>\n    Application Version: ${version}\n  </h2>\n` : '';
    return flask(proc, 8080, (request) =>
      splitTarget(request.target).path === '/'
        ? html(
            `<!doctype html>\n<title>Hello from Flask</title>\n<body style="background: ${COLORS[color]};"></body>\n<div>\n  <h1>Hello from ${escaped(proc.machine.hostname)}!</h1>\n${second}</div>\n`,
          )
        : notFound(),
    );
  };

/** The colour, with the line that says where it is from; a number is the status of a usage error. */
async function chooseColor(proc: Process): Promise<string | number> {
  const args = proc.argv.slice(1).filter((word) => !word.endsWith('.py'));
  const [first = '', second] = args;
  const given = first.startsWith('--color=') ? first.slice(8) : first === '--color' ? second : undefined;
  if (args.length > 0 && given === undefined) {
    const wrong =
      first === '--color' ? 'argument --color: expected one argument' : `unrecognized arguments: ${args.join(' ')}`;
    await proc.complain(`usage: app.py [-h] [--color COLOR]\napp.py: error: ${wrong}\n`);
    return 2;
  }
  const fromEnv = proc.env['APP_COLOR'];
  if (given) {
    await proc.print(`Color from command line argument =${given}\n`);
    if (fromEnv)
      await proc.print(
        `A color was set through environment variable -${fromEnv}. However, color from command line argument takes precendence.\n`,
      );
    return given;
  }
  if (fromEnv) {
    await proc.print(`No Command line argument. Color from environment variable =${fromEnv}\n`);
    return fromEnv;
  }
  const random = proc.machine.random.pick(Object.keys(COLORS));
  await proc.print(`No command line argument or environment variable. Picking a Random Color =${random}\n`);
  return random;
}

export const webappColor1 = webappColor(undefined);
export const webappColor2 = webappColor('v2');
export const webappColor3 = webappColor('v3');

/** kodekloud/simple-webapp. */
export const simpleWebapp: Program = (proc) =>
  flask(proc, 8080, (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/') return html('Welcome!');
    return path === '/how are you' ? html('I am good, how about you?') : notFound();
  });

const EVENTS = ['logged in', 'logged out', 'is viewing page1', 'is viewing page2', 'is viewing page3'];
const LOCKED = 'USER5 Failed to Login as the account is locked due to MANY FAILED ATTEMPTS.';
const SOLD_OUT = 'USER7 Order failed as the item is OUT OF STOCK.';

/** kodekloud/event-simulator: a line a second about made-up users, and in /log/app.log where that folder is. */
export const eventSimulator: Program = async (proc) => {
  const write = async (level: 'INFO' | 'WARNING', text: string) => {
    const at = new Date(proc.machine.clock.now()).toISOString().replace('T', ' ').replace('Z', '').replace('.', ',');
    const line = `[${at}] ${level} in event-simulator: ${text}\n`;
    if (proc.files.find('/log')?.type === 'dir') {
      const old = proc.files.exists(LOG) ? proc.files.readText(LOG) : '';
      proc.files.write(LOG, (old + line).slice(-LOG_LIMIT));
    }
    await proc.complain(line);
  };
  let told = false;
  proc.on('SIGTERM', () => {
    told = true;
  });
  const { random } = proc.machine;
  for (let i = 1; !told; i++) {
    if (i % 5 === 0) await write('WARNING', LOCKED);
    if (i % 8 === 0) await write('WARNING', SOLD_OUT);
    await write('INFO', `USER${1 + random.int(4)} ${random.pick(EVENTS)}`);
    await proc.sleep(1000);
  }
  return 143;
};

const LOG = '/log/app.log';
const LOG_LIMIT = 256 * 1024; // DIFFERS: older lines are dropped

const CPU_SECONDS = 20; // 256 million rounds of Python
const MIB = 1024 * 1024;

/** redhattraining/loadtest: claims memory and processors over HTTP. */
export const loadtest: Program = (proc) =>
  flask(proc, 8080, async (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/api/loadtest/v1/healthz') return json({ health: 'ok' });
    const memory = /^\/api\/loadtest\/v1\/mem\/(\d+)\/(\d+)$/.exec(path);
    if (memory) {
      proc.holdMemory(proc.memoryBytes + Number(memory[1]) * MIB);
      await proc.sleep(Number(memory[2]) * 1000);
      proc.holdMemory(Math.max(0, proc.memoryBytes - Number(memory[1]) * MIB));
      return html('');
    }
    const cpus = Number(/^\/api\/loadtest\/v1\/cpu\/(\d+)$/.exec(path)?.[1] ?? Number.NaN);
    if (Number.isNaN(cpus)) return notFound();
    if (cpus > CORES) return html('Requested cpus > number of cores available.', 400);
    proc.cpuCores += cpus;
    await proc.sleep(CPU_SECONDS * 1000);
    proc.cpuCores -= cpus;
    return html('');
  });

const CORES = 4; // of a node here

/** azuredocs/aks-helloworld: a page with the title of the variable TITLE. */
export const aksHelloworld: Program = (proc) => {
  const title = escaped(proc.env['TITLE'] || 'Welcome to Azure Kubernetes Service (AKS)');
  return goServer(proc, [80], (request) =>
    splitTarget(request.target).path === '/'
      ? html(
          `<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n    <title>${title}</title>\n</head>\n<body>\n    <div id="logo">${title}</div>\n</body>\n</html>\n`,
        )
      : notFound(),
  );
};
