// The name of an address: /etc/hosts, then a PTR question to the machine's name server, as getnameinfo(3) does.
import type { Process } from '../../machine/process';
import { parseAddress } from '../../network/address';
import { parseResolvConf } from '../../network/resolver';
import { askDns } from '../dns-query';

const TIMEOUT_MS = 5000; // of resolv.conf's default, one try

export async function reverseName(proc: Process, address: string): Promise<string | undefined> {
  const local = namesInHosts(proc).find(([own]) => own === address)?.[1];
  if (local) return local;
  const { nameservers } = parseResolvConf(proc.machine.text('/etc/resolv.conf') ?? '');
  const [server] = nameservers;
  if (!server) return undefined;
  const outcome = await askDns(proc, { server, name: reverseZone(address), type: 'PTR', timeoutMs: TIMEOUT_MS });
  if ('failed' in outcome) return undefined;
  const answer = outcome.reply.answers?.find(({ type }) => type === 'PTR') as { data?: string } | undefined;
  return answer?.data?.replace(/\.$/, '');
}

const namesInHosts = (proc: Process): string[][] =>
  (proc.machine.text('/etc/hosts') ?? '').split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));

/** The name that a question for the name of an address asks for. */
export function reverseZone(text: string): string {
  const address = parseAddress(text);
  if (address?.family === 6) {
    const digits = address.value.toString(16).padStart(32, '0');
    return `${[...digits].reverse().join('.')}.ip6.arpa`;
  }
  return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
}
