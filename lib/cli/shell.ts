// npm run shell: the workstation in the present terminal, or commands typed into it.
import type { Description } from '../machine/descriptor';
import type { Sandbox } from '../sandbox/sandbox';
import type { SandboxSpec } from '../sandbox/spec';
import { main, oneOf, parse, seedOf, UsageError } from './arguments';
import { interact } from './interact';
import { installed, NETWORK_OPTIONS, NETWORK_USAGE } from './network-options';
import { openLab } from './world';

const USAGE = `usage: npm run shell -- [--lab ID] [--seed N] [--as kubeadmin|developer|student] [--profile openshift|kubernetes]
                        [--pace instant|brisk|realistic] [-c 'COMMANDS']
         ${NETWORK_USAGE}`;
const SCRIPT_LIMIT_MS = 24 * 3600 * 1000; // simulated time of a script that does not follow the host
const OPTIONS = {
  lab: { type: 'string' },
  seed: { type: 'string' },
  as: { type: 'string' },
  pace: { type: 'string' },
  ...NETWORK_OPTIONS,
  command: { type: 'string', short: 'c' },
} as const;

const USERS = ['kubeadmin', 'developer', 'student'] as const;
const PROFILES = ['openshift', 'kubernetes'] as const;
const PACES = ['instant', 'brisk', 'realistic'] as const;

await main(async () => {
  const { values } = parse({ options: OPTIONS }, USAGE);
  const as = values.as === undefined ? undefined : oneOf(values.as, USERS, '--as');
  const profile = values.profile === undefined ? undefined : oneOf(values.profile, PROFILES, '--profile');
  const paced = values.pace === undefined ? undefined : oneOf(values.pace, PACES, '--pace');
  const script = values.command ?? (process.stdin.isTTY ? undefined : await readInput());
  const live = script === undefined;
  const pace = paced ?? (live ? undefined : 'instant');
  const { sandbox } = await openLab(values.lab ?? 'deploy-services', {
    seed: seedOf(values.seed),
    live,
    change: (spec) => {
      const wished = changed(spec, { as, profile, pace });
      return { ...wished, ...installed(values, wished) };
    },
  });
  if (sandbox.spec.profile === 'kubernetes' && as !== 'student' && (as === 'kubeadmin' || profile))
    await giveKubeconfig(sandbox);
  const code = script === undefined ? await interact(sandbox) : await runScript(sandbox, script);
  sandbox.stop();
  setImmediate(() => process.exit(code));
  return code;
});

interface Wishes {
  as: (typeof USERS)[number] | undefined;
  profile: SandboxSpec['profile'] | undefined;
  pace: SandboxSpec['pace'] | undefined;
}

/** The lab's world with what the options ask for. A world of another profile is bare: a lab's preparation is for its own. */
function changed(spec: SandboxSpec, { as, profile, pace }: Wishes): SandboxSpec {
  const { login, scripts, ...rest } = spec;
  const other = profile !== undefined && profile !== spec.profile;
  const kubernetes = (profile ?? spec.profile) === 'kubernetes';
  const signedIn = as === undefined ? (other ? undefined : login) : signIn(as, kubernetes);
  return {
    ...rest,
    scripts: other ? {} : scripts,
    ...(signedIn ? { login: signedIn } : {}),
    ...(profile ? { profile } : {}),
    ...(pace ? { pace } : {}),
  };
}

/** Plain Kubernetes has no sign-in; its administrator's kubeconfig is handed over instead. */
function signIn(as: Wishes['as'], kubernetes: boolean): SandboxSpec['login'] | undefined {
  if (kubernetes || as === 'student') return undefined;
  return { user: as === 'kubeadmin' ? 'admin' : 'developer' };
}

async function giveKubeconfig(sandbox: Sandbox): Promise<void> {
  const script = 'cp /root/.kube/config /home/student/.kube/config && chown student:student /home/student/.kube/config';
  const shell = sandbox.workstation.start(['bash', '-c', script], { uid: 0, env: { PATH: '/usr/bin' } });
  await sandbox.clock.drive(shell.exited, SCRIPT_LIMIT_MS);
}

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
  try {
    return (await sandbox.clock.drive(shell.exited, SCRIPT_LIMIT_MS)).code;
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw new UsageError(`the script is ${(error as Error).message}`);
    throw error;
  }
}
