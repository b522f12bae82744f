// Manifests of the Kubernetes documentation about databases and what stands before them: MySQL, WordPress. Written anew from what they
// hold: names, labels, images, ports.
import { claim, HEADLESS, labelled, type Manifest, object, service, spec, workload } from './builders';

const WORDPRESS = { app: 'wordpress' };
const FROM_SECRET = { valueFrom: { secretKeyRef: { name: 'mysql-pass', key: 'password' } } };

const database = (name: string, labels: Record<string, string>, env: Manifest[], image: string): Manifest =>
  workload(
    'Deployment',
    name,
    labels,
    { strategy: { type: 'Recreate' } },
    {
      containers: [
        {
          image,
          name: 'mysql',
          env,
          ports: [{ containerPort: 3306, name: 'mysql' }],
          volumeMounts: [{ name: 'mysql-persistent-storage', mountPath: '/var/lib/mysql' }],
        },
      ],
      volumes: [{ name: 'mysql-persistent-storage', persistentVolumeClaim: { claimName: 'mysql-pv-claim' } }],
    },
  );

/** Objects by path. */
export const DATABASE_EXAMPLES: Readonly<Record<string, readonly Manifest[]>> = {
  'application/mysql/mysql-deployment.yaml': [
    service('mysql', { app: 'mysql' }, { port: 3306 }, HEADLESS),
    database('mysql', { app: 'mysql' }, [{ name: 'MYSQL_ROOT_PASSWORD', value: 'password' }], 'mysql:9'),
  ],
  'application/mysql/mysql-pv.yaml': [
    spec(
      'v1',
      'PersistentVolume',
      'mysql-pv-volume',
      {
        storageClassName: 'manual',
        capacity: { storage: '20Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/mnt/data' },
      },
      { labels: { type: 'local' } },
    ),
    claim('mysql-pv-claim', '20Gi', { storageClassName: 'manual' }),
  ],
  'application/mysql/mysql-configmap.yaml': [
    object(
      'v1',
      'ConfigMap',
      'mysql',
      { data: { 'primary.cnf': '[mysqld]\nlog-bin\n', 'replica.cnf': '[mysqld]\nsuper-read-only\n' } },
      { labels: { app: 'mysql', 'app.kubernetes.io/name': 'mysql' } },
    ),
  ],
  'application/mysql/mysql-services.yaml': [
    ...[HEADLESS, {}].map((more, i) =>
      labelled(service(i === 0 ? 'mysql' : 'mysql-read', { app: 'mysql' }, { name: 'mysql', port: 3306 }, more), {
        app: 'mysql',
        'app.kubernetes.io/name': 'mysql',
      }),
    ),
  ],
  'application/wordpress/mysql-deployment.yaml': [
    labelled(service('wordpress-mysql', { ...WORDPRESS, tier: 'mysql' }, { port: 3306 }, HEADLESS), WORDPRESS),
    claim('mysql-pv-claim', '20Gi', {}, { labels: WORDPRESS }),
    labelled(
      database(
        'wordpress-mysql',
        { ...WORDPRESS, tier: 'mysql' },
        [
          { name: 'MYSQL_ROOT_PASSWORD', ...FROM_SECRET },
          { name: 'MYSQL_DATABASE', value: 'wordpress' },
          { name: 'MYSQL_USER', value: 'wordpress' },
          { name: 'MYSQL_PASSWORD', ...FROM_SECRET },
        ],
        'mysql:8.0',
      ),
      WORDPRESS,
    ),
  ],
  'application/wordpress/wordpress-deployment.yaml': [
    labelled(
      service('wordpress', { ...WORDPRESS, tier: 'frontend' }, { port: 80 }, { type: 'LoadBalancer' }),
      WORDPRESS,
    ),
    claim('wp-pv-claim', '20Gi', {}, { labels: WORDPRESS }),
    labelled(
      workload(
        'Deployment',
        'wordpress',
        { ...WORDPRESS, tier: 'frontend' },
        { strategy: { type: 'Recreate' } },
        {
          containers: [
            {
              image: 'wordpress:6.2.1-apache',
              name: 'wordpress',
              env: [
                { name: 'WORDPRESS_DB_HOST', value: 'wordpress-mysql' },
                { name: 'WORDPRESS_DB_PASSWORD', ...FROM_SECRET },
                { name: 'WORDPRESS_DB_USER', value: 'wordpress' },
              ],
              ports: [{ containerPort: 80, name: 'wordpress' }],
              volumeMounts: [{ name: 'wordpress-persistent-storage', mountPath: '/var/www/html' }],
            },
          ],
          volumes: [{ name: 'wordpress-persistent-storage', persistentVolumeClaim: { claimName: 'wp-pv-claim' } }],
        },
      ),
      WORDPRESS,
    ),
  ],
};
