// agnhost, Kubernetes' test image: one program with a command for each server and probe that its documentation uses.
// Source of names and texts: kubernetes test/images/agnhost.
import type { Process, Program } from '../../machine/process';
import { closeWait } from './close-wait';
import {
  dnsServerList,
  dnsSuffix,
  entrypointTester,
  etcHosts,
  liveness,
  logsGenerator,
  pause,
  testWebserver,
} from './commands';
import { connect } from './connect';
import { Flags } from './flags';
import { grpcHealthChecking } from './grpc-health-checking';
import { netexec } from './netexec';
import { porter } from './porter';
import { serveHostname } from './serve-hostname';

interface Command {
  name: string;
  about: string;
  run(proc: Process, flags: Flags): Promise<number>;
}

const COMMANDS: readonly Command[] = [
  { name: 'connect', about: 'Attempts a TCP, UDP or SCTP connection and returns useful errors', run: connect },
  { name: 'dns-server-list', about: "Prints out the DNS servers' IP addresses", run: dnsServerList },
  { name: 'dns-suffix', about: "Prints the host's DNS suffix list", run: dnsSuffix },
  { name: 'entrypoint-tester', about: 'Prints the args it is passed and exits', run: entrypointTester },
  { name: 'etc-hosts', about: "Prints the host's /etc/hosts file", run: etcHosts },
  {
    name: 'grpc-health-checking',
    about: 'Starts a simple grpc health checking endpoint',
    run: grpcHealthChecking,
  },
  { name: 'liveness', about: 'Starts a HTTP server that is alive for 10 seconds', run: liveness },
  { name: 'logs-generator', about: 'Outputs lines of logs to stdout uniformly', run: logsGenerator },
  { name: 'net', about: 'Creates webserver or runner for various networking tests', run: closeWait },
  {
    name: 'netexec',
    about: 'Creates HTTP(S), UDP, and (optionally) SCTP servers with various endpoints',
    run: netexec,
  },
  { name: 'pause', about: 'Pauses the execution', run: pause },
  { name: 'porter', about: 'Serves requested data on ports specified in the environment variables', run: porter },
  { name: 'serve-hostname', about: 'Serves the hostname', run: serveHostname },
  { name: 'test-webserver', about: 'Starts a HTTP server that serves the files of the host', run: testWebserver },
];

export const agnhost: Program = async (proc) => {
  const [name = '', ...rest] = proc.argv.slice(1);
  if (name === '' || name === '--help' || name === 'help') {
    await proc.print(usage());
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command) return command.run(proc, new Flags(rest));
  await proc.complain(`Error: unknown command "${name}" for "app"\nRun 'app --help' for usage.\n`);
  return 1;
};

const usage = (): string =>
  `Usage:\n  app [command]\n\nAvailable Commands:\n${COMMANDS.map(({ name, about }) => `  ${name.padEnd(31)} ${about}\n`).join('')}\nUse "app [command] --help" for more information about a command.\n`;

/** registry.k8s.io/liveness: agnhost's command as a program of its own. */
export const livenessServer: Program = (proc) => liveness(proc);
