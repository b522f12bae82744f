// Every image that can be pulled: one file, one line here.
import { hash32 } from '../sim/random';
import { declaredImages } from './declared/build';
import type { DeclaredImage } from './declared/declaration';
import {
  agnhost,
  echoserver,
  helloApp1,
  helloApp2,
  helloOpenshift,
  httpEcho,
  serveHostname,
  whoami,
} from './demo-servers';
import { do180Dbinit } from './do180-dbinit';
import { mariadb, mysql } from './docker-databases';
import { httpd, httpd24 } from './httpd';
import type { Image, Pull } from './image';
import { mongo } from './mongo';
import { mysql80 } from './mysql';
import { networkTools, supportTools } from './network-tools';
import { helloWorldNginx, nginx, nginxUnprivileged } from './nginx';
import { bitnamiPostgresql, postgres, redHatPostgresql } from './postgresql';
import { redis, redis6 } from './redis';
import { parseReference } from './reference';
import {
  bootcamps,
  famousQuotes,
  gbFrontend,
  gbRedisFollower,
  helloWorld,
  hpaExample,
  nodeHello,
  nodejsHelloWorld,
  perlImage,
  phpHello,
  phpHttp,
  phpSsl,
  pythonImage,
  pythonRedHat,
  scaling,
  simpleapp,
  todoAngular,
  todoAngularTls,
  todoSingle,
} from './samples';
import {
  alpineImage,
  busybox,
  busyboxMusl,
  busyboxOld,
  centosImage,
  curlImage,
  debianImage,
  dnsutils,
  fedoraImage,
  netshoot,
  ubuntuImage,
} from './small-systems';
import { polinuxStress, vishStressImage } from './stress';
import { corednsImage, corednsUpstreamImage, pauseImage, platformImage, pluginImage, routerImage } from './system';
import { ubi8, ubi8Minimal, ubi9, ubi9Minimal } from './ubi';

export const images: readonly Image[] = [
  mysql80,
  redis,
  redis6,
  mysql,
  mariadb,
  mongo,
  ...postgres,
  ...redHatPostgresql,
  bitnamiPostgresql,
  do180Dbinit,
  networkTools,
  supportTools,
  ubi8,
  ubi8Minimal,
  ubi9,
  ubi9Minimal,
  corednsImage,
  corednsUpstreamImage,
  pauseImage,
  platformImage,
  pluginImage,
  routerImage,
  busybox,
  busyboxMusl,
  busyboxOld,
  alpineImage,
  debianImage,
  curlImage,
  netshoot,
  dnsutils,
  nginx,
  nginxUnprivileged,
  helloWorldNginx,
  httpd24,
  httpd,
  helloOpenshift,
  agnhost,
  helloApp1,
  helloApp2,
  httpEcho,
  whoami,
  echoserver,
  famousQuotes,
  todoSingle,
  todoAngular,
  todoAngularTls,
  phpHttp,
  phpSsl,
  phpHello,
  scaling,
  nodeHello,
  nodejsHelloWorld,
  hpaExample,
  polinuxStress,
  vishStressImage,
  gbFrontend,
  gbRedisFollower,
  pythonImage,
  pythonRedHat,
  helloWorld,
  ...bootcamps,
  perlImage,
  serveHostname,
  simpleapp,
  ubuntuImage,
  centosImage,
  fedoraImage,
];

/** The images of each repository: more than one where tags differ in what they hold. */
type Shelf = ReadonlyMap<string, Image[]>;

function shelve(list: readonly Image[]): Shelf {
  const byRepository = new Map<string, Image[]>();
  for (const image of list)
    for (const name of image.repositories) {
      const repository = canonical(name);
      byRepository.set(repository, [...(byRepository.get(repository) ?? []), image]);
    }
  return byRepository;
}

const PUBLIC = shelve(images);

/**
 * Pulls an image by the reference of a pod. What does not exist is answered in CRI-O's words.
 * @example pull('registry.ocp4.example.com:8443/rhel8/mysql-80:latest')
 */
export const pull = (reference: string): Pull => pullFrom(PUBLIC, reference);

/** The same with a lab's own images, which hide public ones of the same repository. */
export function registryWith(declared: readonly DeclaredImage[]): (reference: string) => Pull {
  const own = shelve(declaredImages(declared));
  const all = new Map([...PUBLIC, ...own]);
  return (reference) => pullFrom(all, reference);
}

function pullFrom(byRepository: Shelf, reference: string): Pull {
  const parsed = parseReference(reference);
  if (!parsed)
    return {
      error: `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`,
      why: 'invalid',
    };
  const { repository, tag, digest } = parsed;
  const candidates = byRepository.get(repository);
  const image = candidates?.find(({ tags }) => tags.includes(tag)) ?? candidates?.[0];
  if (!image) return { error: `reading manifest ${tag} in ${repository}: ${denied(repository)}`, why: 'denied' };
  const own = digestOf(image, tag);
  if (
    digest
      ? digest !== own && !image.tags.some((other) => digest === digestOf(image, other))
      : !image.tags.includes(tag)
  ) {
    return { error: `reading manifest ${digest ?? tag} in ${repository}: manifest unknown`, why: 'absent' };
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
