// What an image is. One file an image in this folder, one line in index.ts.
import type { ImageFiles } from '../machine/fs';
import type { Tags } from './tags';

export interface Image {
  /** Repositories it can be pulled from, without tag: `registry.access.redhat.com/rhel8/mysql-80`, `docker.io/library/mysql`. */
  repositories: string[];
  /** Tags that exist; `latest` unless said otherwise. */
  tags: Tags;
  /** What differs in a release of it: what a tag stands for, like `1.14.2`. */
  perRelease?: (release: string) => Partial<Pick<Image, 'env' | 'files'>>;
  files: ImageFiles;
  env: Record<string, string>;
  entrypoint: string[];
  cmd: string[];
  /** A user of its /etc/passwd or a number; `0` is root. */
  user: string;
  workdir: string;
  ports: { port: number; protocol: 'TCP' | 'UDP' }[];
  volumes: string[];
  labels: Record<string, string>;
  libc: 'glibc' | 'musl';
  /** Bytes, as `crictl images` shows them and as a realistic pull takes its time from. */
  sizeBytes: number;
}

/** The answer to a pull: an image with its digest, or the registry's message. */
export type Pull = { image: Image; digest: string } | { error: string };
