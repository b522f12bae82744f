// Gives each pod a service account and its token: plugin/pkg/admission/serviceaccount.

import type { Context } from '../../resources/definition';
import { forbidden } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Plugin } from './admission';

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607; // the real plug-in's marker that the token is bound but may be long-lived
const FILE_MODE = 0o644;

interface Container {
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
}

function tokenVolume(name: string, context: Context) {
  const caBundles = [
    'kube-root-ca.crt',
    ...(context.settings.profile === 'openshift' ? ['openshift-service-ca.crt'] : []),
  ];
  const items = (config: string) => [
    config === 'kube-root-ca.crt'
      ? { key: 'ca.crt', path: 'ca.crt' }
      : { key: 'service-ca.crt', path: 'service-ca.crt' },
  ];
  return {
    name,
    projected: {
      defaultMode: FILE_MODE,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: items('kube-root-ca.crt') } },
        {
          downwardAPI: {
            items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
          },
        },
        ...caBundles.slice(1).map((config) => ({ configMap: { name: config, items: items(config) } })),
      ],
    },
  };
}

function mountToken(pod: KubeObject, context: Context): void {
  const containers: Container[] = [...(pod['spec'].initContainers ?? []), ...(pod['spec'].containers ?? [])];
  const without = containers.filter((c) => !c.volumeMounts?.some((m) => m.mountPath === MOUNT_PATH));
  if (without.length === 0) return;
  const name = `kube-api-access-${context.random.suffix(5)}`;
  for (const container of without)
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath: MOUNT_PATH }];
  pod['spec'].volumes = [...(pod['spec'].volumes ?? []), tokenVolume(name, context)];
}

export const serviceAccount: Plugin = ({ operation, resource, object, subresource }, context) => {
  if (operation !== 'CREATE' || resource !== 'pods' || subresource) return;
  const { spec, metadata } = object;
  if (metadata.annotations?.['kubernetes.io/config.mirror']) return;
  spec.serviceAccountName ||= 'default';
  spec.serviceAccount = spec.serviceAccountName;
  const account = context.store.get('serviceaccounts', metadata.namespace, spec.serviceAccountName);
  if (!account)
    throw forbidden(
      'pods',
      metadata.name ?? metadata.generateName ?? '',
      `error looking up service account ${metadata.namespace}/${spec.serviceAccountName}: serviceaccount ${JSON.stringify(spec.serviceAccountName)} not found`,
    );
  spec.imagePullSecrets ??= account['imagePullSecrets'];
  if (spec.imagePullSecrets === undefined) delete spec.imagePullSecrets;
  if (spec.automountServiceAccountToken ?? account['automountServiceAccountToken'] ?? true) mountToken(object, context);
};
