// The kernel under all machines: its release, the processors and the memory, its settings (sysctl).
import type { NetStack } from './net';

/** OpenShift 4.18's RHEL CoreOS. */
export const KERNEL = '5.14.0-427.50.1.el9_4.x86_64';
export const BUILT = '#1 SMP PREEMPT_DYNAMIC Wed Dec 18 13:37:54 EST 2024';
export const PROCESSORS = 4;
export const MEMORY_KB = 8_008_152; // an 8 GiB machine
/** What a process takes; none here weighs what it would. */
export const RESIDENT_KB = 4096;

/** How the memory of a machine is used, in kB, as free and /proc/meminfo tell. */
export function memoryUse({ processes }: { processes: ReadonlyMap<number, unknown> }) {
  const used = 900_000 + processes.size * RESIDENT_KB;
  const cached = 2_100_000;
  return { total: MEMORY_KB, used, cached, free: MEMORY_KB - used - cached, available: MEMORY_KB - used - 300_000 };
}

/** Settings by name, `net.ipv4.ip_forward`. A node of a cluster forwards; pods have their own network namespace's defaults. */
export function kernelSettings({ hostname, net: { host } }: { hostname: string; net: NetStack }): Map<string, string> {
  const isNode = host.startsWith('node/');
  return new Map([
    ['kernel.hostname', hostname],
    ['kernel.osrelease', KERNEL],
    ['kernel.ostype', 'Linux'],
    ['kernel.pid_max', '4194304'],
    ['net.core.somaxconn', '4096'],
    ['net.ipv4.conf.all.forwarding', isNode ? '1' : '0'],
    ['net.ipv4.conf.all.rp_filter', isNode ? '2' : '0'],
    ['net.ipv4.icmp_echo_ignore_all', '0'],
    ['net.ipv4.ip_default_ttl', '64'],
    ['net.ipv4.ip_forward', isNode ? '1' : '0'],
    ['net.ipv4.ip_local_port_range', '32768\t60999'],
    ['net.ipv4.ip_nonlocal_bind', '0'],
    ['net.ipv4.ip_unprivileged_port_start', host.startsWith('pod/') ? '0' : '1024'],
    ['net.ipv4.ping_group_range', host.startsWith('pod/') ? '0\t2147483647' : '1\t0'],
    ['net.ipv4.tcp_fin_timeout', '60'],
    ['net.ipv4.tcp_keepalive_time', '7200'],
    ['net.ipv4.tcp_syn_retries', '6'],
    ['net.ipv4.tcp_syncookies', '1'],
    ['net.ipv6.bindv6only', '0'],
    ['net.ipv6.conf.all.disable_ipv6', '0'],
    ['net.ipv6.conf.all.forwarding', isNode ? '1' : '0'],
    ...(isNode
      ? ([
          ['net.bridge.bridge-nf-call-iptables', '1'],
          ['net.netfilter.nf_conntrack_max', '262144'],
          ['net.netfilter.nf_conntrack_tcp_timeout_established', '432000'],
          ['net.netfilter.nf_conntrack_udp_timeout', '30'],
          ['net.netfilter.nf_conntrack_udp_timeout_stream', '120'],
        ] as [string, string][])
      : []),
  ]);
}
