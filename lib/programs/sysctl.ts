// sysctl and ethtool: the kernel's network settings and a device's driver.
import { kernelSettings } from '../machine/kernel';
import type { Program } from '../machine/process';
import { ownDevices } from './network/own-network';

export const sysctl: Program = async (proc) => {
  const words = proc.argv.slice(1);
  const bare = words.some((word) => /^-\w*n/.test(word) || word === '--values');
  const known = kernelSettings(proc.machine);
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
