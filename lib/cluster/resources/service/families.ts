// Which IP families a service has: initIPFamilyFields of pkg/registry/core/service/storage/alloc.go, in its order and words.
import { Cidr, type Family, parseAddress } from '../../../network/address';
import { invalid } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { ClusterSettings, Context } from '../definition';
import { FieldErrors, GoValue } from '../validation/field-errors';

type FamilyName = 'IPv4' | 'IPv6';

const KNOWN: readonly string[] = ['IPv4', 'IPv6'];
const other = (family: string): FamilyName => (family === 'IPv4' ? 'IPv6' : 'IPv4');

/** The blocks that cluster addresses come from, the primary family's first. */
export const serviceBlocks = ({ serviceNetworks, serviceNetwork }: ClusterSettings): string[] =>
  serviceNetworks ?? [serviceNetwork];

const nameOf = (family: Family): FamilyName => (family === 6 ? 'IPv6' : 'IPv4');

const clusterFamilies = (settings: ClusterSettings): FamilyName[] =>
  serviceBlocks(settings).map((block) => nameOf(Cidr.parse(block).family));

/** Sets spec.ipFamilyPolicy and spec.ipFamilies. Throws what the API answers; what is no family at all is left to validation. */
export function settleFamilies(object: KubeObject, old: KubeObject | undefined, { settings }: Context): void {
  const { spec } = object;
  if ((spec.ipFamilies ?? []).some((family: string) => !KNOWN.includes(family))) return;
  const loose = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.['spec'].ipFamilyPolicy ?? (loose ? 'RequireDualStack' : 'SingleStack');
  spec.ipFamilies = [...(spec.ipFamilies ?? [])];
  const known = clusterFamilies(settings);
  const errors = new FieldErrors();
  if (old) release(spec, old['spec'], errors);
  checkCounts(spec, errors);
  infer(spec, known, errors);
  throwAny(object, errors);
  if (!loose) checkConfigured(spec, known, errors);
  throwAny(object, errors);
  if (spec.ipFamilies.length === 0) spec.ipFamilies = [known[0] ?? 'IPv4'];
  const wantsBoth = spec.ipFamilyPolicy !== 'SingleStack' && (loose || known.length === 2);
  if (wantsBoth && spec.ipFamilies.length === 1) spec.ipFamilies.push(other(spec.ipFamilies[0]));
}

function throwAny(object: KubeObject, { list }: FieldErrors): void {
  if (list.length > 0) throw invalid('Service', object.metadata.name, list);
}

/** Back to one stack: the second address and family go, if they were left as they were. */
function release(spec: KubeObject['spec'], before: KubeObject['spec'], errors: FieldErrors): void {
  const same = (part: string) => JSON.stringify(spec[part]) === JSON.stringify(before[part]);
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (same('clusterIPs') && spec.clusterIPs?.length > 1) spec.clusterIPs = spec.clusterIPs.slice(0, 1);
    if (same('ipFamilies') && spec.ipFamilies.length > 1) spec.ipFamilies = spec.ipFamilies.slice(0, 1);
    return;
  }
  const reduced = (part: string) => spec[part]?.length === 1 && before[part]?.length === 2;
  for (const [part, what] of [
    ['clusterIPs', 'cluster IP'],
    ['ipFamilies', 'IP family'],
  ] as const)
    if (reduced(part))
      errors.invalid(
        'spec.ipFamilyPolicy',
        spec.ipFamilyPolicy,
        `must be 'SingleStack' to release the secondary ${what}`,
      );
}

function checkCounts(spec: KubeObject['spec'], errors: FieldErrors): void {
  if (spec.ipFamilyPolicy !== 'SingleStack') return;
  const several = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (spec.clusterIPs?.length === 2)
    errors.invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, `${several} cluster IPs are specified`);
  if (spec.ipFamilies.length === 2)
    errors.invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, `${several} IP families are specified`);
}

/** An address that was asked for says which family it is. */
function infer(spec: KubeObject['spec'], known: readonly FamilyName[], errors: FieldErrors): void {
  for (const [i, ip] of ((spec.clusterIPs ?? []) as string[]).entries()) {
    const address = parseAddress(ip);
    if (!address || i < spec.ipFamilies.length) continue;
    const family = nameOf(address.family);
    if (known.includes(family)) spec.ipFamilies.push(family);
    else
      errors.invalid(
        `spec.clusterIPs[${i}]`,
        new GoValue(`[]string{${spec.clusterIPs.map((each: string) => JSON.stringify(each)).join(', ')}}`),
        `${family} is not configured on this cluster`,
      );
  }
}

function checkConfigured(spec: KubeObject['spec'], known: readonly FamilyName[], errors: FieldErrors): void {
  if (spec.ipFamilyPolicy === 'RequireDualStack' && known.length < 2)
    errors.invalid(
      'spec.ipFamilyPolicy',
      spec.ipFamilyPolicy,
      'this cluster is not configured for dual-stack services',
    );
  for (const [i, family] of (spec.ipFamilies as FamilyName[]).entries())
    if (!known.includes(family)) errors.invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster');
}
