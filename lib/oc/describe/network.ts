// oc describe service, endpoints, ingress, networkpolicy and route.
import { type Dyn, isEmpty } from '../object';
import { formatLabels } from '../printers/table';
import { selectorText } from '../resources/labels';
import type { Writer } from './writer';

const MAX_ENDPOINTS = 3; // shown; the rest is counted

/** The addresses of one port in all slices. */
function slicesText(slices: Dyn[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all: string[] = [];
  for (const slice of slices) {
    const ports = (slice.ports ?? []).filter((port: Dyn) => (port.name ?? '') === portName);
    for (const port of ports)
      for (const endpoint of slice.endpoints ?? [])
        if (endpoint.conditions?.ready !== false)
          for (const address of endpoint.addresses)
            all.push(address.includes(':') ? `[${address}]:${port.port}` : `${address}:${port.port}`);
  }
  const text = all.slice(0, MAX_ENDPOINTS).join(',');
  return all.length > MAX_ENDPOINTS ? `${text} + ${all.length - MAX_ENDPOINTS} more...` : text;
}

export function describeService(w: Writer, { metadata, spec, status = {} }: Dyn, slices: Dyn[]): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Selector:\t${formatLabels(spec.selector)}`).line(0, `Type:\t${spec.type}`);
  if (spec.ipFamilyPolicy) w.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  w.line(0, `IP Families:\t${spec.ipFamilies?.join(',') || '<none>'}`);
  w.line(0, `IP:\t${spec.clusterIP ?? ''}`).line(0, `IPs:\t${spec.clusterIPs?.join(',') || '<none>'}`);
  if (spec.externalIPs?.length) w.line(0, `External IPs:\t${spec.externalIPs.join(',')}`);
  if (spec.loadBalancerIP) w.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
  if (spec.externalName) w.line(0, `External Name:\t${spec.externalName}`);
  const ingress = (status.loadBalancer?.ingress ?? []).map((one: Dyn) =>
    one.ip ? `${one.ip}${one.ipMode ? ` (${one.ipMode})` : ''}` : one.hostname,
  );
  if (ingress.length > 0) w.line(0, `LoadBalancer Ingress:\t${ingress.join(', ')}`);
  for (const port of spec.ports ?? []) {
    const name = port.name || '<unset>';
    w.line(0, `Port:\t${name}\t${port.port}/${port.protocol}`).line(
      0,
      `TargetPort:\t${port.targetPort}/${port.protocol}`,
    );
    if (port.appProtocol) w.line(0, `AppProtocol:\t${port.appProtocol}`);
    if (port.nodePort) w.line(0, `NodePort:\t${name}\t${port.nodePort}/${port.protocol}`);
    w.line(0, `Endpoints:\t${slicesText(slices, port.name ?? '')}`);
  }
  w.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`);
  if (spec.externalTrafficPolicy) w.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`);
  if (spec.internalTrafficPolicy) w.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
  if (spec.healthCheckNodePort) w.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`);
  if (spec.loadBalancerSourceRanges?.length)
    w.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`);
}

export function describeEndpoints(w: Writer, { metadata, subsets = [] }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, 'Subsets:');
  const addresses = (list: Dyn[] | undefined) => (list ?? []).map((one) => one.ip).join(',') || '<none>';
  subsets.forEach((subset: Dyn, i: number) => {
    if (i > 0) w.raw('\n');
    w.line(1, `Addresses:\t${addresses(subset.addresses)}`).line(
      1,
      `NotReadyAddresses:\t${addresses(subset.notReadyAddresses)}`,
    );
    if (!isEmpty(subset.ports)) {
      w.line(1, 'Ports:').line(2, 'Name\tPort\tProtocol').line(2, '----\t----\t--------');
      for (const port of subset.ports) w.line(2, `${port.name || '<unset>'}\t${port.port}\t${port.protocol}`);
    }
  });
  w.raw('\n');
}

export function describeEndpointSlice(w: Writer, { metadata, addressType, endpoints = [], ports = [] }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `AddressType:\t${addressType}`);
  if (ports.length === 0) w.line(0, 'Ports: <unset>');
  else {
    w.line(0, 'Ports:').line(1, 'Name\tPort\tProtocol').line(1, '----\t----\t--------');
    for (const port of ports) w.line(1, `${port.name || '<unset>'}\t${port.port ?? '<unset>'}\t${port.protocol}`);
  }
  w.line(0, endpoints.length === 0 ? 'Endpoints:\t<none>' : 'Endpoints:');
  for (const endpoint of endpoints) {
    w.line(1, `- Addresses:\t${endpoint.addresses.join(',')}`).line(2, 'Conditions:');
    w.line(3, `Ready:\t${endpoint.conditions?.ready ?? '<unset>'}`);
    w.line(2, `Hostname:\t${endpoint.hostname ?? '<unset>'}`);
    if (endpoint.targetRef) w.line(2, `TargetRef:\t${endpoint.targetRef.kind}/${endpoint.targetRef.name}`);
    w.line(2, `NodeName:\t${endpoint.nodeName ?? '<unset>'}`).line(2, `Zone:\t${endpoint.zone ?? '<unset>'}`);
  }
}

export function describeIngress(
  w: Writer,
  { metadata, spec, status = {} }: Dyn,
  backend: (reference: Dyn) => string,
): void {
  w.line(0, `Name:\t${metadata.name}`).labels('Labels', metadata.labels).line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `Address:\t${(status.loadBalancer?.ingress ?? []).map((one: Dyn) => one.ip || one.hostname).join(',')}`);
  w.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
  const fallback = spec.defaultBackend ? backend(spec.defaultBackend) : '<default>';
  w.line(0, `Default backend:\t${fallback}`);
  if (spec.tls?.length) {
    w.line(0, 'TLS:');
    for (const one of spec.tls)
      w.line(
        1,
        one.secretName
          ? `${one.secretName} terminates ${(one.hosts ?? []).join(',')}`
          : `SNI routes ${(one.hosts ?? []).join(',')}`,
      );
  }
  w.line(0, 'Rules:').line(1, 'Host\tPath\tBackends').line(1, '----\t----\t--------');
  const rules = (spec.rules ?? []).filter((rule: Dyn) => rule.http);
  for (const rule of rules) {
    w.line(1, `${rule.host || '*'}\t`);
    for (const path of rule.http.paths) w.line(2, `\t${path.path ?? ''} \t${backend(path.backend)}`);
  }
  if (rules.length === 0) w.line(1, `*\t*\t${fallback}`);
  w.annotations('Annotations', metadata.annotations);
}

export function describeNetworkPolicy(w: Writer, { metadata, spec }: Dyn): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `Created on:\t${metadata.creationTimestamp.replace('T', ' ').replace('Z', ' +0000 UTC')}`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, 'Spec:');
  const selector = selectorText(spec.podSelector);
  w.line(1, `PodSelector:     ${selector || '<none> (Allowing the specific traffic to all pods in this namespace)'}`);
  const types: string[] = spec.policyTypes ?? ['Ingress'];
  direction(w, types.includes('Ingress'), 'ingress', spec.ingress, 'From');
  direction(w, types.includes('Egress'), 'egress', spec.egress, 'To');
  w.line(1, `Policy Types: ${types.join(', ')}`);
}

function direction(w: Writer, affected: boolean, word: string, rules: Dyn[] | undefined, side: 'From' | 'To'): void {
  if (!affected) {
    w.line(1, `Not affecting ${word} traffic`);
    return;
  }
  w.line(1, `Allowing ${word} traffic:`);
  if (!rules?.length) {
    w.line(2, `<none> (Selected pods are isolated for ${word} connectivity)`);
    return;
  }
  rules.forEach((rule, i) => {
    if (!rule.ports?.length) w.line(2, 'To Port: <any> (traffic allowed to all ports)');
    for (const port of rule.ports ?? [])
      w.line(2, `To Port: ${port.port ?? '<any>'}${port.endPort ? `-${port.endPort}` : ''}/${port.protocol ?? 'TCP'}`);
    const peers = rule[side.toLowerCase()];
    if (!peers?.length)
      w.line(2, `${side}: <any> (traffic not restricted by ${side === 'From' ? 'source' : 'destination'})`);
    for (const peer of peers ?? []) peerLines(w, peer, side);
    if (i !== rules.length - 1) w.line(2, '----------');
  });
}

function peerLines(w: Writer, peer: Dyn, side: string): void {
  w.line(2, `${side}:`);
  const text = (selector: Dyn) => selectorText(selector) || '<none>';
  if (peer.podSelector && peer.namespaceSelector)
    w.line(3, `NamespaceSelector: ${text(peer.namespaceSelector)}`).line(3, `PodSelector: ${text(peer.podSelector)}`);
  else if (peer.podSelector) w.line(3, `PodSelector: ${text(peer.podSelector)}`);
  else if (peer.namespaceSelector) w.line(3, `NamespaceSelector: ${text(peer.namespaceSelector)}`);
  else if (peer.ipBlock)
    w.line(3, 'IPBlock:')
      .line(4, `CIDR: ${peer.ipBlock.cidr}`)
      .line(4, `Except: ${(peer.ipBlock.except ?? []).join(', ')}`);
}

export function describeRoute(w: Writer, { metadata, spec, status = {} }: Dyn, endpoints: string): void {
  w.line(0, `Name:\t${metadata.name}`).line(0, `Namespace:\t${metadata.namespace}`);
  w.line(0, `Created:\t${w.age(metadata.creationTimestamp)} ago`);
  w.labels('Labels', metadata.labels).annotations('Annotations', metadata.annotations);
  w.line(0, `Requested Host:\t${spec.host || '<auto>'}`);
  for (const ingress of status.ingress ?? []) {
    const admitted = (ingress.conditions ?? []).find((c: Dyn) => c.type === 'Admitted');
    const host = ingress.routerCanonicalHostname ? ` (host ${ingress.routerCanonicalHostname})` : '';
    if (admitted?.status === 'True')
      w.line(0, `\t  exposed on router ${ingress.routerName}${host} ${w.age(admitted.lastTransitionTime)} ago`);
    else
      w.line(
        0,
        `\t  ${admitted ? `rejected by router ${ingress.routerName}: ${host} ${admitted.reason ?? ''}` : `not yet processed by router ${ingress.routerName}`}`,
      );
  }
  w.line(0, `Path:\t${spec.path || '<none>'}`).line(0, `TLS Termination:\t${spec.tls?.termination || '<none>'}`);
  w.line(0, `Insecure Policy:\t${spec.tls?.insecureEdgeTerminationPolicy || '<none>'}`);
  w.line(0, `Endpoint Port:\t${spec.port?.targetPort ?? '<all endpoint ports>'}`);
  const targets = [spec.to, ...(spec.alternateBackends ?? [])];
  const total = targets.reduce((sum: number, one: Dyn) => sum + (one.weight ?? 100), 0);
  for (const target of targets) {
    w.raw('\n').line(0, `Service:\t${target.name}`);
    const weight = target.weight ?? 100;
    w.line(0, `Weight:\t${weight} (${total > 0 ? Math.floor((weight * 100) / total) : 0}%)`);
    w.line(0, `Endpoints:\t${target === spec.to ? endpoints : '<none>'}`);
  }
}
