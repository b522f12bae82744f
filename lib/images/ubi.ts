// Red Hat's universal base images.
import { image, ubi } from './base';
import { releases } from './tags';

const MIB = 1024 * 1024;
const repositories = (name: string) =>
  ['registry.access.redhat.com', 'registry.redhat.io', 'registry.ocp4.example.com:8443'].map(
    (registry) => `${registry}/${name}`,
  );

/** Where installed packages are written down. */
const PACKAGES = { '/var/lib/dnf': null };

export const ubi8 = image({
  repositories: [...repositories('ubi8/ubi'), ...repositories('ubi8')],
  tags: releases({ lines: '8.10' }),
  files: ubi(8, ['dnf', 'yum'], PACKAGES),
  sizeBytes: 213 * MIB,
});

export const ubi9 = image({
  repositories: [...repositories('ubi9/ubi'), ...repositories('ubi9')],
  tags: releases({ lines: '9.6' }),
  files: ubi(9, ['dnf', 'yum'], PACKAGES),
  sizeBytes: 219 * MIB,
});

export const ubi8Minimal = image({
  repositories: repositories('ubi8/ubi-minimal'),
  tags: releases({ lines: '8.10' }),
  files: ubi(8, ['microdnf'], PACKAGES),
  sizeBytes: 94 * MIB,
});

export const ubi9Minimal = image({
  repositories: repositories('ubi9/ubi-minimal'),
  tags: releases({ lines: '9.6' }),
  files: ubi(9, ['microdnf'], PACKAGES),
  sizeBytes: 97 * MIB,
});
