// Every image that can be pulled: one file, one line here.
import { hash32 } from '../sim/random';
import { do180Dbinit } from './do180-dbinit';
import type { Image, Pull } from './image';
import { mysql80 } from './mysql';
import { networkTools } from './network-tools';
import { parseReference } from './reference';
import { corednsImage, pauseImage, platformImage } from './system';
import { ubi8, ubi8Minimal, ubi9, ubi9Minimal } from './ubi';

const images: readonly Image[] = [
  mysql80,
  do180Dbinit,
  networkTools,
  ubi8,
  ubi8Minimal,
  ubi9,
  ubi9Minimal,
  corednsImage,
  pauseImage,
  platformImage,
];

const byRepository = new Map(
  images.flatMap((image) => image.repositories.map((name) => [canonical(name), image] as const)),
);

/**
 * Pulls an image by the reference of a pod. What does not exist is answered in CRI-O's words.
 * @example pull('registry.ocp4.example.com:8443/rhel8/mysql-80:latest')
 */
export function pull(reference: string): Pull {
  const parsed = parseReference(reference);
  if (!parsed)
    return {
      error: `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`,
    };
  const { repository, tag, digest } = parsed;
  const image = byRepository.get(repository);
  if (!image) return { error: `reading manifest ${tag} in ${repository}: ${denied(repository)}` };
  const own = digestOf(image, tag);
  if (
    digest
      ? digest !== own && !image.tags.some((other) => digest === digestOf(image, other))
      : !image.tags.includes(tag)
  ) {
    return { error: `reading manifest ${digest ?? tag} in ${repository}: manifest unknown` };
  }
  return { image, digest: digest ?? own };
}

/** Docker Hub and quay.io answer alike for what is private and what is not there. */
const denied = (repository: string): string =>
  repository.startsWith('docker.io/')
    ? 'requested access to the resource is denied'
    : repository.startsWith('quay.io/')
      ? 'unauthorized: access to the requested resource is not authorized'
      : 'name unknown: Repo not found';

/** A digest that stays the same for an image and tag. */
function digestOf(image: Image, tag: string): string {
  const words = Array.from({ length: 8 }, (_, i) =>
    hash32(`${i}/${image.repositories[0]}:${tag}`).toString(16).padStart(8, '0'),
  );
  return `sha256:${words.join('')}`;
}

function canonical(name: string): string {
  return parseReference(name)?.repository ?? name;
}
