// Red Hat's universal base images.
import { image, ubi } from './base';

const MIB = 1024 * 1024;
const repositories = (name: string) =>
  ['registry.access.redhat.com', 'registry.redhat.io', 'registry.ocp4.example.com:8443'].map(
    (registry) => `${registry}/${name}`,
  );

export const ubi8 = image({
  repositories: [...repositories('ubi8/ubi'), ...repositories('ubi8')],
  tags: ['latest', '8.10', '8.9', '8.8'],
  files: ubi(8),
  sizeBytes: 213 * MIB,
});

export const ubi9 = image({
  repositories: [...repositories('ubi9/ubi'), ...repositories('ubi9')],
  tags: ['latest', '9.4', '9.3', '9.2'],
  files: ubi(9),
  sizeBytes: 219 * MIB,
});

export const ubi8Minimal = image({
  repositories: repositories('ubi8/ubi-minimal'),
  tags: ['latest', '8.10', '8.9', '8.8'],
  files: ubi(8),
  sizeBytes: 94 * MIB,
});

export const ubi9Minimal = image({
  repositories: repositories('ubi9/ubi-minimal'),
  tags: ['latest', '9.4', '9.3', '9.2'],
  files: ubi(9),
  sizeBytes: 97 * MIB,
});
