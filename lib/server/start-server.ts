// The whole server: database, sandboxes, terminals, pages and the cluster port, started and stopped as one.
import { join, resolve } from 'node:path';
import { labJsonSchema } from '../labs/json-schema';
import { Attempts } from './attempts';
import { openAuth } from './auth';
import { openCertificate } from './cluster-port/certificate';
import { CLUSTER_USER, kubeconfig } from './cluster-port/kubeconfig';
import { openClusterPort } from './cluster-port/listener';
import { openDatabase } from './database/client';
import { closeDemo, DEMO_ACCOUNTS, makeDemo } from './demo';
import { UserError } from './errors';
import { openFolders } from './folders';
import { openLabs } from './labs/labs';
import { takeLock } from './lock';
import { openSecrets } from './secrets';
import { publish, type Services } from './services';
import { Supervisor } from './supervisor/supervisor';
import { ConsolePool } from './terminals/console-process';
import { readRecording, recordedTerminals } from './terminals/recordings';
import { TerminalSockets } from './terminals/socket';
import { Terminals } from './terminals/terminals';
import { listenForWeb } from './web';
import { Provers } from './workshop/provers';
import { dropOldTrials } from './workshop/trials';
import { Workshop } from './workshop/workshop';

export interface ServerOptions {
  /** Of the pages; default 3000, 0 for any free one. */
  port?: number;
  /** Of the cluster API; default any free one. */
  apiPort?: number;
  /** Default loopback. */
  host?: string;
  /** Where everything is kept; default `.podlab/data` below `root`. */
  dataDir?: string;
  /** The labs folder; default `labs` below `root`. */
  labsDir?: string | undefined;
  /** The checkout; default the working folder. */
  root?: string;
  /** Makes the demo course and shows its accounts on the sign-in page. */
  demo?: boolean;
  /** Further students of the demo course, for measurements. */
  extraStudents?: number;
  /** Next's development mode. */
  dev?: boolean;
  /** A PostgreSQL to use instead of the embedded one. */
  databaseUrl?: string | undefined;
  /** Loaded processes kept ready; default 2. */
  warm?: number;
  /** A sandbox nobody uses sleeps after this long. */
  idleMs?: number;
  /** The bundle that hosts a world; default `.podlab/build/sandbox-process.mjs`. */
  sandboxProgram?: string;
  report?: (message: string) => void;
}

export interface RunningServer {
  /** Of the pages, e.g. `http://localhost:3000`. */
  url: string;
  /** Of the cluster port, e.g. `https://127.0.0.1:41234`. */
  apiUrl: string;
  services: Services;
  supervisor: Supervisor;
  close(): Promise<void>;
}

/** Undoes in reverse order what was done so far, whatever of it fails. */
class Cleanup {
  private readonly steps: (() => unknown)[] = [];

  constructor(private readonly report: (message: string) => void) {}

  add(step: () => unknown): void {
    this.steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.report(`while stopping: ${error}`);
      }
    }
  }
}

/**
 * Starts a server; one a process.
 * @example
 * const { url, close } = await startServer({ port: 0, dataDir: '/tmp/x', demo: true });
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const report = options.report ?? ((message: string) => console.error(`${new Date().toISOString()} ${message}`));
  const cleanup = new Cleanup(report);
  try {
    return await start(options, cleanup, report);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(
  options: ServerOptions,
  cleanup: Cleanup,
  report: (message: string) => void,
): Promise<RunningServer> {
  const root = resolve(options.root ?? '.');
  const host = options.host ?? '127.0.0.1';
  const folders = openFolders(options.dataDir ?? join(root, '.podlab/data'));
  const secrets = openSecrets(folders.keys);
  const lock = await takeLock(folders.sockets);
  cleanup.add(() => lock.release());

  const web = await listenForWeb({ root, host, port: options.port ?? 3000, dev: options.dev ?? false });
  cleanup.add(() => web.close());
  const { prisma, close } = await openDatabase({
    dataDir: folders.data,
    socketDir: join(folders.sockets, 'postgres'),
    migrations: join(root, 'prisma/migrations'),
    url: options.databaseUrl,
  });
  cleanup.add(close);

  const auth = openAuth(prisma, secrets.derive('sessions'), web.url);
  const labs = openLabs(prisma, options.labsDir ?? join(root, 'labs'), report);
  await (options.demo ? makeDemo(prisma, auth, labs, options.extraStudents) : closeDemo(prisma));

  await dropOldTrials(prisma);

  const attempts: Attempts = new Attempts(prisma, labs, () => supervisor);
  const terminals = new Terminals(
    prisma,
    new ConsolePool(join(root, '.podlab/build/console.mjs'), options.warm ?? 2),
    report,
  );
  const program = options.sandboxProgram ?? join(root, '.podlab/build/sandbox-process.mjs');
  const supervisor: Supervisor = new Supervisor({
    prisma,
    program,
    socketFolder: join(folders.sockets, 'attempts'),
    warm: options.warm ?? 2,
    call: (id, call) => attempts.answerLabCommand(id, call),
    asleep: (id) => terminals.suspend(id),
    report,
    ...(options.idleMs !== undefined && { idleMs: options.idleMs }),
  });
  cleanup.add(() => supervisor.close());
  cleanup.add(() => terminals.closeAll());

  const provers = new Provers(program, report);
  cleanup.add(() => provers.close());

  const certificate = await openCertificate(folders.keys, host);
  const clusterPort = await openClusterPort({
    host,
    port: options.apiPort ?? 0,
    certificate,
    secrets,
    report,
    async sandbox(id) {
      const attempt = await prisma.attempt.findUnique({ where: { id } });
      if (!attempt) throw new UserError('not-found');
      return attempts.sandbox(attempt);
    },
  });
  cleanup.add(() => clusterPort.close());
  const apiUrl = `https://${host === '0.0.0.0' ? '127.0.0.1' : host}:${clusterPort.port}`;

  const services: Services = {
    auth,
    attempts,
    labs,
    workshop: new Workshop({ prisma, labs, attempts, provers }),
    labSchema: labJsonSchema,
    terminals,
    recordings: {
      terminals: (id) => recordedTerminals(prisma, id),
      async read(id, terminal) {
        await terminals.flush(id);
        return readRecording(prisma, id, terminal);
      },
    },
    picture: async (attempt) => (await attempts.sandbox(attempt)).get('/podlab/v1/picture'),
    kubeconfig: ({ id, lab }) =>
      kubeconfig({
        attemptId: id,
        lab,
        apiUrl,
        authority: certificate.ca,
        token: secrets.clusterToken(id, CLUSTER_USER),
      }),
    demoAccounts: options.demo ? DEMO_ACCOUNTS : [],
    report,
  };
  publish(services);
  cleanup.add(() => publish(undefined));
  const sockets = new TerminalSockets({ auth, attempts, terminals, report });
  cleanup.add(() => sockets.close());
  await web.open(sockets);
  lock.announce(web.url);
  return { url: web.url, apiUrl, services, supervisor, close: () => cleanup.run() };
}
