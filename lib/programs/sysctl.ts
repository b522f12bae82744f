// sysctl and ethtool: the kernel's network settings and a device's driver.
import type { Process, Program } from '../machine/process';
import { ownDevices } from './network/own-network';

/** What a node of a cluster has; pods have their own network namespace's defaults. */
function settings(proc: Process): Map<string, string> {
  const { host } = proc.machine.net;
  const isNode = host.startsWith('node/');
  return new Map([
    ['kernel.hostname', proc.machine.hostname],
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

export const sysctl: Program = async (proc) => {
  const words = proc.argv.slice(1);
  const bare = words.some((word) => /^-\w*n/.test(word) || word === '--values');
  const known = settings(proc);
  const show = (name: string, value: string) => (bare ? `${value}\n` : `${name} = ${value}\n`);
  if (words.includes('-a') || words.includes('--all')) {
    await proc.print([...known].map(([name, value]) => show(name, value)).join(''));
    return 0;
  }
  const names = words.filter((word) => !word.startsWith('-'));
  let status = 0;
  for (const word of names) {
    const [name = '', value] = word.replaceAll('/', '.').split('=');
    const found = [...known].filter(([key]) => key === name || key.startsWith(`${name}.`));
    if (value !== undefined) {
      await proc.complain(`sysctl: permission denied on key "${name}"\n`);
      status = 255;
    } else if (found.length === 0) {
      await proc.complain(`sysctl: cannot stat /proc/sys/${name.replaceAll('.', '/')}: No such file or directory\n`);
      status = 255;
    }
    if (value === undefined) await proc.print(found.map(([key, own]) => show(key, own)).join(''));
  }
  return status;
};

export const ethtool: Program = async (proc) => {
  const words = proc.argv.slice(1);
  const name = words.find((word) => !word.startsWith('-'));
  if (!name) {
    await proc.complain('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n');
    return 1;
  }
  const device = ownDevices(proc).find((one) => one.name === name);
  if (!device) {
    await proc.complain('netlink error: No such device\n');
    return 75;
  }
  const driver = device.peer
    ? 'veth'
    : /genev|vxlan|flannel/.test(name)
      ? 'vxlan'
      : /^(br-|ovn-|ovs-)/.test(name)
        ? 'openvswitch'
        : 'virtio_net';
  const bus = driver === 'virtio_net' ? '0000:00:03.0' : '';
  if (words.includes('-i') || words.includes('--driver'))
    await proc.print(
      `driver: ${driver}\nversion: 1.0\nfirmware-version: \nexpansion-rom-version: \nbus-info: ${bus}\nsupports-statistics: yes\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`,
    );
  else
    await proc.print(
      `Settings for ${name}:\n\tSupported ports: [  ]\n\tSupported link modes:   Not reported\n\tSpeed: ${device.peer ? '10000Mb/s' : 'Unknown!'}\n\tDuplex: ${device.peer ? 'Full' : 'Unknown! (255)'}\n\tAuto-negotiation: off\n\tPort: ${device.peer ? 'Twisted Pair' : 'Other'}\n\tLink detected: ${device.flags.includes('LOWER_UP') ? 'yes' : 'no'}\n`,
    );
  return 0;
};
