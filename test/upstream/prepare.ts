// Kubernetes' own client tests (test/cmd of 1.20) out of Debian's source package, and the harness that runs them one function at
// a time. Neither is ours, so neither is in the repository: the harness stands beside the checkout, the package is fetched.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT } from '../support/tools';

/** The folder of `run.sh`, `functions.txt` and `baseline.tsv`. */
export const HARNESS = resolve(ROOT, '../shared/test-cmd');
const SOURCES = join(ROOT, '.podlab', 'upstream', 'kubernetes');
const DEB822 = '/etc/apt/sources.list.d/debian.sources';
const WANTED = [
  'test/cmd',
  'hack/lib',
  'hack/testdata',
  'test/fixtures',
  'test/e2e/testing-manifests',
  'third_party/forked/shell2junit',
];

/** Unpacks the tests once; says what is missing when it cannot. */
export function kubernetesTests(): string {
  if (existsSync(SOURCES)) return SOURCES;
  const work = mkdtempSync(join(tmpdir(), 'podlab-upstream-'));
  try {
    download(work);
    const archive = readdirSync(work).find((name) => /^kubernetes_.*\.orig\.tar\./.test(name));
    if (!archive)
      throw new Error("Debian's source package kubernetes could not be had: apt-get source needs the network");
    const unpacked = join(work, 'unpacked');
    mkdirSync(unpacked);
    const members = WANTED.map((folder) => `*/${folder}/*`);
    execFileSync('tar', [
      '-xf',
      join(work, archive),
      '-C',
      unpacked,
      '--strip-components=1',
      '--wildcards',
      ...members,
    ]);
    mkdirSync(join(SOURCES, '..'), { recursive: true });
    renameOrCopy(unpacked, SOURCES);
    return SOURCES;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** With lists of packages of its own: the machine's stay as they are. */
function download(work: string): void {
  const lists = join(work, 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const isDeb822 = existsSync(DEB822);
  const list = join(work, isDeb822 ? 'debian.sources' : 'debian.list');
  const text = readFileSync(isDeb822 ? DEB822 : '/etc/apt/sources.list', 'utf8');
  writeFileSync(
    list,
    isDeb822 ? text.replaceAll(/^Types: deb$/gm, 'Types: deb-src') : text.replaceAll(/^deb /gm, 'deb-src '),
  );
  const settings = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::Lists=${lists}`,
    'APT::Sandbox::User=root',
  ];
  const options = settings.flatMap((setting) => ['-o', setting]);
  execFileSync('apt-get', [...options, 'update', '-q'], { cwd: work, stdio: 'pipe' });
  execFileSync('apt-get', [...options, 'source', '-q', '--download-only', 'kubernetes'], { cwd: work, stdio: 'pipe' });
}

function renameOrCopy(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    execFileSync('cp', ['-a', from, to]); // the temporary folder may be on another disk
  }
}

export const functions = (): string[] =>
  readFileSync(join(HARNESS, 'functions.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
