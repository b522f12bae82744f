// Products that tutorials put beside their applications: caches, queues, monitoring, web interfaces, applications with a database.
import { binary } from '../machine/machine';
import { type Files, image, script } from './base';
import type { Image } from './image';
import { alpine, debian, releasedFiles, single, TOOLBOX } from './roots';
import { either, releases, type Tags, words } from './tags';

const MIB = 1024 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' as const }));
const VARIANTS = 'alpine bookworm bullseye alpine3.22 alpine3.21 alpine3.20 alpine3.19';

interface Product extends Partial<Image> {
  repositories: string[];
  tags: Tags;
  /** The program, and where it lies. */
  program: [name: string, path: string];
  listens: number[];
  /** The variable of the image that tells its release; without one it is written down for the program. */
  variable?: string;
  /** Written down instead of the release. */
  kind?: string;
  own?: Files;
  users?: string;
  system?: typeof debian;
}

const product = ({
  program,
  listens,
  variable,
  kind,
  own = {},
  users = '',
  system = debian,
  ...rest
}: Product): Image => {
  const [name, path] = program;
  const files = rest.files ?? system([], { [path]: binary(name), ...own }, users);
  const told = (release: string) => ({
    env: { PATH, ...rest.env, ...(variable && { [variable]: release }) },
    files: kind !== undefined || variable === undefined ? releasedFiles(files, kind ?? release) : files,
  });
  return image({
    cmd: [path],
    ports: tcp(...listens),
    sizeBytes: 200 * MIB,
    ...rest,
    ...told(rest.tags.latest),
    perRelease: told,
  });
};

const WORDPRESS_LINES =
  '6.8.3 6.7.2 6.6.2 6.5.5 6.4.5 6.3.5 6.2.6 6.1.7 6.0.9 5.9.10 5.8.10 5.7.12 5.6.14 5.5.15 5.4.16 5.3.18 5.2.21 5.1.19 5.0.22 4.9.26 4.8.25 4.7.29';

const RABBIT_TOOLS: Files = {
  '/usr/local/bin/rabbitmqctl': binary('rabbitmq-diagnostics'),
  '/usr/local/bin/rabbitmq-diagnostics': binary('rabbitmq-diagnostics'),
};

const stores: Image[] = [
  product({
    repositories: ['docker.io/library/memcached', 'docker.io/bitnami/memcached'],
    tags: releases({ lines: '1.6.39 1.5.22 1.4.39', variants: VARIANTS }),
    program: ['memcached', '/usr/local/bin/memcached'],
    own: { '/usr/local/bin/docker-entrypoint.sh': script('#!/bin/sh\nexec "$@"\n') },
    users: 'memcache:x:11211:11211::/home/memcache:/bin/sh\n',
    listens: [11211],
    variable: 'MEMCACHED_VERSION',
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['memcached'],
    user: 'memcache',
    sizeBytes: 84 * MIB,
  }),
  product({
    repositories: [
      'registry.k8s.io/etcd',
      'registry.k8s.io/etcd-amd64',
      'quay.io/coreos/etcd',
      'gcr.io/etcd-development/etcd',
      'docker.io/bitnami/etcd',
    ],
    tags: either(
      releases({ lines: '3.6.5 3.5.24 3.4.37 3.3.27 3.2.32 3.1.20', prefix: 'v', names: 'latest' }),
      releases({ lines: '3.6.5 3.5.24 3.4.37 3.3.27 3.2.32 3.1.20', variants: '0', names: '' }),
    ),
    program: ['etcd', '/usr/local/bin/etcd'],
    own: { '/usr/local/bin/etcdctl': binary('etcdctl') },
    listens: [2379, 2380],
    sizeBytes: 148 * MIB,
  }),
  product({
    repositories: ['docker.io/library/rabbitmq'],
    tags: releases({
      lines: '4.1.4 4.0.9 3.13.7 3.12.14 3.11.28 3.10.25 3.9.29 3.8.34 3.7.28 3.6.16',
      variants: 'alpine',
    }),
    program: ['rabbitmq', '/usr/local/bin/docker-entrypoint.sh'],
    own: RABBIT_TOOLS,
    listens: [5672],
    variable: 'RABBITMQ_VERSION',
    sizeBytes: 226 * MIB,
  }),
  product({
    repositories: ['docker.io/library/rabbitmq'],
    tags: releases({
      lines: '4.1.4 4.0.9 3.13.7 3.12.14 3.11.28 3.10.25 3.9.29 3.8.34 3.7.28 3.6.16',
      variants: 'management management-alpine',
      names: '',
      onlyVariants: true,
    }),
    program: ['rabbitmq', '/usr/local/bin/docker-entrypoint.sh'],
    own: RABBIT_TOOLS,
    listens: [5672, 15672],
    variable: 'RABBITMQ_VERSION',
    kind: 'management',
    sizeBytes: 259 * MIB,
  }),
  product({
    repositories: ['docker.io/library/elasticsearch', 'docker.elastic.co/elasticsearch/elasticsearch'],
    tags: releases({
      lines:
        '9.1.5 8.19.5 8.18.8 8.17.10 8.15.5 8.13.4 8.11.4 8.10.4 8.9.2 8.8.2 8.7.1 8.6.2 8.5.3 7.17.29 7.16.3 7.15.2 7.14.2 7.13.4 7.12.1 7.11.2 7.10.2 7.9.3 7.8.1 7.6.2 6.8.23',
      names: '',
    }),
    program: ['elasticsearch', '/usr/local/bin/docker-entrypoint.sh'],
    listens: [9200, 9300],
    user: '1000',
    sizeBytes: 600 * MIB,
  }),
  product({
    repositories: ['docker.io/library/influxdb'],
    tags: releases({
      lines: '2.7.12 2.6.1 2.5.1 2.4.0 2.3.0 2.2.0 2.1.1 2.0.9 1.11.8 1.8.10 1.7.11',
      variants: 'alpine',
    }),
    program: ['influxdb', '/usr/bin/influxd'],
    listens: [8086],
    cmd: ['influxd'],
  }),
];

const platforms: Image[] = [
  product({
    repositories: ['docker.io/prom/node-exporter', 'quay.io/prometheus/node-exporter'],
    tags: releases({
      lines: '1.10.2 1.9.1 1.8.2 1.7.0 1.6.1 1.5.0 1.4.1 1.3.1 1.2.2 1.1.2 1.0.1 0.18.1 0.17.0 0.16.0',
      prefix: 'v',
      names: 'latest master',
    }),
    program: ['node-exporter', '/bin/node_exporter'],
    listens: [9100],
    files: single('/bin/node_exporter', 'node-exporter'),
    entrypoint: ['/bin/node_exporter'],
    cmd: [],
    user: '65534',
    sizeBytes: 23 * MIB,
  }),
  product({
    repositories: ['docker.io/prom/prometheus', 'quay.io/prometheus/prometheus'],
    tags: releases({
      lines:
        '3.7.2 3.5.0 3.4.2 3.3.1 3.2.1 3.1.0 3.0.1 2.55.1 2.54.1 2.53.5 2.52.0 2.51.2 2.50.1 2.49.1 2.48.1 2.47.2 2.46.0 2.45.6 2.40.7 2.37.9 2.36.2 2.30.4 2.26.1',
      prefix: 'v',
      names: 'latest main',
    }),
    program: ['prometheus', '/usr/bin/prometheus'],
    listens: [9090],
    entrypoint: ['/bin/prometheus'],
    cmd: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
    user: '65534',
  }),
  product({
    repositories: ['docker.io/grafana/grafana', 'docker.io/grafana/grafana-oss'],
    tags: releases({
      lines:
        '12.2.1 12.1.2 12.0.5 11.6.5 11.5.8 11.4.7 11.3.8 11.2.10 11.1.13 11.0.11 10.4.19 10.3.12 10.2.9 10.1.10 10.0.13 9.5.21 9.4.17 9.3.16 9.2.20 9.1.8 9.0.9 8.5.27 8.4.11 8.3.11 8.2.7 7.5.17 6.7.6',
    }),
    program: ['grafana', '/run.sh'],
    listens: [3000],
    entrypoint: ['/run.sh'],
    cmd: [],
    user: '472',
  }),
  product({
    repositories: ['registry.k8s.io/metrics-server/metrics-server', 'registry.k8s.io/metrics-server-amd64'],
    tags: releases({ lines: '0.8.0 0.7.2 0.6.4 0.5.2 0.4.5 0.3.7', prefix: 'v', names: '' }),
    program: ['metrics-server', '/metrics-server'],
    listens: [10250],
    files: single('/metrics-server', 'metrics-server'),
    entrypoint: ['/metrics-server'],
    cmd: [],
    user: '65534',
    sizeBytes: 67 * MIB,
  }),
  product({
    repositories: [
      'docker.io/fluent/fluentd',
      'registry.k8s.io/fluentd-elasticsearch',
      'registry.k8s.io/fluentd-gcp',
      'quay.io/fluentd_elasticsearch/fluentd',
      'docker.io/fluent/fluentd-kubernetes-daemonset',
    ],
    tags: either(
      releases({
        lines: '1.19.0 1.18.0 1.17.1 1.16.9 1.15.3 1.14.6 1.13.3 1.12.4 1.11.5 1.10.4 1.9.3',
        prefix: 'v',
        variants: 'debian alpine debian-1 debian-elasticsearch7 debian-elasticsearch8 debian-elasticsearch',
        names: 'latest edge',
      }),
      words('1.20 1.22 1.24 1.30 v2.0.4 v2.2.0 v2.5.2 v2.6.0 v3.0.2 v3.1.0 v3.4.0 v4.5.2 v4.7.2 v5.0.1'),
    ),
    program: ['fluentd', '/usr/local/bundle/bin/fluentd'],
    listens: [24224],
    own: {
      '/fluentd/etc/fluent.conf':
        '<source>\n  @type forward\n  port 24224\n</source>\n<match **>\n  @type stdout\n</match>\n',
    },
    sizeBytes: 90 * MIB,
  }),
  product({
    repositories: ['docker.io/library/consul', 'docker.io/hashicorp/consul'],
    tags: releases({
      lines:
        '1.21.5 1.20.6 1.19.2 1.18.2 1.17.3 1.16.6 1.15.4 1.14.7 1.13.8 1.12.9 1.11.11 1.10.12 1.9.17 1.8.19 1.7.14 1.6.10 1.5.3 1.4.5',
    }),
    program: ['consul', '/usr/local/bin/docker-entrypoint.sh'],
    listens: [8500, 8600],
    cmd: ['/usr/local/bin/docker-entrypoint.sh', 'agent', '-dev', '-client', '0.0.0.0'],
  }),
  product({
    repositories: ['docker.io/library/vault', 'docker.io/hashicorp/vault'],
    tags: releases({
      lines:
        '1.20.4 1.19.5 1.18.5 1.17.6 1.16.3 1.15.6 1.14.10 1.13.3 1.12.7 1.11.11 1.10.11 1.9.10 1.8.12 1.7.10 1.6.7 1.5.9',
    }),
    program: ['vault', '/usr/local/bin/docker-entrypoint.sh'],
    listens: [8200],
    cmd: ['/usr/local/bin/docker-entrypoint.sh', 'server', '-dev'],
  }),
  product({
    repositories: ['docker.io/jenkins/jenkins', 'docker.io/library/jenkins', 'quay.io/jenkins/jenkins'],
    tags: releases({
      lines:
        '2.528 2.516.3 2.504.3 2.492.3 2.479.3 2.462.3 2.452.4 2.440.3 2.426.3 2.414.3 2.401.3 2.387.3 2.375.4 2.361.4 2.346.3 2.60.3',
      variants: 'lts alpine lts-alpine jdk17 jdk21 jdk11 lts-jdk11 lts-jdk17 lts-jdk21',
    }),
    program: ['jenkins', '/usr/local/bin/jenkins.sh'],
    listens: [8080, 50000],
    users: 'jenkins:x:1000:1000::/var/jenkins_home:/bin/bash\n',
    user: 'jenkins',
    sizeBytes: 470 * MIB,
  }),
];

const applications: Image[] = [
  product({
    repositories: [
      'docker.io/library/wordpress',
      'quay.io/redhattraining/wordpress',
      'registry.ocp4.example.com:8443/redhattraining/wordpress',
    ],
    tags: releases({
      lines: WORDPRESS_LINES,
      variants:
        'apache php8.4-apache php8.3-apache php8.2-apache php8.1-apache php8.0-apache php7.4-apache php8.4 php8.3 php8.2 php8.1 php8.0 php7.4',
    }),
    program: ['wordpress', '/usr/local/bin/apache2-foreground'],
    own: {
      '/usr/local/bin/docker-entrypoint.sh': script('#!/bin/sh\nexec "$@"\n'),
      '/usr/local/bin/php': binary('php'),
      '/var/www/html': { type: 'dir', mode: 0o1777, uid: 33, gid: 33 },
    },
    users: 'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n',
    listens: [80],
    variable: 'WORDPRESS_VERSION',
    env: { PHP_VERSION: '8.2.26' },
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['apache2-foreground'],
    workdir: '/var/www/html',
    volumes: ['/var/www/html'],
    sizeBytes: 700 * MIB,
  }),
  product({
    repositories: ['docker.io/library/adminer'],
    tags: releases({ lines: '5.4.1 4.17.1 4.8.1 4.7.9 4.6.3', variants: 'standalone fastcgi' }),
    program: ['adminer', '/usr/local/bin/entrypoint.sh'],
    listens: [8080],
    system: alpine,
    user: '100',
  }),
  product({
    repositories: ['docker.io/library/phpmyadmin', 'docker.io/phpmyadmin/phpmyadmin'],
    tags: releases({ lines: '5.2.3 5.1.4 5.0.4 4.9.11 4.8.5', variants: 'apache' }),
    program: ['phpmyadmin', '/docker-entrypoint.sh'],
    listens: [80],
  }),
  product({
    repositories: ['registry.ocp4.example.com:8443', 'quay.io', 'docker.io'].map(
      (registry) => `${registry}/redhattraining/gitlab-ce`,
    ),
    tags: words('latest 8.4.3-ce.0'),
    program: ['gitlab', '/assets/wrapper'],
    listens: [80, 443, 22],
    sizeBytes: 1200 * MIB,
  }),
  product({
    repositories: ['docker.io/library/tomcat'],
    tags: releases({
      lines: '11.0.13 10.1.48 10.0.27 9.0.111 8.5.100 8.0.53 7.0.109',
      variants:
        'jdk21 jdk17 jdk11 jdk8 jre21 jre17 jre11 jre8 jdk21-temurin jdk17-temurin jdk11-temurin jdk8-temurin jdk17-openjdk jdk11-openjdk jdk8-openjdk alpine jre8-alpine slim',
    }),
    program: ['tomcat', '/usr/local/tomcat/bin/catalina.sh'],
    own: { '/usr/bin/java': binary('java'), '/usr/local/tomcat/webapps': null, '/usr/local/tomcat/webapps.dist': null },
    listens: [8080],
    variable: 'TOMCAT_VERSION',
    env: { CATALINA_HOME: '/usr/local/tomcat', PATH: `/usr/local/tomcat/bin:${PATH}` },
    cmd: ['catalina.sh', 'run'],
    workdir: '/usr/local/tomcat',
    sizeBytes: 480 * MIB,
  }),
];

const workshops: Image[] = [
  product({
    repositories: ['docker.io/argoproj/rollouts-demo'],
    tags: words(
      ['red', 'orange', 'yellow', 'green', 'blue', 'purple']
        .flatMap((color) => [color, `bad-${color}`, `slow-${color}`])
        .map((tag) => `${tag}=${tag}`)
        .concat('latest=blue')
        .join(' '),
    ),
    program: ['rollouts-demo', '/rollouts-demo'],
    listens: [8080],
    files: single('/rollouts-demo', 'rollouts-demo'),
    entrypoint: ['/rollouts-demo'],
    cmd: [],
  }),
  product({
    repositories: ['docker.io/dockersamples/examplevotingapp_vote', 'docker.io/kodekloud/examplevotingapp_vote'],
    tags: words('latest before after v1 good'),
    program: ['voting-app', '/usr/local/bin/gunicorn'],
    listens: [80],
    env: { PYTHON_VERSION: '3.11.2' },
  }),
  product({
    repositories: [
      'quay.io/openshiftroadshow/parksmap',
      'docker.io/openshiftroadshow/parksmap',
      'docker.io/openshiftroadshow/parksmap-katacoda',
    ],
    tags: words('latest 1.0.0 1.1.0 1.2.0 1.3.0'),
    program: ['parksmap', '/usr/local/bin/start'],
    listens: [8080],
    user: '1001',
  }),
  product({
    repositories: ['quay.io/openshiftroadshow/nationalparks', 'docker.io/openshiftroadshow/nationalparks'],
    tags: words('latest 1.0.0 1.1.0'),
    program: ['nationalparks', '/usr/local/bin/start'],
    listens: [8080],
    user: '1001',
  }),
  product({
    repositories: ['registry.ocp4.example.com:8443', 'quay.io', 'docker.io'].map(
      (registry) => `${registry}/redhattraining/exoplanets`,
    ),
    tags: words('latest v1.0'),
    program: ['exoplanets', '/home/exoplanets'],
    listens: [8080],
    user: '1001',
    workdir: '/home',
  }),
  image({
    repositories: ['gcr.io/google-containers/toolbox', 'registry.k8s.io/toolbox'],
    tags: words('latest 20190523-00'),
    files: debian(TOOLBOX),
    env: { PATH },
    cmd: ['/bin/bash'],
    sizeBytes: 260 * MIB,
  }),
  image({
    repositories: ['gcr.io/google-samples/xtrabackup'],
    tags: words('1.0 latest'),
    files: debian(['ncat', 'nc', 'mysql', 'mysqladmin'], {
      '/usr/bin/xtrabackup': script(
        '#!/bin/sh\necho "xtrabackup: not supported: copies of a running server" >&2\nexit 1\n',
      ),
      '/usr/bin/xbstream': script(
        '#!/bin/sh\necho "xbstream: not supported: copies of a running server" >&2\nexit 1\n',
      ),
    }),
    env: { PATH },
    cmd: ['bash'],
    sizeBytes: 270 * MIB,
  }),
  image({
    repositories: ['registry.k8s.io/cuda-vector-add'],
    tags: words('v0.1'),
    files: debian([], {
      '/usr/local/cuda/samples/vectorAdd': script(
        '#!/bin/sh\necho "[Vector addition of 50000 elements]"\necho "Failed to allocate device vector A (error code no CUDA-capable device is detected)!" >&2\nexit 1\n',
      ),
    }),
    env: { PATH },
    cmd: ['/usr/local/cuda/samples/vectorAdd'],
    sizeBytes: 1300 * MIB,
  }),
];

export const products: Image[] = [...stores, ...platforms, ...applications, ...workshops];
