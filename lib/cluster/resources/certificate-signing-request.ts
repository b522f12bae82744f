// certificatesigningrequests.certificates.k8s.io
import type { KubeObject } from '../store/types';
import { age, columns } from './columns';
import type { ResourceDefinition, ServedVersion } from './definition';
import { legacyVersion } from './definition';
import { humanDuration } from './duration';
import { keepStatus } from './workload';

/** `Approved,Issued`, `Denied`, `Pending`. */
function condition({ status }: KubeObject): string {
  const types: string[] = (status?.conditions ?? []).map(({ type }: { type: string }) => type);
  const decided = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  return [decided, ...(types.includes('Failed') ? ['Failed'] : []), ...(status?.certificate ? ['Issued'] : [])].join(
    ',',
  );
}

/** v1beta1 had defaults where v1 demands values: pkg/apis/certificates/v1beta1/defaults.go. */
const v1beta1: ServedVersion = {
  ...legacyVersion('certificates.k8s.io', 'v1beta1', 'CertificateSigningRequest', '1.19', '1.22'),
  decode: (object) => ({
    ...object,
    apiVersion: 'certificates.k8s.io/v1',
    spec: {
      ...object['spec'],
      signerName: object['spec']?.signerName ?? 'kubernetes.io/legacy-unknown',
      usages: object['spec']?.usages ?? ['digital signature', 'key encipherment'],
    },
  }),
};

export const certificateSigningRequest: ResourceDefinition = {
  group: 'certificates.k8s.io',
  versions: [{ name: 'v1' }, v1beta1],
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  namespaced: false,
  subresources: ['approval', 'status'],
  columns: columns('Name', 'Age', 'SignerName', 'Requestor', 'RequestedDuration', 'Condition'),
  row: (object, now) => {
    const { spec } = object;
    return [
      object.metadata.name,
      age(object, now),
      spec?.signerName || '<none>',
      spec?.username ?? '',
      spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
      condition(object),
    ];
  },
  selectable: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
  prepareCreate(object, { user }) {
    const spec = (object['spec'] ??= {});
    Object.assign(spec, { username: user.name, groups: [...user.groups], ...(user.uid && { uid: user.uid }) });
    object['status'] = {};
  },
  prepareUpdate(object, old) {
    object['spec'] = old['spec'];
    keepStatus(object, old);
  },
  validate(object, errors) {
    const { request, signerName, usages } = object['spec'] ?? {};
    if (!request) errors.invalid('spec.request', '', 'PEM block type must be CERTIFICATE REQUEST');
    if (!usages?.length) errors.required('spec.usages', 'usages field is required');
    if (!signerName) errors.required('spec.signerName', 'signerName field is required');
  },
};
