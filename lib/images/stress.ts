// Images that show limits at work.
import { binary } from '../machine/machine';
import { image } from './base';
import { alpine, single } from './roots';
import { words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const polinuxStress = image({
  repositories: ['docker.io/polinux/stress', 'docker.io/progrium/stress', 'quay.io/ohpaleczny/stress'],
  tags: words('latest 1.0.4'),
  files: alpine([], { '/usr/local/bin/stress': binary('stress') }),
  env: { PATH },
  entrypoint: [],
  cmd: ['stress', '--help'],
  sizeBytes: 10 * MIB,
});

export const vishStressImage = image({
  repositories: ['docker.io/vish/stress'],
  tags: words('latest'),
  files: single('/stress', 'vish-stress'),
  env: { PATH },
  entrypoint: ['/stress', '-logtostderr'],
  cmd: [],
  sizeBytes: 2 * MIB,
});
