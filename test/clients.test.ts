// Clients that nobody here wrote: real kubectl, Debian's MariaDB client and psql against a lab, through the server's API port.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Product, type Session, type TerminalClient } from './support/product';
import { available, layerTool } from './support/tools';

const DBINIT = 'registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1';
const TOOLS = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';
const MYSQL = 'registry.ocp4.example.com:8443/rhel8/mysql-80';

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const TRIES = 100; // of a command that is asked again until it says yes

function run(command: string, args: string[], input?: string, env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { env, timeout: 90_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

describe('real clients', () => {
  let product: Product;
  let student: Session;
  let terminal: TerminalClient;
  let folder: string;
  let database = { user: '', password: '', name: '' };
  const kubectl = (args: string[], input?: string) =>
    run(layerTool('kubectl'), ['--kubeconfig', join(folder, 'kubeconfig'), ...args], input, {
      ...process.env,
      HOME: folder,
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'podlab-clients-'));
    product = await Product.start();
    student = await product.signIn('student');
    const attempt = await student.startLab();
    terminal = await student.terminal(attempt);
    await terminal.type('lab start deploy-services');
    const [user = '', password = '', name = ''] = (
      await terminal.type('echo $DATABASE_USER $DATABASE_PASSWORD $DATABASE_NAME')
    )
      .trim()
      .split(' ');
    database = { user, password, name };
    writeFileSync(
      join(folder, 'kubeconfig'),
      await (await student.fetch(`/api/attempts/${attempt}/kubeconfig`)).text(),
    );
  });

  afterAll(async () => {
    terminal?.close();
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('create, set, expose, get, wait', async () => {
    expect(await kubectl(['create', 'deployment', 'db-pod', '--port', '3306', '--image', MYSQL])).toMatchObject({
      code: 0,
      stdout: 'deployment.apps/db-pod created\n',
    });
    const { user, password, name } = database;
    await kubectl([
      'set',
      'env',
      'deployment/db-pod',
      `MYSQL_USER=${user}`,
      `MYSQL_PASSWORD=${password}`,
      `MYSQL_DATABASE=${name}`,
    ]);
    expect((await kubectl(['rollout', 'status', 'deployment/db-pod', '--timeout', '60s'])).stdout).toContain(
      'successfully rolled out',
    );
    expect((await kubectl(['expose', 'deployment/db-pod'])).stdout).toBe('service/db-pod exposed\n');
    expect((await kubectl(['get', 'pods'])).stdout).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE\ndb-pod-\S+ +1\/1 +Running +0 +\d+s\n$/,
    );
    expect((await kubectl(['get', 'endpoints', 'db-pod'])).stdout).toMatch(/10\.8\.\d+\.\d+:3306/);
  });

  test('apply, change, apply again, delete', async () => {
    const manifest = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {key: ${value}}\n`;
    expect((await kubectl(['apply', '-f', '-'], manifest('one'))).stdout).toBe('configmap/applied created\n');
    expect((await kubectl(['apply', '-f', '-'], manifest('two'))).stdout).toBe('configmap/applied configured\n');
    expect((await kubectl(['apply', '-f', '-'], manifest('two'))).stdout).toBe('configmap/applied unchanged\n');
    expect((await kubectl(['get', 'configmap', 'applied', '-o', 'jsonpath={.data.key}'])).stdout).toBe('two');
    expect((await kubectl(['delete', 'configmap', 'applied'])).stdout).toMatch(/^configmap "applied" deleted/);
    expect((await kubectl(['get', 'configmap', 'applied'])).stderr).toBe(
      'Error from server (NotFound): configmaps "applied" not found\n',
    );
  });

  test('a job, its log', async () => {
    const { user, password, name } = database;
    const script = `mysql -u${user} -p${password} --protocol tcp -h db-pod -P3306 ${name} </tmp/db-init.sql`;
    expect(
      (await kubectl(['create', 'job', 'mysql-init', '--image', DBINIT, '--', '/bin/bash', '-c', script])).code,
    ).toBe(0);
    expect((await kubectl(['wait', '--for=condition=complete', 'job/mysql-init', '--timeout=60s'])).stdout).toContain(
      'condition met',
    );
    expect((await kubectl(['logs', 'job/mysql-init'])).stdout).toBe(
      'mysql: [Warning] Using a password on the command line interface can be insecure.\n',
    );
  });

  test('exec, with and without input, and its exit status', async () => {
    await kubectl(['run', 'tools', '--image', TOOLS, '--restart=Never', '--', 'sleep', '3600']);
    await kubectl(['wait', '--for=condition=Ready', 'pod/tools', '--timeout=60s']);
    expect((await kubectl(['exec', 'tools', '--', 'cat', '/etc/resolv.conf'])).stdout).toContain(
      'nameserver 172.30.0.10\noptions ndots:5\n',
    );
    expect((await kubectl(['exec', '-i', 'tools', '--', 'cat'], 'typed\n')).stdout).toBe('typed\n');
    expect(await kubectl(['exec', 'tools', '--', 'sh', '-c', 'exit 3'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('exit code 3'),
    });
  });

  test('exec -it gives a usable terminal', async () => {
    const line = `${layerTool('kubectl')} --kubeconfig ${join(folder, 'kubeconfig')} exec -it tools -- bash`;
    const shown = await run('script', ['-qec', line, '/dev/null'], 'echo size $(stty size)\nexit 4\n', {
      ...process.env,
      HOME: folder,
    });
    expect(shown.stdout).toMatch(/size \d+ \d+/);
    expect(shown.code).toBe(4);
  });

  /** Runs with a port of this machine forwarded to one of the cluster. */
  async function forwarded<T>(target: string, remote: number, use: (port: number) => Promise<T>): Promise<T> {
    const forward: ChildProcess = spawn(
      layerTool('kubectl'),
      ['--kubeconfig', join(folder, 'kubeconfig'), 'port-forward', target, `:${remote}`],
      { env: { ...process.env, HOME: folder } },
    );
    try {
      const port = await new Promise<number>((resolve, reject) => {
        let text = '';
        const read = (chunk: Buffer) => {
          text += chunk;
          const match = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(text);
          if (match) resolve(Number(match[1]));
        };
        forward.stdout?.on('data', read);
        forward.stderr?.on('data', read);
        forward.once('exit', () => reject(new Error(`port-forward ended: ${text}`)));
      });
      return await use(port);
    } finally {
      forward.kill();
    }
  }

  test.runIf(available('mariadb'))(
    "Debian's MariaDB client reads through a port-forward what the job wrote",
    async () => {
      const { user, password, name } = database;
      const query = 'select id, description, done+0 from Item order by id';
      const login = [`-u${user}`, `-p${password}`, '-h', '127.0.0.1', '--skip-ssl', '-N', '-B', name, '-e', query];
      const answer = await forwarded('svc/db-pod', 3306, (port) => run('mariadb', [...login, '-P', String(port)]));
      expect(answer.stderr).toBe('');
      expect(answer.stdout).toBe('1\tPick up newspaper\t0\n2\tBuy groceries\t1\n');
    },
  );

  test.runIf(available('psql'))("Debian's psql and the pg package work with a PostgreSQL in a pod", async () => {
    const variables = ['POSTGRESQL_USER=app', 'POSTGRESQL_PASSWORD=pw', 'POSTGRESQL_DATABASE=shop'];
    const image = 'registry.ocp4.example.com:8443/rhel8/postgresql-13';
    await kubectl(['run', 'pg', '--image', image, ...variables.flatMap((text) => ['--env', text])]);
    await kubectl(['wait', '--for=condition=Ready', 'pod/pg', '--timeout=60s']);
    // without a probe a container is ready before its server listens
    let listens = 1;
    for (let tries = 0; listens !== 0 && tries < TRIES; tries++)
      listens = (await kubectl(['exec', 'pg', '--', 'pg_isready'])).code;
    expect(listens).toBe(0);
    await forwarded('pod/pg', 5432, async (port) => {
      const uri = `postgresql://app:pw@127.0.0.1:${port}/shop`;
      const shown = await run('psql', [
        uri,
        '-X',
        '-c',
        'create table t(id serial primary key, v text)',
        '-c',
        '\\d t',
      ]);
      expect(shown.stderr).toBe('');
      expect(shown.stdout).toContain('"t_pkey" PRIMARY KEY, btree (id)');
      const client = new Client({ connectionString: uri });
      await client.connect();
      await client.query('insert into t(v) values ($1), ($2)', ['one', null]);
      const { rows } = await client.query('select id, v from t where id >= $1 order by id', [1]);
      expect(rows).toEqual([
        { id: 1, v: 'one' },
        { id: 2, v: null },
      ]);
      await client.end();
    });
  });
});
