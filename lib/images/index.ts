// Every image that can be pulled: one file, one line here.
import { hash32 } from '../sim/random';
import { builders } from './builders';
import { courseApps } from './course-apps';
import { declaredImages } from './declared/build';
import type { DeclaredImage } from './declared/declaration';
import { demoApps } from './demo-apps';
import { agnhost, echoserver, helloApps, helloOpenshift, httpEcho, serveHostname, whoami } from './demo-servers';
import { debianImage, relatives, ubuntuImage } from './distributions';
import { do180Dbinit } from './do180-dbinit';
import { bitnamiDatabases, mariadb, mysql } from './docker-databases';
import { httpd, httpd24 } from './httpd';
import type { Image, Pull } from './image';
import { languages } from './languages';
import { mongo } from './mongo';
import { redHatMysql } from './mysql';
import { networkTools, supportTools } from './network-tools';
import { nginx, nginxSlim, nginxUnprivileged } from './nginx';
import { gettingStarted, multitools, nginxHello, nginxHttps } from './nginx-demos';
import { bitnamiNginx, helloWorldNginx, helloWorldSecure, redHatNginxes } from './nginx-vendors';
import { bitnamiPostgresql, postgres, redHatPostgresql } from './postgresql';
import { products } from './products';
import { redis, redis6 } from './redis';
import { parseReference } from './reference';
import { absence, placesOf, type Runtime } from './registries';
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
  redHatApps,
  scaling,
  simpleapp,
  todoAngular,
  todoAngularTls,
  todoSingle,
} from './samples';
import {
  alpineImage,
  bashImage,
  busybox,
  busyboxCurl,
  busyboxMusl,
  busyboxOld,
  curlImage,
  curlOnly,
  dnstools,
  dnsutils,
  netshoot,
  socatImage,
  tinyTools,
  tutumUbuntu,
} from './small-systems';
import { polinuxStress, vishStressImage } from './stress';
import {
  controlPlaneImages,
  corednsImage,
  corednsUpstreamImage,
  pauseImage,
  platformImage,
  pluginImage,
  routerImage,
} from './system';
import { ubi8, ubi8Minimal, ubi9, ubi9Minimal } from './ubi';

export const images: readonly Image[] = [
  ...redHatMysql,
  redis,
  redis6,
  mysql,
  mariadb,
  ...bitnamiDatabases,
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
  ...controlPlaneImages,
  routerImage,
  busybox,
  busyboxMusl,
  busyboxOld,
  alpineImage,
  debianImage,
  curlImage,
  netshoot,
  socatImage,
  dnsutils,
  nginx,
  nginxUnprivileged,
  nginxSlim,
  ...nginxHello,
  bitnamiNginx,
  ...redHatNginxes,
  ...multitools,
  gettingStarted,
  nginxHttps,
  helloWorldNginx,
  helloWorldSecure,
  httpd24,
  httpd,
  helloOpenshift,
  agnhost,
  ...helloApps,
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
  ...redHatApps,
  nodeHello,
  nodejsHelloWorld,
  hpaExample,
  polinuxStress,
  vishStressImage,
  gbFrontend,
  gbRedisFollower,
  helloWorld,
  ...bootcamps,
  perlImage,
  serveHostname,
  simpleapp,
  ubuntuImage,
  ...relatives,
  bashImage,
  curlOnly,
  busyboxCurl,
  tinyTools,
  dnstools,
  tutumUbuntu,
  ...languages,
  ...builders,
  ...courseApps,
  ...demoApps,
  ...products,
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
 * Pulls an image by the reference of a pod.
 * @example pull('registry.ocp4.example.com:8443/rhel8/mysql-80:latest')
 */
export const pull = (reference: string): Pull => pullFrom((place) => PUBLIC.get(place), 'cri-o', reference);

/**
 * The same with a lab's own images, which hide public ones of the same repository. What does not exist is answered in the
 * runtime's words.
 */
export function registryWith(
  declared: readonly DeclaredImage[],
  runtime: Runtime = 'cri-o',
): (reference: string) => Pull {
  const own = shelve(declaredImages(declared));
  return (reference) => pullFrom((place) => own.get(place) ?? PUBLIC.get(place), runtime, reference);
}

function pullFrom(shelfAt: (place: string) => Image[] | undefined, runtime: Runtime, reference: string): Pull {
  const parsed = parseReference(reference);
  if (!parsed)
    return {
      error: `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`,
    };
  const shelf = placesOf(parsed.repository).flatMap((place) => shelfAt(place) ?? []);
  for (const image of shelf) {
    const tag = parsed.digest ? tagOf(image, parsed.digest) : image.tags.has(parsed.tag) ? parsed.tag : undefined;
    if (tag !== undefined) return { image: atRelease(image, tag), digest: parsed.digest ?? digestOf(image, tag) };
  }
  return { error: absence(runtime, { reference, parsed, isTagOnly: shelf.length > 0 }) };
}

const releasesOf = new WeakMap<Image, Map<string, Image>>();

/** The image as it is at a tag's release. */
function atRelease(image: Image, tag: string): Image {
  if (!image.perRelease) return image;
  const release = image.tags.releaseOf(tag);
  const made = releasesOf.get(image) ?? new Map<string, Image>();
  releasesOf.set(image, made);
  const there = made.get(release) ?? { ...image, ...image.perRelease(release) };
  made.set(release, there);
  return there;
}

/** A digest that stays the same for an image and tag. */
function digestOf(image: Image, tag: string): string {
  const words = Array.from({ length: 8 }, (_, i) =>
    hash32(`${i}/${image.repositories[0]}:${tag}`).toString(16).padStart(8, '0'),
  );
  return `sha256:${words.join('')}`;
}

const digestsOf = new WeakMap<Image, Map<string, string>>();

/** The tag whose digest this is. */
function tagOf(image: Image, digest: string): string | undefined {
  const made = digestsOf.get(image) ?? new Map(image.tags.all().map((tag) => [digestOf(image, tag), tag]));
  digestsOf.set(image, made);
  return made.get(digest);
}

function canonical(name: string): string {
  return parseReference(name)?.repository ?? name;
}
