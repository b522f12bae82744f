// A cluster installed with each network plug-in, looked at as its administrator does: what runs, what is served, what pods see.
import { describe, expect, test } from 'vitest';
import { loadSqlWasm } from '../lib/sandbox/host/sql-wasm';
import { Sandbox } from '../lib/sandbox/sandbox';
import type { SandboxSpec } from '../lib/sandbox/spec';

loadSqlWasm();

const LIMIT_MS = 3_600_000;

async function world(spec: Partial<SandboxSpec>) {
  const sandbox = await Sandbox.make(
    {
      lab: '',
      title: '',
      seed: 7,
      now: Date.UTC(2026, 0, 1),
      profile: 'kubernetes',
      network: 'OVNKubernetes',
      workers: 2,
      clusterNetwork: '10.244.0.0/16',
      hostPrefix: 24,
      serviceNetwork: '10.96.0.0/16',
      pace: 'instant',
      variables: {},
      scripts: {},
      ...spec,
    },
    { kind: 'new' },
    {
      onBug: (error) => {
        throw error;
      },
    },
  );
  const run = async (commands: string): Promise<string> => {
    let text = '';
    const sink = {
      name: 'out',
      read: async () => null,
      write: async (bytes: Uint8Array) => void (text += new TextDecoder().decode(bytes)),
      close: () => {},
    };
    const shell = sandbox.workstation.start(['bash', '-c', commands], {
      stdout: sink,
      stderr: sink,
      env: { HOME: '/root', PATH: '/usr/bin' },
    });
    await sandbox.clock.drive(shell.exited, LIMIT_MS);
    return text;
  };
  return { run, stop: () => sandbox.stop() };
}

const TWO_PODS = `
kubectl create ns shop >/dev/null
for n in a b; do kubectl -n shop run $n --image=nicolaka/netshoot --labels=app=$n --command -- sleep 9999 >/dev/null; done
kubectl -n shop wait --for=condition=Ready pod --all --timeout=60s >/dev/null
B=$(kubectl -n shop get pod b -o jsonpath='{.status.podIP}')
`;

test.each<[Partial<SandboxSpec>, string, RegExp, string, RegExp]>([
  [
    { network: 'Flannel' },
    'kubectl -n kube-flannel get ds,cm',
    /daemonset\.apps\/kube-flannel-ds +3 +3 +3 /,
    'ip -br a',
    /^flannel\.1 .*\n(.*\n)*cni0 /m,
  ],
  [
    { network: 'Calico', hostPrefix: 26 },
    'kubectl -n calico-system get ds,deploy; kubectl get ippools,tigerastatus',
    /calico-node +3(.|\n)*calico-typha +2\/2(.|\n)*ippool\.\S+\/default-ipv4-ippool/,
    'ip r',
    /blackhole 10\.244\.\d+\.\d+\/26 proto 80/,
  ],
  [
    { network: 'Cilium' },
    'kubectl -n kube-system get ds cilium; kubectl get ciliumnodes; kubectl get cep -A',
    /cilium +3 +3 +3(.|\n)*NAME +CILIUMINTERNALIP +INTERNALIP +AGE\ncontrolplane +10\.244\.0\.1 +192\.168\.50\.10 /,
    'ip -br a',
    /cilium_host@cilium_net UP/,
  ],
  [
    { network: 'Canal' },
    'kubectl -n kube-system get ds canal kube-proxy',
    /canal +3 +3 +3(.|\n)*kube-proxy +3 /,
    'ip r',
    /10\.244\.\d+\.\d+ dev cali[0-9a-f]{11} scope link/,
  ],
  [
    { network: 'WeaveNet', clusterNetwork: '10.32.0.0/12', hostPrefix: 12 },
    'kubectl -n kube-system get ds weave-net',
    /weave-net +3 +3 +3 /,
    'ip r',
    /10\.32\.0\.0\/12 dev weave /,
  ],
  [
    { network: 'OVNKubernetes', profile: 'openshift' },
    'oc get pods -n openshift-ovn-kubernetes; oc get co network',
    /ovnkube-control-plane-\S+ +2\/2 +Running(.|\n)*ovnkube-node-\S+ +8\/8 +Running(.|\n)*network +4\.18\.6 +True/,
    'ip -br l',
    /ovn-k8s-mp0/,
  ],
  [
    { network: 'OVNKubernetes' },
    'kubectl get pods -n ovn-kubernetes',
    /ovnkube-control-plane-\S+ +2\/2 +Running(.|\n)*ovnkube-node-\S+ +8\/8 +Running/,
    'ip -br l',
    /ovn-k8s-mp0/,
  ],
  [
    { network: 'OpenShiftSDN', profile: 'openshift' },
    'oc get pods -n openshift-sdn; oc get clusternetwork,hostsubnets; oc get clusterversion',
    /sdn-\S+ +2\/2 +Running(.|\n)*redhat\/openshift-ovs-networkpolicy(.|\n)*hostsubnet\.\S+\/worker01 +worker01 +192\.168\.50\.13 +10\.244\.1\.0\/24(.|\n)*version +4\.16\./,
    'ip r',
    /10\.244\.0\.0\/16 dev tun0 scope link/,
  ],
  [
    { network: 'Kuryr', profile: 'openshift' },
    'oc get pods -n openshift-kuryr; oc get kuryrnetworks -A; oc get clusterversion',
    /kuryr-cni-\S+ +1\/1 +Running(.|\n)*shop +shop +10\.244\.\d+\.0\/24(.|\n)*version +4\.14\./,
    'ip -br l',
    /^tap[0-9a-f]{8}@if2/m,
  ],
])('%j', async (spec, look, seen, onNode, node) => {
  const { run, stop } = await world(spec);
  const out = await run(`${TWO_PODS} ${look}; kubectl -n shop exec a -- ping -c 1 $B; kubectl get pods -A`);
  expect(out).toMatch(seen);
  expect(out).toContain('1 packets transmitted, 1 received, 0% packet loss');
  expect(out).not.toMatch(/Pending|ContainerCreating|BackOff/);
  const worker = spec.profile === 'openshift' ? 'worker01' : 'node01';
  const debug = `debug node/${worker}`;
  const client = spec.profile === 'openshift' ? `oc ${debug}` : `kubectl ${debug} -qi --image=busybox`;
  const there = await run(`${client} -- chroot /host sh -c '${onNode}; ls /etc/cni/net.d'`);
  expect(there).toMatch(node);
  expect(there).toMatch(/\d\d-[a-z-]+\.conf/);
  stop();
});

describe('OpenShift SDN in multitenant mode', () => {
  test('projects are joined, isolated and opened', async () => {
    const { run, stop } = await world({ network: 'OpenShiftSDN', profile: 'openshift', sdnMode: 'Multitenant' });
    const out = await run(`
      for p in p1 p2; do oc create ns $p >/dev/null; oc -n $p run web --image=nicolaka/netshoot --command -- sh -c 'nc -lk -p 8080' >/dev/null 2>&1; done
      for p in p1 p2; do oc -n $p wait --for=condition=Ready pod/web --timeout=60s >/dev/null; done
      IP=$(oc -n p2 get pod web -o jsonpath='{.status.podIP}')
      try() { oc -n p1 exec web -- nc -z -w 1 $IP 8080 2>/dev/null && echo "$1 open" || echo "$1 closed"; }
      try first; oc adm pod-network join-projects --to=p1 p2; try joined
      oc adm pod-network isolate-projects p2; try isolated
      oc adm pod-network make-projects-global p2; try global
      oc get netnamespace p2; oc adm pod-network isolate-projects default`);
    expect(out).toMatch(
      /^first closed\njoined open\nisolated closed\nglobal open\nNAME +NETID +EGRESS IPS\np2 +0 +\nerror: network isolation for project "default" is forbidden\n$/,
    );
    stop();
  });

  test('other modes refuse it', async () => {
    const { run, stop } = await world({ network: 'OpenShiftSDN', profile: 'openshift' });
    expect(await run('oc adm pod-network isolate-projects default')).toBe(
      'error: using plugin: "redhat/openshift-ovs-networkpolicy", managing pod network is only supported for openshift multitenant network plugin\n',
    );
    stop();
  });
});

describe('Multus', () => {
  const definition = (name: string, config: object) => `
kubectl -n shop apply -f - >/dev/null <<'Y'
${JSON.stringify({ apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition', metadata: { name }, spec: { config: JSON.stringify(config) } })}
Y`;
  const attached = (name: string, networks: string) =>
    `kubectl -n shop run ${name} --image=nicolaka/netshoot --annotations=k8s.v1.cni.cncf.io/networks='${networks}' --command -- sleep 9999 >/dev/null`;

  test('second interfaces, their status, and who reaches whom', async () => {
    const { run, stop } = await world({ profile: 'openshift' });
    const out = await run(`
      kubectl create ns shop >/dev/null
      ${definition('mv', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens3', ipam: { type: 'whereabouts', range: '10.200.0.0/24', exclude: ['10.200.0.1/32'] } })}
      ${definition('br', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br9', ipam: { type: 'static', addresses: [{ address: '10.201.0.7/24' }] } })}
      ${attached('a', 'mv')}; ${attached('b', 'mv@eth5,br')}
      kubectl -n shop wait --for=condition=Ready pod --all --timeout=60s >/dev/null
      kubectl -n shop exec a -- ip -br -4 a; kubectl -n shop exec b -- ip -br -4 a
      kubectl -n shop exec a -- ping -c 1 10.200.0.3
      kubectl -n shop exec a -- ping -c 1 -W 1 10.201.0.7
      kubectl -n shop get pod b -o jsonpath='{.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/network-status}'`);
    expect(out).toMatch(/^net1@if2 +UP +10\.200\.0\.2\/24 $/m);
    expect(out).toMatch(/^eth5@if2 +UP +10\.200\.0\.3\/24 \nnet2@if2 +UP +10\.201\.0\.7\/24 $/m);
    expect(out).toMatch(/from 10\.200\.0\.3: icmp_seq=1 ttl=64 /);
    expect(out).toContain('1 packets transmitted, 0 received, 100% packet loss');
    expect(out).toMatch(/"name": "shop\/mv",\n +"interface": "eth5",\n +"ips": \[\n +"10\.200\.0\.3"/);
    stop();
  });

  test('a pod whose networks cannot be had waits, and says why', async () => {
    const { run, stop } = await world({ profile: 'openshift' });
    const out = await run(`
      kubectl create ns shop >/dev/null
      ${definition('mv', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens3', ipam: { type: 'whereabouts', range: '10.200.0.0/24' } })}
      ${attached('a', 'nowhere')}; ${attached('b', 'mv@net1,mv@net1')}
      sleep 2; kubectl -n shop get pods; kubectl -n shop get events | grep FailedCreatePodSandBox`);
    expect(out).toMatch(/a +0\/1 +ContainerCreating(.|\n)*b +0\/1 +ContainerCreating/);
    expect(out).toContain('cannot find a network-attachment-definition (nowhere) in namespace (shop)');
    expect(out).toContain('validateIfName: interface name net1 already exists');
    stop();
  });
});

test('an egress address goes to a node that may hold it', async () => {
  const { run, stop } = await world({ profile: 'openshift' });
  const out = await run(`
    kubectl create ns shop >/dev/null
    kubectl apply -f - >/dev/null <<'Y'
{"apiVersion": "k8s.ovn.org/v1", "kind": "EgressIP", "metadata": {"name": "out"},
 "spec": {"egressIPs": ["192.168.50.77"], "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}}
Y
    kubectl get eip; kubectl label node worker02 k8s.ovn.org/egress-assignable= >/dev/null; kubectl get eip
    kubectl -n shop apply -f - <<'Y'
{"apiVersion": "k8s.ovn.org/v1", "kind": "EgressFirewall", "metadata": {"name": "mine"}, "spec": {"egress": []}}
Y`);
  expect(out).toMatch(/NAME +EGRESSIPS +ASSIGNED NODE +ASSIGNED EGRESSIPS\nout +192\.168\.50\.77 +\n/);
  expect(out).toMatch(/out +192\.168\.50\.77 +worker02 +192\.168\.50\.77\n/);
  expect(out).toContain(
    `The EgressFirewall "mine" is invalid: metadata.name: Invalid value: "mine": metadata.name in body should match '^default$'`,
  );
  stop();
});

describe('addresses', () => {
  test('a dual-stack cluster', async () => {
    const { run, stop } = await world({
      clusterNetwork: '10.244.0.0/16,fd01::/48',
      serviceNetwork: '10.96.0.0/16,fd02::/112',
    });
    const out = await run(`${TWO_PODS}
      kubectl -n shop get pod b -o jsonpath='{.status.podIPs[*].ip}'; echo
      kubectl -n shop exec a -- ping -6 -c 1 $(kubectl -n shop get pod b -o jsonpath='{.status.podIPs[1].ip}')
      kubectl -n shop exec b -- sh -c 'nc -lk -p 80 >/dev/null 2>&1 &'
      kubectl -n shop expose pod b --port 80 --overrides '{"spec":{"ipFamilyPolicy":"PreferDualStack"}}' >/dev/null
      kubectl -n shop get svc b -o jsonpath='{.spec.ipFamilies} {.spec.clusterIPs}'; echo
      kubectl get ipaddress -o name | wc -l; kubectl get servicecidr`);
    expect(out).toMatch(/^10\.244\.\d+\.\d+ fd01:[0-9a-f:]+$/m);
    expect(out).toContain('1 packets transmitted, 1 received, 0% packet loss');
    expect(out).toMatch(/^\["IPv4","IPv6"\] \["10\.96\.\d+\.\d+","fd02::[0-9a-f]+"\]$/m);
    expect(out).toMatch(/kubernetes +10\.96\.0\.0\/16,fd02::\/112/);
    stop();
  });

  test.each<[string, string]>([
    [
      '"ipFamilyPolicy":"RequireDualStack"',
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    ['"ipFamilies":["IPv6"]', 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [
      '"ipFamilies":["IPv4","IPv6"]',
      `spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
    ],
    [
      '"clusterIP":"fd02::9"',
      'spec.clusterIPs[0]: Invalid value: []string{"fd02::9"}: IPv6 is not configured on this cluster',
    ],
    [
      '"clusterIP":"10.97.0.1"',
      'failed to allocate IP 10.97.0.1: the provided IP (10.97.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
    ],
    ['"clusterIP":"10.96.0.1"', 'failed to allocate IP 10.96.0.1: provided IP is already allocated'],
  ])('a service of a single-stack cluster with %s', async (field, message) => {
    const { run, stop } = await world({});
    const object = `{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{${field},"selector":{"a":"b"},"ports":[{"port":80}]}}`;
    expect(await run(`kubectl create -f - <<'Y'\n${object}\nY`)).toContain(message);
    stop();
  });

  test('a used-up service network, a used-up node, a used-up pool', async () => {
    const { run, stop } = await world({
      network: 'Flannel',
      serviceNetwork: '10.96.0.0/28',
      clusterNetwork: '10.244.0.0/26',
      hostPrefix: 28,
      workers: 1,
    });
    const out = await run(`
      for i in $(seq 1 20); do kubectl create service clusterip s$i --tcp=80 2>&1; done | tail -1
      kubectl create deployment many --image=registry.k8s.io/pause --replicas=16 >/dev/null; sleep 5
      kubectl get events | grep FailedCreatePodSandBox | head -1`);
    expect(out).toContain('Internal error occurred: failed to allocate a serviceIP: range is full');
    expect(out).toMatch(
      /plugin type="flannel" failed \(add\): failed to allocate for range 0: no IP addresses available in range set: 10\.244\.0\.\d+-10\.244\.0\.\d+/,
    );
    stop();
  });

  test('a load balancer’s address answers from outside', async () => {
    const { run, stop } = await world({ profile: 'openshift' });
    const out = await run(`${TWO_PODS}
      kubectl -n shop exec b -- sh -c 'nc -lk -p 80 >/dev/null 2>&1 &'
      kubectl -n shop expose pod b --port 80 --type LoadBalancer >/dev/null; kubectl -n shop get svc b
      nc -zv -w 2 192.168.50.200 80; kubectl -n shop describe svc b | tail -2`);
    expect(out).toMatch(/b +LoadBalancer +\S+ +192\.168\.50\.200 +80:3\d+\/TCP/);
    expect(out).toContain('Ncat: Connected to 192.168.50.200:80.');
    expect(out).toContain('Assigned IP ["192.168.50.200"]');
    stop();
  });
});
