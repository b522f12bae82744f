// The commands that show a machine's network, on a small cluster: all of them must tell the one truth that decides connections.
import { describe, expect, test } from 'vitest';
import { FileSystem, imageFiles, Mounts, toBytes, toText } from '../machine/fs';
import { binary, Machine } from '../machine/machine';
import { Fabric, NetStack } from '../machine/net';
import { DEVICES } from '../machine/rootfs';
import type { CniName } from '../network/cni/contract';
import { pod, service, slice, testNetwork } from '../network/testing/fixture';
import { Clock } from '../sim/clock';
import { Random } from '../sim/random';
import { programs } from './index';

const ADDRESSES: Record<string, string> = {
  client: '10.128.2.10',
  near: '10.128.2.11',
  far: '10.128.4.20',
  shut: '10.128.4.21',
};

/** Pods on two nodes; `near` and `far` answer on 8080, `shut` is closed by a policy. */
function world(plugin: CniName = 'OVNKubernetes', mode: 'iptables' | 'ipvs' = 'iptables') {
  const clock = new Clock(Date.UTC(2026, 0, 1));
  const network = testNetwork(plugin, mode);
  const fabric = new Fabric(network, clock);
  for (const [name, ip] of Object.entries(ADDRESSES)) {
    const node = name === 'client' || name === 'near' ? 'worker01' : 'worker02';
    network.apply(pod('shop', name, { ip, node, labels: { app: name } }));
  }
  network.apply(service('shop', 'web', { ip: '172.30.10.20', selector: { app: 'far' }, port: 80, targetPort: 8080 }));
  network.apply(slice('shop', 'web', 8080, [{ ip: '10.128.4.20', node: 'worker02' }]));
  network.apply({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'shut' } }, policyTypes: ['Ingress'] },
  });
  const files = imageFiles({
    ...Object.fromEntries([...programs.keys()].map((name) => [`/usr/bin/${name}`, binary(name)])),
    ...DEVICES,
    '/etc/hosts': '10.128.4.20 far\n10.128.4.21 shut\n172.30.10.20 web\n',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
    '/tmp': null,
  });
  const machine = (id: string, addresses: string[]): Machine =>
    new Machine({
      id,
      hostname: id.split('/').at(-1) ?? id,
      clock,
      random: new Random(3),
      mounts: new Mounts(new FileSystem(files, undefined, () => clock.now())),
      net: new NetStack(fabric, id, () => addresses),
      programs,
      initDies: true,
      onBug: (error) => {
        throw error;
      },
    });
  const machines = Object.fromEntries(
    Object.entries(ADDRESSES).map(([name, ip]) => [name, machine(`pod/shop/${name}`, [ip])]),
  );
  machines['node'] = machine('node/worker01', ['192.168.50.11']);
  for (const name of ['near', 'far', 'shut'])
    machines[name]?.start(['web'], {
      program: async (proc) => {
        const listener = proc.listen(8080);
        for (let c = await listener.accept(); c; c = await listener.accept()) {
          const asked = await c.read();
          if (asked) await c.write(toBytes('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n'));
          c.close();
        }
        return 0;
      },
    });
  /** Runs lines on several machines at the same time. */
  const together = async (...lines: [from: string, line: string, uid?: number][]) => {
    await clock.settle();
    const started = lines.map(([from, line, uid = 0]) => {
      const seen = { out: '', err: '' };
      const sink = (key: 'out' | 'err') => ({
        name: key,
        read: async () => null,
        write: async (bytes: Uint8Array) => void (seen[key] += toText(bytes)),
        close: () => {},
      });
      const proc = machines[from]?.start(['bash', '-c', line], { stdout: sink('out'), stderr: sink('err'), uid });
      if (!proc) throw new Error(`no machine ${from}`);
      return { seen, proc };
    });
    const codes = await clock.drive(Promise.all(started.map(({ proc }) => proc.exited)), 3_600_000);
    return started.map(({ seen }, i) => ({ code: codes[i]?.code, ...seen }));
  };
  const run = async (from: string, line: string, uid = 0) => {
    const [done] = await together([from, line, uid]);
    if (!done) throw new Error('nothing ran');
    return done;
  };
  return { run, together, network, clock };
}

describe('ip', () => {
  test.each<[string, number, string]>([
    [
      'ip -br -4 a',
      0,
      'lo               UNKNOWN        127.0.0.1/8 \neth0@if8         UP             10.128.2.10/23 \n',
    ],
    [
      'ip -o -4 addr show eth0',
      0,
      '2: eth0    inet 10.128.2.10/23 brd 10.128.3.255 scope global eth0\\       valid_lft forever preferred_lft forever\n',
    ],
    ['ip r get 10.128.4.20', 0, '10.128.4.20 via 10.128.2.1 dev eth0 src 10.128.2.10 uid 0 \n    cache \n'],
    ['ip route get 10.128.2.11', 0, '10.128.2.11 dev eth0 src 10.128.2.10 uid 0 \n    cache \n'],
    ['ip route get 10.128.2.10', 0, 'local 10.128.2.10 dev lo src 10.128.2.10 uid 0 \n    cache <local> \n'],
    ['ip route show default', 0, 'default via 10.128.2.1 dev eth0 \n'],
    ['ip rule', 0, '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n'],
    ['ip neigh', 0, '10.128.2.1 dev eth0 lladdr 0a:58:0a:80:02:01 REACHABLE \n'],
    ['ip addr show dev eth9', 1, 'Device "eth9" does not exist.\n'],
    ['ip nonsense', 1, 'Object "nonsense" is unknown, try "ip help".\n'],
    ['ip address nonsense', 255, 'Command "nonsense" is unknown, try "ip address help".\n'],
    ['ip link set eth0 down', 2, 'RTNETLINK answers: Operation not permitted\n'],
    ['ip -6 route get 2001:db8::1', 2, 'RTNETLINK answers: Network is unreachable\n'],
    ['busybox-ip route get 10.128.4.20', 0, '10.128.4.20 via 10.128.2.1 dev eth0  src 10.128.2.10 \n'],
  ])('%s', async (line, code, text) => {
    const { out, err, ...rest } = await world().run('client', line);
    expect({ ...rest, text: out + err }).toEqual({ code, text });
  });

  test('JSON says the same', async () => {
    const { out } = await world().run('client', 'ip -j addr show eth0');
    expect(JSON.parse(out)[0]).toMatchObject({
      ifname: 'eth0',
      mtu: 1400,
      operstate: 'UP',
      addr_info: [{ family: 'inet', local: '10.128.2.10', prefixlen: 23 }, { family: 'inet6' }],
    });
  });

  test('the pod’s other end is the device that its node shows', async () => {
    const { run } = world();
    const [, number] = /@if(\d+)/.exec((await run('client', 'ip link show eth0')).out) ?? [];
    expect((await run('node', 'ip link')).out).toMatch(new RegExp(`^${number}: [0-9a-f]{15}@if2: `, 'm'));
  });
});

describe('ping and traceroute', () => {
  test.each<[string, string, number, RegExp]>([
    [
      'ping -c 2 10.128.2.11',
      'client',
      0,
      /icmp_seq=2 ttl=64 time=.*\n\n--- 10\.128\.2\.11 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1000ms\nrtt min\/avg\/max\/mdev = /,
    ],
    [
      'ping -c 1 far',
      'client',
      0,
      /^PING far \(10\.128\.4\.20\) 56\(84\) bytes of data\.\n64 bytes from far \(10\.128\.4\.20\): icmp_seq=1 ttl=62 /,
    ],
    [
      'ping -c 2 shut',
      'client',
      1,
      /^PING shut .*\n\n--- shut ping statistics ---\n2 packets transmitted, 0 received, 100% packet loss, time \d+ms\n\n$/,
    ],
    [
      'ping -c 1 10.128.3.9',
      'client',
      1,
      /From 10\.128\.2\.10 icmp_seq=1 Destination Host Unreachable\n(.|\n)*\+1 errors, 100% packet loss/,
    ],
    ['ping -c 1 2001:db8::1', 'client', 2, /^ping: connect: Network is unreachable\n$/],
    ['ping -c 0 10.128.2.11', 'client', 1, /^ping: invalid argument: '0': out of range: 1 <= value/],
    ['ping -c 1 nowhere', 'client', 2, /^ping: nowhere: Temporary failure in name resolution\n$/],
    [
      'busybox-ping -c 1 far',
      'client',
      0,
      /^PING far \(10\.128\.4\.20\): 56 data bytes\n64 bytes from 10\.128\.4\.20: seq=0 ttl=62 time=[\d.]+ ms\n\n--- far ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min\/avg\/max = /,
    ],
    ['busybox-ping -c 1 nowhere', 'client', 1, /^ping: bad address 'nowhere'\n$/],
    [
      'traceroute -n 10.128.4.20',
      'client',
      0,
      /^traceroute to 10\.128\.4\.20 \(10\.128\.4\.20\), 30 hops max, 60 byte packets\n 1 {2}10\.128\.2\.1 {2}.*\n 2 {2}100\.88\.0\.4 {2}.*\n 3 {2}10\.128\.4\.20 {2}[\d.]+ ms {2}[\d.]+ ms {2}[\d.]+ ms\n$/,
    ],
    ['traceroute -n -m 4 10.128.4.21', 'client', 0, / 3 {2}\* \* \*\n 4 {2}\* \* \*\n$/],
    [
      'tracepath 10.128.2.11',
      'client',
      0,
      / 1\?: \[LOCALHOST\] {22}pmtu 1400\n 1: {2}10\.128\.2\.11 .*reached\n {5}Resume: pmtu 1400 hops 1 back 1 \n$/,
    ],
  ])('%s', async (line, from, code, text) => {
    const { out, err, ...rest } = await world().run(from, line);
    expect(rest).toEqual({ code });
    expect(out + err).toMatch(text);
  });

  test('Ctrl-C ends it with its statistics', async () => {
    const { out, code } = await world().run('client', 'ping 10.128.2.11 & sleep 2.5; kill -INT $!; wait');
    expect(out).toContain('3 packets transmitted, 3 received, 0% packet loss');
    expect(code).toBe(0);
  });
});

describe('sockets', () => {
  test('ss and netstat show who listens', async () => {
    const { run } = world();
    expect((await run('far', 'ss -tlnp')).out).toBe(
      'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess                   \n' +
        'LISTEN 0      128          0.0.0.0:8080      0.0.0.0:*   users:(("web",pid=1,fd=3))\n',
    );
    expect((await run('far', 'netstat -tlnp')).out).toBe(
      'Active Internet connections (only servers)\n' +
        'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    \n' +
        'tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      1/web               \n',
    );
  });

  test('an open connection stands on both sides, with its own addresses', async () => {
    const { run } = world();
    const held = 'sleep 5 | nc web 80 & sleep 1; ss -tn; kill %1';
    expect((await run('client', held)).out).toMatch(/ESTAB +0 +0 +10\.128\.2\.10:\d+ +172\.30\.10\.20:80 /);
    const other = await run('client', 'sleep 5 | nc web 80 & sleep 1; ss -tn state established dport = :80 | tail -1');
    expect(other.out).toMatch(/^0 +0 +10\.128\.2\.10:\d+ +172\.30\.10\.20:80 /);
  });

  test('a refusal and a time-out look different', async () => {
    const { run } = world();
    expect((await run('client', 'telnet far 81')).err).toBe(
      'telnet: connect to address 10.128.4.20: Connection refused\n',
    );
    expect((await run('client', 'telnet shut 8080')).err).toBe(
      'telnet: connect to address 10.128.4.21: Connection timed out\n',
    );
    expect((await run('client', 'busybox-telnet far 81')).err).toBe(
      "telnet: can't connect to remote host (10.128.4.20): Connection refused\n",
    );
  });

  test('nmap tells open, closed and filtered', async () => {
    const { run } = world();
    expect((await run('client', 'nmap -n -p 8080-8081 10.128.4.20')).out).toMatch(
      /^Starting Nmap 7\.95 .*\nNmap scan report for 10\.128\.4\.20\nHost is up \(0\.\d+s latency\)\.\n\nPORT {5}STATE {2}SERVICE\n8080\/tcp open {3}http-proxy\n8081\/tcp closed unknown\n\nNmap done: 1 IP address \(1 host up\) scanned in /,
    );
    expect((await run('client', 'nmap -Pn -n -p 8080 10.128.4.21')).out).toContain('8080/tcp filtered http-proxy\n');
    expect((await run('client', 'nmap -n -p 8080 10.128.4.21')).out).toContain('Note: Host seems down.');
  });
});

describe('tcpdump', () => {
  const capture = (where: string, args: string) =>
    `tcpdump ${args} 2>/tmp/err & sleep 1; curl -s -m 5 -o /dev/null ${where}; sleep 1; kill -INT $!; wait; cat /tmp/err >&2`;

  test('a connection through a service, as the client sees it', async () => {
    const { out, err } = await world().run('client', capture('web', '-nn -i eth0 -t tcp port 80'));
    const lines = out.trim().split('\n');
    expect(lines[0]).toMatch(
      /^IP 10\.128\.2\.10\.\d+ > 172\.30\.10\.20\.80: Flags \[S\], seq \d+, win 62720, options \[mss 1360,/,
    );
    expect(lines[1]).toMatch(/^IP 172\.30\.10\.20\.80 > 10\.128\.2\.10\.\d+: Flags \[S\.\], seq \d+, ack \d+, /);
    expect(lines[2]).toMatch(/Flags \[\.\], ack 1, /);
    expect(lines[3]).toMatch(/Flags \[P\.\], seq 1:\d+, ack 1, .*length \d+: HTTP: GET \/ HTTP\/1\.1$/);
    expect(err).toMatch(
      /^tcpdump: verbose output suppressed, .*\nlistening on eth0, link-type EN10MB \(Ethernet\), snapshot length 262144 bytes\n\d+ packets captured\n/,
    );
  });

  test('the node sees it before and after translation, and in its envelope', async () => {
    const [watched] = await world().together(
      ['node', 'tcpdump -nn -t -i any -c 12 2>/dev/null'],
      ['client', 'sleep 1; curl -s -o /dev/null web'],
    );
    const out = watched?.out ?? '';
    expect(out).toMatch(/^[0-9a-f]{15} In {2}IP 10\.128\.2\.10\.\d+ > 172\.30\.10\.20\.80: Flags \[S\]/m);
    expect(out).toMatch(/^genev_sys_6081 Out IP 10\.128\.2\.10\.\d+ > 10\.128\.4\.20\.8080: Flags \[S\]/m);
    expect(out).toMatch(
      /^ens3 {2}Out IP 192\.168\.50\.11\.\d+ > 192\.168\.50\.12\.6081: Geneve, Flags \[C\], vni 0x3, options \[8 bytes\]: IP 10\.128\.2\.10/m,
    );
  });

  test.each<[string, string, number]>([
    ['shut:8080', 'tcp[tcpflags] & (tcp-syn) != 0 and dst host 10.128.4.21', 3],
    ['far:81', 'tcp[tcpflags] == tcp-rst\\|tcp-ack', 1],
    ['far:8080', 'udp', 0],
    ['far:8080', 'not host 10.128.4.20', 0],
    ['far:8080', 'src net 10.128.4.0/24 and \\( port 80 or 8080 \\) and tcp[13] = 18', 1],
  ])('%s filtered by %s', async (where, filter, count) => {
    const { out } = await world().run(
      'client',
      capture(where, `-nn -t ${filter.replace(/[()&|!]/g, (c) => (filter.includes(`\\${c}`) ? c : `\\${c}`))}`),
    );
    expect(out.split('\n').filter(Boolean)).toHaveLength(count);
  });

  test('a capture file is read back', async () => {
    const { run } = world();
    const first = await run('client', capture('far:8080', '-nn -w /tmp/a.pcap tcp'));
    expect(first.out).toBe('');
    const { out } = await run('client', 'tcpdump -nn -t -r /tmp/a.pcap 2>/dev/null');
    expect(out.split('\n')[0]).toMatch(
      /^IP 10\.128\.2\.10\.\d+ > 10\.128\.4\.20\.8080: Flags \[S\], seq \d+, win 62720, options \[mss 1360,sackOK,/,
    );
  });

  test.each<[string, number, string]>([
    ['tcpdump -i eth9', 0, 'tcpdump: eth9: No such device exists\n(No such device exists)\n'],
    [
      'tcpdump -i eth0',
      1000,
      "tcpdump: eth0: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
    ],
    ['tcpdump port', 0, "tcpdump: can't parse filter expression: syntax error\n"],
    ['tcpdump port 65536', 0, "tcpdump: can't parse filter expression: illegal port number 65536 > 65535\n"],
  ])('%s as %i', async (line, uid, err) => {
    expect(await world().run('client', line, uid)).toEqual({ code: 1, out: '', err });
  });
});

describe('translation', () => {
  test('conntrack shows a connection as sent and as answered', async () => {
    const { run } = world();
    await run('client', 'curl -s -o /dev/null web');
    const { out, err } = await run('node', 'conntrack -L -p tcp --dport 80');
    expect(out).toMatch(
      /^tcp {6}6 1\d\d TIME_WAIT src=10\.128\.2\.10 dst=172\.30\.10\.20 sport=(\d+) dport=80 src=10\.128\.4\.20 dst=10\.128\.2\.10 sport=8080 dport=\1 \[ASSURED\] mark=0 use=1\n$/,
    );
    expect(err).toBe('conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n');
  });

  test('conntrack -E follows entries, -D drops them, -S counts', async () => {
    const { run, together } = world();
    const [events] = await together(
      ['node', 'timeout -s INT 4 conntrack -E -p tcp'],
      ['client', 'sleep 1; curl -s -o /dev/null web; curl -s -o /dev/null far:81'],
    );
    const states = (events?.out ?? '')
      .split('\n')
      .map((line) => /^ *\[(\w+)\] tcp +6 \d+ ([A-Z_]+) src/.exec(line)?.slice(1));
    expect(states.filter(Boolean).map((each) => each?.join(' '))).toEqual([
      'NEW SYN_SENT',
      'UPDATE SYN_RECV',
      'UPDATE ESTABLISHED',
      'UPDATE CLOSE_WAIT',
      'UPDATE TIME_WAIT',
      'NEW SYN_SENT',
      'UPDATE CLOSE',
    ]);
    expect(events?.err).toBe('conntrack v1.4.7 (conntrack-tools): 7 flow events have been shown.\n');
    const dropped = await run('node', 'conntrack -D -p tcp --dport 80');
    expect(dropped.err).toBe('conntrack v1.4.7 (conntrack-tools): 1 flow entries have been deleted.\n');
    expect(await run('node', 'conntrack -D -p tcp --dport 80')).toMatchObject({ code: 1, out: '' });
    expect((await run('node', 'conntrack -S')).out).toMatch(/^cpu=0 {3}\tfound=0 invalid=0 insert=0 /);
  });

  test('iptables, its saved form and nft name one chain', async () => {
    const { run } = world('Flannel');
    const [, chain] =
      /-d 172\.30\.10\.20\/32 .*-j (KUBE-SVC-\w+)/.exec((await run('node', 'iptables-save -t nat')).out) ?? [];
    expect(chain).toBeDefined();
    expect((await run('node', 'iptables -t nat -L KUBE-SERVICES -n')).out).toMatch(
      new RegExp(
        `^Chain KUBE-SERVICES \\(2 references\\)\\ntarget {5}prot opt source {15}destination {9}\\n${chain}  tcp  --  0\\.0\\.0\\.0/0 {12}172\\.30\\.10\\.20 {9}/\\* shop/web cluster IP \\*/ tcp dpt:80\\n`,
      ),
    );
    expect((await run('node', 'nft list chain ip nat KUBE-SERVICES')).out).toContain(
      `ip daddr 172.30.10.20 tcp dport 80 counter packets 0 bytes 0 jump ${chain}`,
    );
    expect((await run('client', 'iptables -t nat -S')).out).toBe(
      '-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-P POSTROUTING ACCEPT\n',
    );
  });

  test('ipvsadm on a node with IPVS', async () => {
    const { run } = world('Flannel', 'ipvs');
    expect((await run('node', 'ipvsadm -Ln')).out).toContain('TCP  172.30.10.20:80 rr\n  -> 10.128.4.20:8080 ');
  });
});

describe('rules that plug-ins make of policies', () => {
  const allow = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'near', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'near' } },
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'client' } } },
            { ipBlock: { cidr: '10.9.0.0/16', except: ['10.9.1.0/24'] } },
          ],
          ports: [{ port: 80 }, { port: 8080, endPort: 8090 }, { protocol: 'UDP', port: 53 }],
        },
      ],
    },
  };

  test.each(['Calico', 'Canal'] as const)('%s: chains of Felix, and their sets', async (plugin) => {
    const { run, network } = world(plugin);
    network.apply(allow);
    const { out } = await run('node', 'iptables-save -t filter');
    const [, device] =
      /-A (cali-tw-\w+) .*-j cali-pi-_\w|-A (cali-tw-\w+) [^\n]*-j cali-pi-shop\/knp\.default\.near/.exec(out) ?? [];
    const chain = /:(cali-pi-\S*) - /.exec(out)?.[1];
    expect(device ?? chain).toBeDefined();
    expect(out).toMatch(
      /Policy shop\/knp\.default\.near ingress" -m set --match-set (cali40s:\S+) src -m multiport --dports 80,8080:8090 -j MARK --set-xmark 0x10000\/0x10000\n/,
    );
    expect(out).toMatch(
      /-s 10\.9\.0\.0\/16 -p udp [^\n]*-m set ! --match-set cali40n:\S+ src -m multiport --dports 53 /,
    );
    expect(out).not.toContain('knp.default.deny'); // selects no pod of this node
    const set = /(cali40s:\S+)/.exec(out)?.[1];
    expect((await run('node', `ipset list ${set}`)).out).toMatch(
      /^Name: cali40s:\S+\nType: hash:net\n(.*\n)*Members:\n10\.128\.2\.10\n$/,
    );
    expect((await run('node', 'iptables -L cali-FORWARD -n')).out).toContain('cali-from-wl-dispatch');
    expect((await run('client', 'iptables-save')).out).not.toContain('cali');
  });

  test('Weave: sets of what no policy selects, and a rule a pair of sets and port', async () => {
    const { run, network } = world('WeaveNet');
    network.apply(allow);
    const { out } = await run('node', 'iptables-save');
    const [, free] =
      /-A WEAVE-NPC-DEFAULT -m set --match-set (\S+) dst -m comment --comment "DefaultAllow ingress isolation for namespace: shop" -j ACCEPT/.exec(
        out,
      ) ?? [];
    const members = (await run('node', `ipset list ${free}`)).out;
    expect(members).toContain('10.128.2.10 comment "namespace: shop, pod: client"');
    expect(members).not.toContain('10.128.2.11');
    expect(out).toMatch(
      /-A WEAVE-NPC-INGRESS -p udp -m set --match-set weave-\S+ src -m set --match-set weave-\S+ dst -m udp --dport 53 /,
    );
  });

  test.each(['Flannel', 'OVNKubernetes', 'Cilium', 'Kuryr'] as const)('%s has none', async (plugin) => {
    const { run, network } = world(plugin);
    network.apply(allow);
    expect((await run('node', 'iptables-save')).out).not.toMatch(/cali|WEAVE/);
    expect((await run('node', 'ipset list')).out).toBe('');
  });

  test('OVN-Kubernetes: ACLs of port groups', async () => {
    const { run, network } = world();
    network.apply(allow);
    const groups = (await run('node', 'ovn-nbctl list port_group')).out;
    const group = /external_ids +: \{"?k8s\.ovn\.org\/name"?="shop:near"\}\nname +: (a\d+)/.exec(groups)?.[1];
    expect((await run('node', `ovn-nbctl acl-list ${group}`)).out).toMatch(
      /^ {2}to-lport {2}1001 \(\(ip4\.src == \{\$a\d+\} \|\| \(ip4\.src == 10\.9\.0\.0\/16 && ip4\.src != \{10\.9\.1\.0\/24\}\)\) && tcp && \(tcp\.dst==80 \|\| 8080<=tcp\.dst<=8090\) && outport == @a\d+\) allow-related\n/,
    );
    expect((await run('node', 'ovn-nbctl list acl')).out).toMatch(
      /action +: drop\n(.*\n)*?match +: "outport == @a\d+_ingressDefaultDeny"\n/,
    );
    expect((await run('node', 'ovn-nbctl acl-list worker01')).out).toBe(
      '  to-lport  1001 (ip4.src==10.128.2.2) allow-related\n',
    );
  });
});

test('devices with what passed them, as ports of a bridge, and as they come', async () => {
  const { run, together, network, clock } = world('Flannel');
  await run('client', 'curl -s -o /dev/null far:8080');
  expect((await run('client', 'ip -s link show eth0')).out).toMatch(
    /\n {4}RX: {2}bytes packets errors dropped {2}missed {3}mcast {11}\n +[1-9]\d* +[1-9]\d* {6}0 {7}0 {7}0 {7}0 \n {4}TX: {2}bytes packets errors dropped carrier collsns {11}\n/,
  );
  expect((await run('node', 'bridge link')).out).toMatch(
    /^\d+: veth\w+@if2: <\S+> mtu 1450 master cni0 state forwarding priority 32 cost 2 \n/,
  );
  expect((await run('node', 'bridge fdb show')).out).toMatch(/ dev flannel\.1 dst 192\.168\.50\.12 self permanent\n/);
  expect((await run('client', 'tc qdisc show dev eth0')).out).toBe('qdisc noqueue 0: dev eth0 root refcnt 2 \n');
  expect((await run('node', 'tc qdisc add dev ens3 root netem delay 1s')).err).toContain('not supported');
  clock.after(2500, () => network.apply(pod('shop', 'late', { ip: '10.128.2.12', node: 'worker01' })));
  const [watched] = await together(['node', 'timeout 5 ip monitor link']);
  expect(watched?.out).toMatch(/^\d+: veth\w+@if2: <BROADCAST,MULTICAST,UP,LOWER_UP>/);
});

test('OVN’s own tools tell of the same pods, services and nodes', async () => {
  const { run } = world();
  expect((await run('node', 'ovn-nbctl show')).out).toContain(
    '    port shop_client\n        addresses: ["0a:58:0a:80:02:0a 10.128.2.10"]\n',
  );
  expect((await run('node', 'ovn-nbctl lb-list')).out).toMatch(
    / Service_shop\/web +tcp +172\.30\.10\.20:80 +10\.128\.4\.20:8080\n/,
  );
  expect((await run('node', 'ovn-sbctl show')).out).toMatch(
    /hostname: worker02\n {4}Encap geneve\n {8}ip: "192\.168\.50\.12"/,
  );
  expect((await run('node', 'ovs-vsctl show')).out).toMatch(
    /Bridge br-int[^#]*type: geneve\n[^#]*remote_ip="192\.168\.50\.12"/,
  );
  expect((await run('node', 'ovs-ofctl dump-flows br-int table=65')).out).toMatch(
    /^ cookie=0x[0-9a-f]{8}, duration=[\d.]+s, table=65, n_packets=0, n_bytes=0, idle_age=0, priority=100,reg15=0x1,metadata=0x2 actions=output:1\n/,
  );
  expect((await run('node', 'ovs-ofctl dump-flows br-int')).out).toContain('table=0');
  expect((await run('client', 'ovn-nbctl show')).code).toBe(1);
});

test.each(['OVNKubernetes', 'Flannel', 'Calico', 'Cilium', 'Canal', 'WeaveNet', 'OpenShiftSDN', 'Kuryr'] as const)(
  'with %s, ping’s TTL and traceroute’s hops agree',
  async (plugin) => {
    const { run } = world(plugin);
    const ttl = Number(/ttl=(\d+)/.exec((await run('client', 'ping -c 1 -n far')).out)?.[1]);
    const hops = (await run('client', 'traceroute -n far')).out.trim().split('\n').length - 1;
    expect(64 - ttl + 1).toBe(hops);
  },
);

test('ovn-trace tells where a packet is given to and where it is dropped, as the path decides', async () => {
  const { run } = world();
  const trace = (to: string, more = '') =>
    run('node', `ovn-trace worker01 'inport=="shop_client" && ip4.dst==${to} && tcp && tcp.dst==8080${more}'`);
  expect((await trace('10.128.4.20')).out).toMatch(
    /^# tcp,nw_src=10\.128\.2\.10,nw_dst=10\.128\.4\.20\n\ningress\(dp="worker01", inport="shop_client"\)\n-+\n[\s\S]*egress\(dp="worker02", outport="shop_far"\)\n-+\n {4}output;\n {4}\/\* output to "shop_far", type "" \*\/\n$/,
  );
  expect((await trace('10.128.4.21')).out).toMatch(/ingress_policy: [^\n]*\n {4}drop;\n {4}\/\* dropped: /);
  expect((await trace('10.128.4.20', ' && ip4.src==10.9.9.9')).out).toContain('drop;');
  expect(await run('node', `ovn-trace worker01 'inport=="nobody" && ip4.dst==10.128.4.20'`)).toMatchObject({
    code: 1,
    err: 'ovn-trace: unknown port "nobody"\n',
  });
  expect((await run('client', 'ovn-trace x y')).code).toBe(1);
});

describe('socat and ncat', () => {
  const get = "printf 'GET / HTTP/1.0\\r\\n\\r\\n'";

  test.each<[string, number, string]>([
    [`${get} | socat - TCP:far:8080 | head -1`, 0, 'HTTP/1.1 200 OK\r\n'],
    [
      'socat TCP-LISTEN:9000,fork EXEC:/usr/bin/cat & sleep 1; echo one | socat - TCP:127.0.0.1:9000; echo two | nc 127.0.0.1 9000; kill $!',
      0,
      'one\ntwo\n',
    ],
    [
      "socat UDP-LISTEN:9001,fork SYSTEM:'tr a-z A-Z' & sleep 1; echo hi | socat -t 1 - UDP:127.0.0.1:9001; kill $!",
      0,
      'HI\n',
    ],
    [`socat TCP-LISTEN:9002,fork,reuseaddr TCP:web:80 & sleep 1; curl -s 127.0.0.1:9002; kill $!`, 0, 'ok\n'],
    ['(echo a; echo b) | socat -u - OPEN:/tmp/o,creat,trunc; cat /tmp/o', 0, 'a\nb\n'],
    [
      'ncat -lk -p 9100 -e /usr/bin/cat & sleep 0.5; for i in 1 2; do echo $i | nc 127.0.0.1 9100; done; kill $!',
      0,
      '1\n2\n',
    ],
  ])('%s', async (line, code, text) => {
    expect(await world().run('client', line)).toEqual({ code, out: text, err: '' });
  });

  test.each<[string, RegExp]>([
    ['socat - TCP:far:81', /socat\[\d+\] E connect\(5, AF=2 10\.128\.4\.20:81, 16\): Connection refused\n$/],
    ['socat - TCP:shut:8080,connect-timeout=2', /E connect\(5, .*\): Connection timed out\n$/],
    ['socat', /E exactly 2 addresses required \(there are 0\); use option "-h" for help\n$/],
    ['socat foo -', /E unknown device\/address "foo"\n$/],
    ['socat - OPENSSL:far:443', /E not supported: addresses of OPENSSL\n$/],
    ['socat - TCP:far:8080,nope', /E parseopts_table\(\): unknown option "nope"\n$/],
  ])('%s fails and says why', async (line, text) => {
    const { code, err } = await world().run('client', `${line} < /dev/null`);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(text) });
  });
});
