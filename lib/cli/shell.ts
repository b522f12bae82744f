// npm run shell: the workstation in the present terminal, or commands typed into it.
import type { Description } from '../machine/descriptor';
import type { Sandbox } from '../sandbox/sandbox';
import type { SandboxSpec } from '../sandbox/spec';
import { main, parse, seedOf } from './arguments';
import { interact } from './interact';
import { openLab } from './world';

const USAGE = "usage: npm run shell -- [--lab ID] [--seed N] [--pace instant|brisk|realistic] [-c 'COMMANDS']";
const SCRIPT_LIMIT_MS = 24 * 3600 * 1000; // simulated time of a script that does not follow the host
const OPTIONS = {
  lab: { type: 'string' },
  seed: { type: 'string' },
  pace: { type: 'string' },
  command: { type: 'string', short: 'c' },
} as const;

await main(async () => {
  const { values } = parse({ options: OPTIONS, allowPositionals: true }, USAGE);
  const script = values.command ?? (process.stdin.isTTY ? undefined : await readInput());
  const pace = (values.pace ?? (script === undefined ? undefined : 'instant')) as SandboxSpec['pace'] | undefined;
  const live = script === undefined;
  const { sandbox } = await openLab(values.lab ?? 'deploy-services', {
    seed: seedOf(values.seed),
    live,
    ...(pace ? { pace } : {}),
  });
  const code = script === undefined ? await interact(sandbox) : await runScript(sandbox, script);
  sandbox.stop();
  setImmediate(() => process.exit(code));
  return code;
});

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function to(stream: NodeJS.WriteStream): Description {
  return {
    name: 'host',
    read: async () => null,
    write: (bytes) => new Promise((resolve) => void stream.write(bytes, () => resolve())),
    close: () => {},
  };
}

async function runScript(sandbox: Sandbox, script: string): Promise<number> {
  const shell = sandbox.run(script, { stdout: to(process.stdout), stderr: to(process.stderr) });
  const { code } = await sandbox.clock.drive(shell.exited, SCRIPT_LIMIT_MS);
  return code;
}
