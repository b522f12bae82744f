// OpenShift's service CA: certificates for services that ask for one, and the authority's own for who must trust them
// (openshift/service-ca-operator, pkg/controller).
import { type Certificate, fromPem, toPem } from '../../machine/tls';
import { issue, keyPem, signer } from '../authority';
import { type Controller, type ControllerContext, splitKey } from '../controllers/controller';
import type { KubeObject } from '../store/types';
import { apply } from './manifest';

const NAMESPACE = 'openshift-service-ca';
const BETA = 'service.beta.openshift.io';
const ALPHA = 'service.alpha.openshift.io';
const BUNDLE_KEY = 'service-ca.crt';

/** Config maps that hold the authority's certificate without asking. */
const BUNDLES: [namespace: string, name: string][] = [['openshift-ingress', 'service-ca-bundle']];

export function serviceCa(context: ControllerContext): Controller {
  const { store } = context;
  return {
    name: 'service-ca',
    watches: {
      services: ({ object }) => [`service:${object.metadata.namespace}/${object.metadata.name}`],
      secrets: ({ object, type }) => (type === 'DELETED' ? owners(object) : []),
      configmaps: ({ object, type }) =>
        type === 'DELETED'
          ? [`namespace:/${object.metadata.namespace}`]
          : [`configmap:${object.metadata.namespace}/${object.metadata.name}`],
      namespaces: ({ object }) => [`namespace:/${object.metadata.name}`],
    },
    reconcile(key) {
      const [what = '', rest = ''] = key.split(':', 2);
      const { namespace, name } = splitKey(rest);
      if (what === 'namespace') publish(context, name);
      const object = what === 'namespace' ? undefined : store.get(`${what}s`, namespace, name);
      if (object && what === 'service') serve(context, object);
      if (object && what === 'configmap') inject(context, object);
      return undefined;
    },
  };
}

const owners = ({ metadata }: KubeObject): string[] => {
  const service = metadata.annotations?.[`${BETA}/originating-service-name`];
  return service ? [`service:${metadata.namespace}/${service}`] : [];
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const authorities = new WeakMap<KubeObject, Certificate>();

/** The certificate of a secret, read once: every namespace asks for it. */
function authorityIn(secret: KubeObject): Certificate | undefined {
  const [read] = authorities.has(secret) ? [] : fromPem(Buffer.from(secret['data']['tls.crt'], 'base64').toString());
  if (read) authorities.set(secret, read);
  return authorities.get(secret);
}

function authorityOf({ store, client, random, clock }: ControllerContext) {
  const found = store.get('secrets', NAMESPACE, 'signing-key');
  const stored = found && authorityIn(found);
  if (stored) return stored;
  const made = signer(random, clock.now(), `CN=openshift-service-serving-signer@${Math.floor(clock.now() / 1000)}`);
  client.create('secrets', {
    metadata: { name: 'signing-key', namespace: NAMESPACE },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(toPem(made)), 'tls.key': base64(keyPem(made)) },
  });
  return made;
}

/** A certificate for a service that names a secret for it. */
function serve(context: ControllerContext, service: KubeObject): void {
  const { store, client, random, clock } = context;
  const { namespace = '', name, uid, annotations = {} } = service.metadata;
  const wanted = annotations[`${BETA}/serving-cert-secret-name`] ?? annotations[`${ALPHA}/serving-cert-secret-name`];
  if (!wanted || store.get('secrets', namespace, wanted)) return;
  const authority = authorityOf(context);
  const certificate = issue(random, clock.now(), authority, [
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
  ]);
  client.create('secrets', {
    metadata: {
      name: wanted,
      namespace,
      annotations: {
        [`${BETA}/expiry`]: new Date(certificate.notAfter).toISOString().replace('.000', ''),
        [`${BETA}/originating-service-name`]: name,
        [`${BETA}/originating-service-uid`]: uid,
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid }],
    },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(toPem(certificate) + toPem(authority)), 'tls.key': base64(keyPem(certificate)) },
  });
  const signedBy = authority.subject.replace(/^CN=/, '');
  const signed = { [`${ALPHA}/serving-cert-signed-by`]: signedBy, [`${BETA}/serving-cert-signed-by`]: signedBy };
  client.patch('services', namespace, name, { metadata: { annotations: signed } });
}

function inject(context: ControllerContext, { metadata, data }: KubeObject): void {
  if (metadata.annotations?.[`${BETA}/inject-cabundle`] !== 'true') return;
  const bundle = toPem(authorityOf(context));
  if (data?.[BUNDLE_KEY] === bundle) return;
  context.client.patch('configmaps', metadata.namespace, metadata.name, { data: { [BUNDLE_KEY]: bundle } });
}

/** Every namespace has the authority's certificate at hand. */
function publish(context: ControllerContext, namespace: string): void {
  const { store } = context;
  if (store.get('namespaces', undefined, namespace)?.['status']?.phase === 'Terminating') return;
  if (!store.get('namespaces', undefined, namespace)) return;
  const data = { [BUNDLE_KEY]: toPem(authorityOf(context)) };
  const annotations = { [`${BETA}/inject-cabundle`]: 'true' };
  const names = [
    'openshift-service-ca.crt',
    ...BUNDLES.flatMap(([where, name]) => (where === namespace ? [name] : [])),
  ];
  for (const name of names)
    apply(context, { resource: 'configmaps', object: { metadata: { name, namespace, annotations }, data } });
}
