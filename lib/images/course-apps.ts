// Applications of books and courses: container.training's, those of "Kubernetes in Action", HashiCorp's two services.
import { binary } from '../machine/machine';
import { type Files, image, script } from './base';
import type { Image } from './image';
import { alpine, debian } from './roots';
import { type Tags, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const tcp = (port: number) => [{ port, protocol: 'TCP' as const }];

interface App {
  repositories: string[];
  tags: Tags;
  program: string;
  command: string[];
  port?: number;
  workdir?: string;
  own?: Files;
}

const onAlpine = ({ repositories, tags, program, command, port, workdir, own = {} }: App): Image =>
  image({
    repositories,
    tags,
    files: alpine([], { [command[0] ?? '']: binary(program), ...own }),
    env: { PATH },
    entrypoint: [],
    cmd: command,
    libc: 'musl',
    ports: port === undefined ? [] : tcp(port),
    sizeBytes: 60 * MIB,
    ...(workdir === undefined ? {} : { workdir }),
  });

const COIN_TAGS = words('latest v0.1 v0.2 v0.3');
const coin = (name: string, command: string[], port?: number, own: Files = {}): Image =>
  onAlpine({
    repositories: [`docker.io/dockercoins/${name}`],
    tags: COIN_TAGS,
    program: `dockercoins-${name}`,
    command,
    workdir: '/app',
    own,
    ...(port === undefined ? {} : { port }),
  });

const dockercoins: Image[] = [
  coin('rng', ['/usr/local/bin/flask', 'run', '--without-threads'], 80),
  coin('hasher', ['/usr/local/bin/ruby', 'hasher.rb', '-o', '::'], 80, { '/usr/bin/curl': binary('curl') }),
  coin('worker', ['/usr/local/bin/python', 'worker.py']),
  coin('webui', ['/usr/local/bin/node', 'webui.js'], 80),
];

const color = onAlpine({
  repositories: ['docker.io/jpetazzo/color', 'docker.io/jpetazzo/webcolor', 'ghcr.io/jpetazzo/color'],
  tags: words('latest'),
  program: 'webcolor',
  command: ['/webcolor'],
  port: 80,
});

const NODE = '/usr/local/bin/node';

/** A sample of the book, on the image of Node. */
const book = (name: string, tags: string, program: string): Image =>
  image({
    repositories: [`docker.io/luksa/${name}`],
    tags: words(tags),
    files: debian([], { [NODE]: binary(program), '/app.js': '' }),
    env: { PATH, NODE_VERSION: '7.10.1' },
    entrypoint: ['node', 'app.js'],
    cmd: [],
    ports: [],
    sizeBytes: 660 * MIB,
  });

const loop = (interval: string, greeting: boolean) =>
  script(
    `#!/bin/bash
trap exit SIGINT
${interval}
${greeting ? 'echo Configured to generate new fortune every $INTERVAL seconds\n' : ''}mkdir -p /var/htdocs
while true; do
  echo "$(date) Writing fortune to /var/htdocs/index.html"
  /usr/games/fortune > /var/htdocs/index.html
  sleep $INTERVAL || sleep 10
done
`,
  );

/** The side car that writes a page every ten seconds, or as often as it is told. */
const fortunes = (tags: string, interval: string, cmd: string[], env: Record<string, string> = {}): Image =>
  image({
    repositories: ['docker.io/luksa/fortune'],
    tags: words(tags),
    files: debian(['bash'], {
      '/usr/games/fortune': binary('fortune'),
      '/usr/bin/fortuneloop.sh': loop(interval, tags !== 'latest'),
    }),
    env: { PATH, ...env },
    entrypoint: ['/bin/fortuneloop.sh'],
    cmd,
    sizeBytes: 120 * MIB,
  });

const batchJob = image({
  repositories: ['docker.io/luksa/batch-job'],
  tags: words('latest'),
  files: alpine([], {
    '/main.sh': script(
      '#!/bin/sh\necho "$(date) Batch job starting"\nsleep 120\necho "$(date) Finished succesfully"\n',
    ),
  }),
  env: { PATH },
  entrypoint: ['/main.sh'],
  cmd: [],
  libc: 'musl',
  sizeBytes: 5 * MIB,
});

const counting = (name: string, port: number): Image => ({
  ...onAlpine({
    repositories: [`docker.io/hashicorp/${name}`],
    tags: words('latest 0.0.2 0.0.4'),
    program: name,
    command: [`/app/${name}`],
    port,
    workdir: '/app',
  }),
  env: { PATH, PORT: String(port) },
});

export const courseApps: Image[] = [
  ...dockercoins,
  color,
  book('kubia', 'latest', 'kubia'),
  ...['1', '2', '3', '4'].map((release) => book('kubia', `v${release}`, `kubia-${release}`)),
  book('kubia-unhealthy', 'latest', 'kubia-unhealthy'),
  book('kubia-pet', 'latest', 'kubia-pet'),
  fortunes('latest', 'INTERVAL=10', []),
  fortunes('env', ': $INTERVAL', []),
  fortunes('args', 'INTERVAL=$1', ['10']),
  batchJob,
  counting('counting-service', 9001),
  counting('dashboard-service', 9002),
];
