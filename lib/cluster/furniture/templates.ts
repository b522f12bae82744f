// Templates of the project `openshift`: databases, with and without a volume. Names, parameters and objects:
// openshift/cluster-samples-operator, branch release-4.18. DIFFERS: those that build an application are left out, there are no builds.
import type { ObjectInput } from '../store/types';
import type { Surroundings } from './index';

interface Database {
  /** Of the image stream, the service and the container. */
  name: string;
  title: string;
  /** `mysql://`, as the secret's readers see it. */
  scheme: string;
  port: number;
  icon: string;
  /** `MYSQL`: the head of its variables. */
  head: string;
  /** The tag of the image stream. */
  version: string;
  /** Where its data lie. */
  data: string;
  /** Names of what its secret holds, by key: `database-user`. */
  secret: Record<string, Secret>;
  ready: readonly string[];
  /** A command, or a connection to its port. */
  live?: readonly string[];
}

interface Secret {
  parameter: string;
  displayName: string;
  description: string;
  /** A fixed value, or how one is generated. */
  value?: string;
  from?: string;
}

const PASSWORD = '[a-zA-Z0-9]{16}';
const ORDER = ['database-user', 'database-password', 'database-root-password', 'database-name'];

const logins = (head: string, title: string, hasRoot: boolean): Record<string, Secret> => ({
  'database-name': {
    parameter: `${head}_DATABASE`,
    displayName: `${title} Database Name`,
    description: 'The database that is made.',
    value: 'sampledb',
  },
  'database-password': {
    parameter: `${head}_PASSWORD`,
    displayName: `${title} Connection Password`,
    description: 'The password of that user.',
    from: PASSWORD,
  },
  ...(hasRoot && {
    'database-root-password': {
      parameter: `${head}_ROOT_PASSWORD`,
      displayName: `${title} root user Password`,
      description: 'The password of the root user.',
      from: PASSWORD,
    },
  }),
  'database-user': {
    parameter: `${head}_USER`,
    displayName: `${title} Connection Username`,
    description: 'The user by whom the database is used.',
    from: 'user[A-Z0-9]{3}',
  },
});

const shell = (command: string): string[] => ['/bin/sh', '-i', '-c', command];
const PING = shell('MYSQL_PWD="$MYSQL_PASSWORD" mysqladmin -u $MYSQL_USER ping');

const DATABASES: readonly Database[] = [
  {
    name: 'mysql',
    title: 'MySQL',
    scheme: 'mysql',
    port: 3306,
    icon: 'icon-mysql-database',
    head: 'MYSQL',
    version: '8.0-el8',
    data: '/var/lib/mysql/data',
    secret: logins('MYSQL', 'MySQL', true),
    ready: PING,
    live: PING,
  },
  {
    name: 'mariadb',
    title: 'MariaDB',
    scheme: 'mysql',
    port: 3306,
    icon: 'icon-mariadb',
    head: 'MYSQL',
    version: '10.3-el8',
    data: '/var/lib/mysql/data',
    secret: logins('MYSQL', 'MariaDB', true),
    ready: PING,
    live: PING,
  },
  {
    name: 'postgresql',
    title: 'PostgreSQL',
    scheme: 'postgres',
    port: 5432,
    icon: 'icon-postgresql',
    head: 'POSTGRESQL',
    version: '10-el8',
    data: '/var/lib/pgsql/data',
    secret: logins('POSTGRESQL', 'PostgreSQL', false),
    ready: ['/usr/libexec/check-container'],
    live: ['/usr/libexec/check-container', '--live'],
  },
  {
    name: 'redis',
    title: 'Redis',
    scheme: 'redis',
    port: 6379,
    icon: 'icon-redis',
    head: 'REDIS',
    version: '6-el8',
    data: '/var/lib/redis/data',
    secret: {
      'database-password': {
        parameter: 'REDIS_PASSWORD',
        displayName: 'Redis Connection Password',
        description: 'The password of the connection.',
        from: PASSWORD,
      },
    },
    ready: shell('test "$(redis-cli -h 127.0.0.1 -a $REDIS_PASSWORD ping)" == "PONG"'),
  },
];

export const templates = ({ release }: Surroundings): ObjectInput[] =>
  DATABASES.flatMap((database) => [false, true].map((persistent) => template(database, persistent, release)));

const parameter = (name: string): string => `\${${name}}`;
const NAME = parameter('DATABASE_SERVICE_NAME');

function template(of: Database, persistent: boolean, release: string): ObjectInput {
  const name = `${of.name}-${persistent ? 'persistent' : 'ephemeral'}`;
  return {
    apiVersion: 'template.openshift.io/v1',
    kind: 'Template',
    metadata: {
      namespace: 'openshift',
      name,
      labels: { 'samples.operator.openshift.io/managed': 'true' },
      annotations: {
        description: persistent
          ? `${of.title} with a persistent volume. Runs as a single replica; a persistent volume has to be there.`
          : `${of.title} without persistent storage. What is stored is lost with the pod: for tests only.`,
        iconClass: of.icon,
        'openshift.io/display-name': persistent ? of.title : `${of.title} (Ephemeral)`,
        'openshift.io/provider-display-name': 'Red Hat, Inc.',
        'samples.operator.openshift.io/version': release,
        tags: `database,${of.name}`,
      },
    },
    message: messageOf(of),
    objects: [secretOf(of), serviceOf(of), ...(persistent ? [CLAIM] : []), deploymentOf(of, persistent)],
    parameters: parametersOf(of, persistent),
    labels: { template: `${name}-template` },
  };
}

function messageOf({ secret, scheme, port }: Database): string {
  const line = (key: string, label: string) =>
    secret[key] ? [`${label.padStart(15)}: \${${secret[key].parameter}}`] : [];
  return [
    `The following service(s) have been created in your project: ${NAME}.`,
    '',
    ...line('database-user', 'Username'),
    ...line('database-password', 'Password'),
    ...line('database-name', 'Database Name'),
    `${'Connection URL'.padStart(15)}: ${scheme === 'postgres' ? 'postgresql' : scheme}://${NAME}:${port}/`,
  ].join('\n');
}

const EXPOSED: Record<string, string> = {
  'database-name': 'database_name',
  'database-password': 'password',
  'database-root-password': 'root_password',
  'database-user': 'username',
};

const secretOf = ({ secret }: Database): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    annotations: Object.fromEntries(
      Object.keys(secret).map((key) => [`template.openshift.io/expose-${EXPOSED[key]}`, `{.data['${key}']}`]),
    ),
    name: NAME,
  },
  stringData: Object.fromEntries(Object.entries(secret).map(([key, { parameter }]) => [key, `\${${parameter}}`])),
});

const serviceOf = ({ name, scheme, port }: Database): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    annotations: {
      'template.openshift.io/expose-uri': `${scheme}://{.spec.clusterIP}:{.spec.ports[?(.name=="${name}")].port}`,
    },
    name: NAME,
  },
  spec: { ports: [{ name, port }], selector: { name: NAME } },
});

const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: NAME },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: parameter('VOLUME_CAPACITY') } } },
};

function deploymentOf(of: Database, persistent: boolean): object {
  const { name, head } = of;
  const volume = `${NAME}-data`;
  return {
    apiVersion: 'apps.openshift.io/v1',
    kind: 'DeploymentConfig',
    metadata: { annotations: { 'template.alpha.openshift.io/wait-for-ready': 'true' }, name: NAME },
    spec: {
      replicas: 1,
      selector: { name: NAME },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels: { name: NAME } },
        spec: {
          containers: [containerOf(of, volume)],
          volumes: [
            { name: volume, ...(persistent ? { persistentVolumeClaim: { claimName: NAME } } : { emptyDir: {} }) },
          ],
        },
      },
      triggers: [
        {
          imageChangeParams: {
            automatic: true,
            containerNames: [name],
            from: {
              kind: 'ImageStreamTag',
              name: `${name}:\${${name === 'mariadb' ? 'MARIADB' : head}_VERSION}`,
              namespace: parameter('NAMESPACE'),
            },
          },
          type: 'ImageChange',
        },
        { type: 'ConfigChange' },
      ],
    },
  };
}

const containerOf = ({ name, port, secret, ready, live, data }: Database, volume: string): object => ({
  env: ORDER.flatMap((key) =>
    secret[key] ? [{ name: secret[key].parameter, valueFrom: { secretKeyRef: { key, name: NAME } } }] : [],
  ),
  image: ' ',
  imagePullPolicy: 'IfNotPresent',
  livenessProbe: {
    ...(live ? { exec: { command: live } } : { tcpSocket: { port } }),
    initialDelaySeconds: name === 'postgresql' ? 120 : 30,
    timeoutSeconds: name === 'postgresql' ? 10 : 1,
  },
  name,
  ports: [{ containerPort: port }],
  readinessProbe: { exec: { command: ready }, initialDelaySeconds: 5, timeoutSeconds: 1 },
  resources: { limits: { memory: parameter('MEMORY_LIMIT') } },
  volumeMounts: [{ mountPath: data, name: volume }],
});

interface Parameter {
  name: string;
  displayName: string;
  description: string;
  value?: string;
  generate?: 'expression';
  from?: string;
  required?: true;
}

function parametersOf({ name, title, head, secret, version }: Database, persistent: boolean): Parameter[] {
  const generated = (key: string): Parameter[] => {
    const one = secret[key];
    if (!one) return [];
    const { parameter: of, displayName, description, value, from } = one;
    const source = from ? { generate: 'expression' as const, from } : { value: value ?? '' };
    return [{ name: of, displayName, description, ...source, required: true }];
  };
  return [
    {
      name: 'MEMORY_LIMIT',
      displayName: 'Memory Limit',
      description: 'How much memory the container may use.',
      value: '512Mi',
      required: true,
    },
    {
      name: 'NAMESPACE',
      displayName: 'Namespace',
      description: 'The project of the image stream.',
      value: 'openshift',
    },
    {
      name: 'DATABASE_SERVICE_NAME',
      displayName: 'Database Service Name',
      description: 'The name of the service, and of all the rest.',
      value: name,
      required: true,
    },
    ...ORDER.flatMap(generated),
    ...(persistent
      ? [
          {
            name: 'VOLUME_CAPACITY',
            displayName: 'Volume Capacity',
            description: 'The size of the volume, as 512Mi or 2Gi.',
            value: '1Gi',
            required: true as const,
          },
        ]
      : []),
    {
      name: `${name === 'mariadb' ? 'MARIADB' : head}_VERSION`,
      displayName: `Version of ${title} Image`,
      description: `The tag of the image stream ${name}: ${version}, latest, …`,
      value: version,
      required: true,
    },
  ];
}
