// Red Hat Developer's samples of one greeting in many languages: quarkus-demo, myboot, mynode, mypython, mygo.
import { MEMORY_KB, PROCESSORS } from '../../machine/kernel';
import type { Process, Program } from '../../machine/process';
import { goServer, plain } from '../http/go-server';
import { splitTarget } from '../http/serve';
import { releaseOf } from '../release';

/** Serves a greeting at `/`, and what else there is by path. */
function greeter(
  proc: Process,
  port: number,
  greet: () => string,
  others: Record<string, () => string> = {},
): Promise<number> {
  return goServer(proc, [port], (request) => {
    const { path } = splitTarget(request.target);
    const other = others[path];
    if (other) return plain(other());
    return path === '/' ? plain(greet()) : plain('', 404);
  });
}

const host = (proc: Process): string => proc.machine.hostname;

/** Counts from the first request on, from 1. */
export const quarkusDemo: Program = async (proc) => {
  let count = 0;
  await proc.print('quarkus-demo 1.0-SNAPSHOT on JVM started. Listening on: http://0.0.0.0:8080\n');
  const greet = () => `Supersonic Subatomic Java with Quarkus ${host(proc)}:${++count}\n`;
  return greeter(proc, 8080, greet, { '/health': () => 'OK' });
};

const GREETINGS: Record<string, string> = { v2: 'Bonjour', v3: 'Jambo' };

/** Greets as its environment says, else as its version does. */
export const myboot: Program = async (proc) => {
  let count = 0;
  const greeting = proc.env['GREETING'] || (GREETINGS[releaseOf(proc, 'v1')] ?? 'Aloha');
  const memory = Number.isFinite(proc.machine.memoryBytes) ? proc.machine.memoryBytes / 4 : (MEMORY_KB * 1024) / 4; // the JVM's share
  await proc.print(" :: Spring Boot ::\nTomcat started on port(s): 8080 (http) with context path ''\n");
  return greeter(proc, 8080, () => `${greeting} from Spring Boot! ${count++} on ${host(proc)}\n`, {
    '/sysresources': () => `Memory: ${Math.round(memory / 1024 / 1024)} Cores: ${PROCESSORS}\n`,
  });
};

export const mynode: Program = async (proc) => {
  let count = 0;
  await proc.print('Server running at http://localhost:8000/\n');
  return greeter(proc, 8000, () => `Node Hello on ${host(proc)} ${count++} \n`);
};

export const mypython: Program = async (proc) => {
  await proc.print(" * Serving Flask app 'app'\n * Running on http://0.0.0.0:8000/\n");
  return greeter(proc, 8000, () => `Python Hello on ${proc.env['HOSTNAME'] ?? 'unknown'}\n`);
};

export const mygo: Program = async (proc) => {
  await proc.print('Listening on localhost:8000\n');
  return greeter(proc, 8000, () => `Go Hello on ${host(proc)}\n`);
};
