// What the tools print of the network.
import { describe, expect, test } from 'vitest';
import { linksOf, routesOf } from '../interfaces';
import { path } from '../path';
import { pod, service, slice, testNetwork } from '../testing/fixture';
import { conntrackLine } from './conntrack';
import { ipAddress, ipRoute } from './ip';
import { iptablesSave } from './iptables';
import { ipvsadm } from './ipvs';

function shop(plugin: Parameters<typeof testNetwork>[0], proxyMode: 'iptables' | 'ipvs' = 'iptables') {
  const network = testNetwork(plugin, proxyMode);
  network.apply(pod('shop', 'client', { ip: '10.128.2.10' }));
  network.apply(pod('shop', 'web', { ip: '10.128.2.11', labels: { app: 'web' } }));
  network.setListener('pod/shop/web', 'TCP', 8080, '0.0.0.0', true);
  network.apply(service('shop', 'web', { ip: '172.30.10.20', targetPort: 8080, type: 'NodePort', nodePort: 30080 }));
  network.apply(service('shop', 'empty', { ip: '172.30.10.22' }));
  network.apply(
    slice('shop', 'web', 8080, [
      { ip: '10.128.2.11', node: 'worker01' },
      { ip: '10.128.4.20', node: 'worker02' },
    ]),
  );
  return network;
}

describe('ip', () => {
  const network = shop('OVNKubernetes');

  test('address', () =>
    expect(
      ipAddress(linksOf(network, 'pod/shop/client')),
    ).toBe(`1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: eth0@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP group default 
    link/ether 0a:58:0a:80:02:0a brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.128.2.10/23 brd 10.128.3.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 fe80::858:aff:fe80:20a/64 scope link 
       valid_lft forever preferred_lft forever
`));

  test('route', () =>
    expect(ipRoute(routesOf(network, 'pod/shop/client'))).toBe(`default via 10.128.2.1 dev eth0 
10.128.0.0/14 via 10.128.2.1 dev eth0 
10.128.2.0/23 dev eth0 proto kernel scope link src 10.128.2.10 
100.64.0.0/16 via 10.128.2.1 dev eth0 
169.254.0.5 via 10.128.2.1 dev eth0 
172.30.0.0/16 via 10.128.2.1 dev eth0 
`));
});

describe('iptables-save', () => {
  const text = iptablesSave(shop('Flannel'));

  test('an empty service is rejected', () =>
    expect(text).toContain(
      '-A KUBE-SERVICES -d 172.30.10.22/32 -p tcp -m comment --comment "shop/empty has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n',
    ));

  test('a service leads through its chain to its endpoints, each with its chance', () => {
    const svc = /--dport 80 -j (KUBE-SVC-[A-Z2-7]{16})\n/.exec(text)?.[1];
    const lines = text.split('\n').filter((line) => line.startsWith(`-A ${svc} -m`));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /"shop\/web -> 10\.128\.2\.11:8080" -m statistic --mode random --probability 0\.50000000000 -j KUBE-SEP-/,
    );
    expect(lines[1]).toMatch(/"shop\/web -> 10\.128\.4\.20:8080" -j KUBE-SEP-/);
    expect(text).toContain('-j DNAT --to-destination 10.128.2.11:8080\n');
    expect(text).toMatch(/-A KUBE-NODEPORTS -p tcp -m comment --comment "shop\/web" -m tcp --dport 30080 -j KUBE-EXT-/);
  });

  test('every chain that is jumped to exists', () => {
    const made = new Set([...text.matchAll(/^:(\S+)/gm)].map((match) => match[1]));
    for (const [, target] of text.matchAll(/-j (KUBE-\S+)/g)) expect(made).toContain(target);
  });

  test('OVN-Kubernetes has none of it', () => expect(iptablesSave(shop('OVNKubernetes'))).not.toContain('KUBE-SVC'));
});

describe('IPVS', () => {
  const network = shop('Flannel', 'ipvs');
  const connect = (to: string, port: number, protocol: 'TCP' | 'ICMP' = 'TCP') =>
    path(network, { from: 'pod/shop/client', to, port, protocol });

  test('lists virtual and real servers', () =>
    expect(ipvsadm(network)).toContain(`TCP  172.30.10.20:80 rr
  -> 10.128.2.11:8080             Masq    1      0          0         
  -> 10.128.4.20:8080             Masq    1      0          0         
`));

  test('takes endpoints in turn', () => {
    const seen = Array.from(
      { length: 4 },
      () => /to (10\.\S+):8080/.exec(connect('172.30.10.20', 80).hops[0]?.detail ?? '')?.[1],
    );
    expect(seen).toEqual(['10.128.2.11', '10.128.4.20', '10.128.2.11', '10.128.4.20']);
  });

  test('nodes hold the addresses: they answer pings and refuse other ports', () => {
    expect(linksOf(network, 'node/worker01').at(-1)).toMatchObject({
      name: 'kube-ipvs0',
      addresses: ['172.30.10.20/32', '172.30.10.22/32'],
    });
    expect(connect('172.30.10.20', 0, 'ICMP').verdict).toBe('delivered');
    expect(connect('172.30.10.20', 81).verdict).toBe('refused');
    expect(iptablesSave(network)).not.toContain('KUBE-SVC');
  });
});

test('conntrack shows the translation', () => {
  const network = shop('OVNKubernetes');
  network.apply(slice('shop', 'web', 8080, [{ ip: '10.128.2.11', node: 'worker01' }]));
  const query = { from: 'pod/shop/client', to: '172.30.10.20', port: 80, protocol: 'TCP', sourcePort: 40000 } as const;
  const line = conntrackLine({ query, path: path(network, query), sender: '10.128.2.10', state: 'ESTABLISHED' });
  expect(line).toBe(
    'tcp      6 431999 ESTABLISHED src=10.128.2.10 dst=172.30.10.20 sport=40000 dport=80 ' +
      'src=10.128.2.11 dst=10.128.2.10 sport=8080 dport=40000 [ASSURED] mark=0 use=1\n',
  );
});
