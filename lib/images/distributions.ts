// Bases of the distributions: Debian, Ubuntu, and Red Hat's relatives. What they say of themselves follows the tag.
import { type Files, image, ubi } from './base';
import { debian, withFiles } from './roots';
import { releases, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const DEBIANS: Record<string, string> = {
  '13': 'trixie',
  '12': 'bookworm',
  '11': 'bullseye',
  '10': 'buster',
  '9': 'stretch',
  '8': 'jessie',
};

const debianRelease = (release: string): Files => {
  const major = release.replace(/\..*$/, '');
  const name = DEBIANS[major] ?? '';
  return {
    '/etc/debian_version': `${release}\n`,
    '/etc/os-release': `PRETTY_NAME="Debian GNU/Linux ${major} (${name})"\nNAME="Debian GNU/Linux"\nVERSION_ID="${major}"\nVERSION="${major} (${name})"\nVERSION_CODENAME=${name}\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n`,
  };
};

const DEBIAN_LINES = '13.2 12.12 11.11 10.13 9.13 8.11';

const debianFiles = debian();
export const debianImage = image({
  repositories: ['docker.io/library/debian', 'quay.io/libpod/debian'],
  tags: releases({
    lines: DEBIAN_LINES,
    variants: 'slim',
    names: [
      'latest stable stable-slim testing sid unstable',
      ...DEBIAN_LINES.split(' ').flatMap((release) => {
        const name = DEBIANS[release.replace(/\..*$/, '')];
        return [`${name}=${release}`, `${name}-slim=${release}`];
      }),
    ].join(' '),
  }),
  files: debianFiles,
  perRelease: (release) => ({ files: withFiles(debianFiles, debianRelease(release)) }),
  env: { PATH },
  cmd: ['bash'],
  sizeBytes: 117 * MIB,
});

const UBUNTUS: Record<string, [version: string, title: string]> = {
  '25.10': ['25.10', 'Questing Quokka'],
  '25.04': ['25.04', 'Plucky Puffin'],
  '24.10': ['24.10', 'Oracular Oriole'],
  '24.04': ['24.04.3 LTS', 'Noble Numbat'],
  '23.10': ['23.10', 'Mantic Minotaur'],
  '22.04': ['22.04.5 LTS', 'Jammy Jellyfish'],
  '20.04': ['20.04.6 LTS', 'Focal Fossa'],
  '18.04': ['18.04.6 LTS', 'Bionic Beaver'],
  '16.04': ['16.04.7 LTS', 'Xenial Xerus'],
  '14.04': ['14.04.6 LTS', 'Trusty Tahr'],
};

const codename = (title: string): string => title.split(' ')[0]?.toLowerCase() ?? '';

const ubuntuRelease = (release: string): Files => {
  const [version = '', title = ''] = UBUNTUS[release] ?? [];
  return {
    '/etc/os-release': `PRETTY_NAME="Ubuntu ${version}"\nNAME="Ubuntu"\nVERSION_ID="${release}"\nVERSION="${version} (${title})"\nVERSION_CODENAME=${codename(title)}\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\n`,
    '/etc/debian_version': 'bookworm/sid\n',
  };
};

const ubuntuFiles = debian();
export const ubuntuImage = image({
  repositories: ['docker.io/library/ubuntu', 'quay.io/libpod/ubuntu', 'public.ecr.aws/ubuntu/ubuntu'],
  tags: words(
    [
      'latest=24.04 rolling=25.10 devel=25.10',
      ...Object.entries(UBUNTUS).flatMap(([release, [, title]]) => [
        `${release}=${release}`,
        `${codename(title)}=${release}`,
      ]),
    ].join(' '),
  ),
  files: ubuntuFiles,
  perRelease: (release) => ({ files: withFiles(ubuntuFiles, ubuntuRelease(release)) }),
  env: { PATH },
  cmd: ['/bin/bash'],
  sizeBytes: 77 * MIB,
});

const family = (name: string, id: string, version: string): Files => ({
  '/etc/os-release': `NAME="${name}"\nVERSION="${version}"\nID="${id}"\nID_LIKE="rhel fedora"\nVERSION_ID="${version}"\nPRETTY_NAME="${name} ${version}"\n`,
  '/etc/redhat-release': `${name} release ${version}\n`,
});

/** A distribution of Red Hat's family: what it says of itself follows the tag. */
const relative = (name: string, id: string, repositories: string[], tags: string, mib: number) => {
  const files = ubi(9, ['dnf', 'yum'], { '/var/lib/dnf': null });
  return image({
    repositories,
    tags: words(tags),
    files,
    perRelease: (release) => ({ files: withFiles(files, family(name, id, release)) }),
    env: { PATH },
    sizeBytes: mib * MIB,
  });
};

export const relatives = [
  relative(
    'CentOS Linux',
    'centos',
    ['docker.io/library/centos', 'quay.io/centos/centos'],
    'latest=8 8=8 7=7 6=6 centos8=8 centos7=7 centos6=6 8.4.2105=8 8.3.2011=8 7.9.2009=7 centos7.9.2009=7 stream8=8 stream9=9 stream10=10',
    231,
  ),
  relative(
    'Fedora Linux',
    'fedora',
    ['docker.io/library/fedora', 'registry.fedoraproject.org/fedora', 'quay.io/fedora/fedora', 'quay.io/libpod/fedora'],
    `latest=43 rawhide=44 ${Array.from({ length: 14 }, (_, i) => `${43 - i}=${43 - i}`).join(' ')}`,
    165,
  ),
  relative(
    'Rocky Linux',
    'rocky',
    ['docker.io/library/rockylinux', 'docker.io/rockylinux/rockylinux', 'quay.io/rockylinux/rockylinux'],
    'latest=8.9 9=9.3 8=8.9 9.3=9.3 9.2=9.2 9.1=9.1 8.9=8.9 8.8=8.8 8.7=8.7 9-minimal=9.3 8-minimal=8.9 minimal=8.9',
    176,
  ),
  relative(
    'AlmaLinux',
    'almalinux',
    ['docker.io/library/almalinux', 'quay.io/almalinuxorg/almalinux'],
    'latest=9.6 10=10.0 9=9.6 8=8.10 9.6=9.6 9.5=9.5 9.4=9.4 9.3=9.3 8.10=8.10 8.9=8.9 minimal=9.6 9-minimal=9.6 8-minimal=8.10',
    190,
  ),
  relative(
    'Amazon Linux',
    'amzn',
    ['docker.io/library/amazonlinux', 'public.ecr.aws/amazonlinux/amazonlinux'],
    'latest=2023 2023=2023 2=2 2.0=2 2018.03=2018.03 1=2018.03',
    144,
  ),
  relative(
    'Oracle Linux Server',
    'ol',
    ['docker.io/library/oraclelinux', 'container-registry.oracle.com/os/oraclelinux'],
    '9=9.6 8=8.10 7=7.9 9-slim=9.6 8-slim=8.10 7-slim=7.9',
    235,
  ),
];
