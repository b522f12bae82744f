// Image streams of the project `openshift`, as the samples operator and the release put them there. Names, tags and images:
// openshift/cluster-samples-operator, branch release-4.18. DIFFERS: what needs a subscription to another product (JBoss, Fuse, Data
// Grid, single sign-on), .NET and Jenkins are left out.
import { importImage, type PullImage, type TagEvent } from '../image-import';
import type { ObjectInput } from '../store/types';
import type { Surroundings } from './index';

interface Stream {
  name: string;
  title: string;
  icon?: string;
  /** Of its tags: `builder,php`. */
  kinds?: string;
  /** Where an application to try is: the repository below github.com/sclorg. */
  sample?: string;
  /** `8.2-ubi8=ubi8/php-82`, the image without its registry; `latest=@8.2-ubi8` follows another tag. */
  tags: string;
  /** Of the release itself, and kept by another operator. */
  release?: true;
}

const ubi = (language: string, list: string): string =>
  list
    .split(' ')
    .map((tag) => {
      const [, version = '', family = ''] = /^(.+)-(ubi\d+|el\d+)$/.exec(tag) ?? [];
      const [number = '', ...kind] = version.split('-');
      return `${tag}=${family.replace('el', 'rhel')}/${[language, number.replace('.', ''), ...kind].join('-')}`;
    })
    .join(' ');

const OPENJDK = (version: string, kind = ''): string =>
  Array.from({ length: 8 }, (_, i) => `1.${11 + i}=ubi8/openjdk-${version}${kind}:1.${11 + i}`).join(' ');

const openjdk = ['8', '11', '17', '21'].flatMap((version): Stream[] => {
  const title = `Red Hat OpenJDK ${version}`;
  const newest = (kind = '') => (version === '21' ? `1.18=ubi8/openjdk-21${kind}:1.18` : OPENJDK(version, kind));
  const icon = 'icon-rh-openjdk';
  return [
    {
      name: `ubi8-openjdk-${version}`,
      title: `${title} (UBI8)`,
      icon,
      kinds: 'builder,java,openjdk,ubi8,hidden',
      tags: newest(),
    },
    {
      name: `ubi8-openjdk-${version}-runtime`,
      title: `${title} Runtime (UBI8)`,
      icon,
      kinds: 'java,openjdk,ubi8',
      tags: newest('-runtime'),
    },
  ];
});

const STREAMS: readonly Stream[] = [
  { name: 'cli', title: '', release: true, tags: 'latest=quay.io/openshift/origin-cli:latest' },
  { name: 'network-tools', title: '', release: true, tags: 'latest=quay.io/openshift/origin-network-tools:latest' },
  { name: 'tools', title: '', release: true, tags: 'latest=quay.io/openshift/origin-tools:latest' },
  {
    name: 'httpd',
    title: 'Apache HTTP Server',
    icon: 'icon-httpd',
    kinds: 'builder,httpd',
    sample: 'httpd-ex',
    tags: `${ubi('httpd', '2.4-ubi8 2.4-ubi9 2.4-el8')} latest=@2.4-ubi8`,
  },
  {
    name: 'nginx',
    title: 'Nginx HTTP server and a reverse proxy',
    icon: 'icon-nginx',
    kinds: 'builder,nginx',
    sample: 'nginx-ex',
    tags: `${ubi('nginx', '1.22-ubi8 1.20-ubi9 1.22-ubi9 1.24-ubi9')} latest=@1.24-ubi9`,
  },
  {
    name: 'php',
    title: 'PHP',
    icon: 'icon-php',
    kinds: 'builder,php',
    sample: 'cakephp-ex',
    tags: `${ubi('php', '7.4-ubi8 8.0-ubi8 8.2-ubi8 8.0-ubi9 8.1-ubi9 8.2-ubi9')} latest=@8.0-ubi8`,
  },
  {
    name: 'python',
    title: 'Python',
    icon: 'icon-python',
    kinds: 'builder,python',
    sample: 'django-ex',
    tags: `${ubi('python', '3.6-ubi8 3.8-ubi8 3.9-ubi8 3.11-ubi8 3.12-ubi8 3.9-ubi9 3.11-ubi9 3.12-ubi9')} latest=@3.11-ubi8`,
  },
  {
    name: 'nodejs',
    title: 'Node.js',
    icon: 'icon-nodejs',
    kinds: 'builder,nodejs',
    sample: 'nodejs-ex',
    tags: `${ubi('nodejs', '18-ubi8 18-minimal-ubi8 20-ubi8 20-minimal-ubi8 18-ubi9 18-minimal-ubi9 20-ubi9 20-minimal-ubi9')} 18-ubi8-minimal=ubi8/nodejs-18-minimal 20-ubi8-minimal=ubi8/nodejs-20-minimal 18-ubi9-minimal=ubi9/nodejs-18-minimal 20-ubi9-minimal=ubi9/nodejs-20-minimal latest=@20-ubi9`,
  },
  {
    name: 'ruby',
    title: 'Ruby',
    icon: 'icon-ruby',
    kinds: 'builder,ruby',
    sample: 'ruby-ex',
    tags: `${ubi('ruby', '2.5-ubi8 3.1-ubi8 3.3-ubi8 3.0-ubi9 3.1-ubi9 3.3-ubi9')} latest=@3.3-ubi9`,
  },
  {
    name: 'perl',
    title: 'Perl',
    icon: 'icon-perl',
    kinds: 'builder,perl',
    sample: 'dancer-ex',
    tags: `${ubi('perl', '5.26-ubi8 5.32-ubi8 5.32-ubi9')} latest=@5.32-ubi8`,
  },
  {
    name: 'golang',
    title: 'Go',
    icon: 'icon-go-gopher',
    kinds: 'builder,golang,go',
    sample: 'golang-ex',
    tags: '1.18-ubi9=ubi9/go-toolset:1.18 1.18-ubi8=ubi8/go-toolset:1.18 1.18-ubi7=ubi7/go-toolset:1.18 latest=@1.18-ubi8',
  },
  {
    name: 'java',
    title: 'Red Hat OpenJDK',
    icon: 'icon-rh-openjdk',
    kinds: 'builder,java,openjdk',
    tags: 'openjdk-8-ubi8=ubi8/openjdk-8 openjdk-11-ubi8=ubi8/openjdk-11 openjdk-17-ubi8=ubi8/openjdk-17 latest=@openjdk-17-ubi8',
  },
  {
    name: 'java-runtime',
    title: 'Red Hat OpenJDK Runtime',
    icon: 'icon-rh-openjdk',
    kinds: 'java,openjdk,ubi8',
    tags: 'openjdk-8-ubi8=ubi8/openjdk-8-runtime openjdk-11-ubi8=ubi8/openjdk-11-runtime openjdk-17-ubi8=ubi8/openjdk-17-runtime latest=@openjdk-17-ubi8',
  },
  ...openjdk,
  {
    name: 'mysql',
    title: 'MySQL',
    icon: 'icon-mysql-database',
    kinds: 'mysql',
    tags: `${ubi('mysql', '8.0-el9 8.0-el8')} 8.0-el7=rhscl/mysql-80-rhel7 8.0=rhscl/mysql-80-rhel7 latest=@8.0-el8`,
  },
  {
    name: 'mariadb',
    title: 'MariaDB',
    icon: 'icon-mariadb',
    kinds: 'database,mariadb',
    tags: `${ubi('mariadb', '10.3-el8 10.5-el8 10.5-el9')} 10.3-el7=rhscl/mariadb-103-rhel7 10.3=rhscl/mariadb-103-rhel7 10.5-el7=rhscl/mariadb-105-rhel7 latest=@10.5-el8`,
  },
  {
    name: 'postgresql',
    title: 'PostgreSQL',
    icon: 'icon-postgresql',
    kinds: 'database,postgresql',
    tags: `${ubi('postgresql', '15-el9 15-el8 13-el9 13-el8 12-el8 10-el8')} 13-el7=rhscl/postgresql-13-rhel7 12-el7=rhscl/postgresql-12-rhel7 12=rhscl/postgresql-12-rhel7 10-el7=rhscl/postgresql-10-rhel7 10=rhscl/postgresql-10-rhel7 latest=@15-el8`,
  },
  {
    name: 'redis',
    title: 'Redis',
    icon: 'icon-redis',
    kinds: 'redis',
    tags: `${ubi('redis', '7-el9 6-el9 6-el8')} 6-el7=rhscl/redis-6-rhel7 latest=@6-el8`,
  },
];

const GENERATION = 2; // once made by the operator, once touched by the import
const REGISTRY = 'image-registry.openshift-image-registry.svc:5000/openshift';

export const imageStreams = (of: Surroundings): ObjectInput[] => STREAMS.map((stream) => asObject(stream, of));

function asObject(stream: Stream, { created, release, pull }: Surroundings): ObjectInput {
  const tags = stream.tags.split(' ').map((word) => word.split('=') as [tag: string, image: string]);
  const events = new Map(tags.flatMap(([tag, image]) => [[tag, imported(image, created, pull)] as const]));
  const event = (tag: string, image: string) => events.get(image.startsWith('@') ? image.slice(1) : tag);
  return {
    apiVersion: 'image.openshift.io/v1',
    kind: 'ImageStream',
    metadata: {
      namespace: 'openshift',
      name: stream.name,
      generation: GENERATION,
      annotations: {
        ...(stream.title && { 'openshift.io/display-name': stream.title }),
        'openshift.io/image.dockerRepositoryCheck': created,
        ...(!stream.release && { 'samples.operator.openshift.io/version': release }),
      },
      ...(!stream.release && { labels: { 'samples.operator.openshift.io/managed': 'true' } }),
    },
    spec: { lookupPolicy: { local: false }, tags: tags.map(([tag, image]) => asked(stream, tag, image)) },
    status: {
      dockerImageRepository: `${REGISTRY}/${stream.name}`,
      tags: [...tags]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([tag, image]) => {
          const item = event(tag, image);
          return item ? [{ tag, items: [item] }] : [];
        }),
    },
  };
}

const reference = (image: string): string =>
  image.includes('.io/') ? image : `registry.redhat.io/${image}${image.includes(':') ? '' : ':latest'}`;

function imported(image: string, created: string, pull: PullImage): TagEvent | undefined {
  if (image.startsWith('@')) return undefined;
  const found = importImage(pull, reference(image));
  if ('error' in found) return undefined;
  const dockerImageReference = String(found.image['dockerImageReference']);
  return { created, dockerImageReference, generation: GENERATION, image: found.image.metadata.name };
}

function asked(stream: Stream, tag: string, image: string): object {
  const follows = image.startsWith('@');
  return {
    name: tag,
    annotations: stream.release ? null : describe(stream, tag, follows ? image.slice(1) : tag),
    from: follows ? { kind: 'ImageStreamTag', name: image.slice(1) } : { kind: 'DockerImage', name: reference(image) },
    generation: GENERATION,
    importPolicy: stream.release ? { importMode: 'PreserveOriginal', scheduled: true } : { importMode: 'Legacy' },
    referencePolicy: { type: stream.release ? 'Source' : 'Local' },
  };
}

const SYSTEMS: Record<string, string> = { ubi: 'UBI', el: 'RHEL' };

/** What pages show of a tag. */
function describe({ name, title, icon = '', kinds = '', sample }: Stream, tag: string, means: string) {
  const [, version = means, family = '', number = ''] = /^(.+?)-(ubi|el)(\d+)/.exec(means) ?? [];
  const system = family ? ` (${SYSTEMS[family]} ${number})` : '';
  const what = kinds.startsWith('builder') ? `Builder of applications: ${title} ${version}` : `${title} ${version}`;
  return {
    description: `${what}${system}.${tag === 'latest' ? ' Moves on to newer releases by itself.' : ''}`,
    iconClass: icon,
    'openshift.io/display-name': tag === 'latest' ? `${title} (Latest)` : `${title} ${version}${system}`,
    'openshift.io/provider-display-name': 'Red Hat, Inc.',
    ...(sample && { sampleRepo: `https://github.com/sclorg/${sample}.git` }),
    supports: tag === 'latest' ? name : `${name}:${version},${name}`,
    tags: tag === version && family === '' && tag !== 'latest' ? `${kinds},hidden` : kinds,
    ...(tag !== 'latest' && { version }),
  };
}
