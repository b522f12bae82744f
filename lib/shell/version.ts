// Which bash this is: RHEL 8 ships 4.4, RHEL 9 ships 5.1, Debian 12 ships 5.2; prompts like `bash-4.4$` show it.
import type { Machine } from '../machine/machine';

export interface Version {
  /** `\v` of a prompt. */
  short: string;
  /** `\V`. */
  full: string;
  /** $BASH_VERSION */
  release: string;
}

const RHEL_8: Version = { short: '4.4', full: '4.4.20', release: '4.4.20(1)-release' };
const RHEL_9: Version = { short: '5.1', full: '5.1.8', release: '5.1.8(1)-release' };

const DEBIAN_12: Version = { short: '5.2', full: '5.2.15', release: '5.2.15(1)-release' };

export const bashVersion = (machine: Machine): Version => {
  if (machine.text('/etc/debian_version') !== undefined) return DEBIAN_12;
  return /release 8/.test(machine.text('/etc/redhat-release') ?? '') ? RHEL_8 : RHEL_9;
};
