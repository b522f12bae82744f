// iptables, iptables-save and nft: the rules that kube-proxy or OVN-Kubernetes write on a node. They are shown, not changed.
import type { Process, Program } from '../machine/process';
import { ipSetText } from '../network/views/ip-sets';
import { iptablesSave, policyRules } from '../network/views/iptables';
import { listTable, nftRuleset, readTables } from '../network/views/iptables-list';
import { ipvsadm as ipvsText } from '../network/views/ipvs';
import { getopt } from './getopt';
import { networkOf, ownNode } from './network/own-network';

const VERSION = 'iptables v1.8.10 (nf_tables)';
const LONG = {
  'table=': 't',
  list: 'L',
  'list-rules': 'S',
  numeric: 'n',
  verbose: 'v',
  'line-numbers': 'N',
  exact: 'x',
  version: 'V',
};
/** What would change rules. */
const CHANGES =
  /^(-[ADIRFZNXPE]|--(append|delete|insert|replace|flush|zero|new-chain|delete-chain|policy|rename-chain))$/;

async function complain(proc: Process, text: string, code: number): Promise<number> {
  await proc.complain(text);
  return code;
}

/** A pod's own namespace has no rules of its own; the kernel's built-in chains are there. */
const EMPTY =
  '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n';

const rulesOf = (proc: Process): string => (ownNode(proc) ? iptablesSave(networkOf(proc), ownNode(proc)) : EMPTY);

const denied = (proc: Process): Promise<number> =>
  complain(
    proc,
    `${VERSION.replace('iptables', proc.name)}: Could not fetch rule set generation id: Permission denied (you must be root)\n`,
    4,
  );

export const iptables: Program = async (proc) => {
  if (proc.argv.includes('-V') || proc.argv.includes('--version')) {
    await proc.print(`${VERSION}\n`);
    return 0;
  }
  if (proc.uid !== 0) return denied(proc);
  if (proc.argv.some((word) => CHANGES.test(word)))
    return complain(proc, `${proc.name}: not supported: changing rules; the network plug-in writes them\n`, 3);
  const options = getopt(proc.argv, 't:L:S:nvxNw', LONG);
  const words = proc.argv.slice(1);
  const lists = words.some((word) => /^-\w*[LS]/.test(word) || word === '--list' || word === '--list-rules');
  if (!lists)
    return complain(
      proc,
      `${VERSION}: no command specified\nTry \`iptables -h' or 'iptables --help' for more information.\n`,
      2,
    );
  const flags = words.filter((word) => /^-\w+$/.test(word)).join('');
  const chain = operandAfterCommand(words);
  const name = options.get('t') ?? tableOf(words) ?? 'filter';
  const table = readTables(rulesOf(proc)).find((one) => one.name === name);
  if (!table) {
    if (['mangle', 'raw', 'security'].includes(name)) return 0;
    return complain(
      proc,
      `${VERSION}: can't initialize iptables table \`${name}': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.\n`,
      3,
    );
  }
  if (/S/.test(flags) || words.includes('--list-rules')) return showRules(proc, table, chain);
  const text = listTable(table, chain, {
    numeric: /n/.test(flags) || words.includes('--numeric'),
    verbose: /v/.test(flags) || words.includes('--verbose'),
    numbers: words.includes('--line-numbers'),
  });
  if (text === undefined) return complain(proc, `iptables: No chain/target/match by that name.\n`, 1);
  await proc.print(text);
  return 0;
};

/** The chain that may follow `-L` or `-S`. */
function operandAfterCommand(words: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === '-t' || word === '--table' || words[i - 1] === '-t' || words[i - 1] === '--table') continue;
    if (!word.startsWith('-')) return word;
  }
  return undefined;
}

function tableOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '-t' || word === '--table' || /^-\w*t$/.test(word));
  return at >= 0 ? words[at + 1] : undefined;
}

async function showRules(
  proc: Process,
  table: ReturnType<typeof readTables>[number],
  chain: string | undefined,
): Promise<number> {
  const wanted = ([name]: [string, string]) => chain === undefined || name === chain;
  const heads = [...table.chains]
    .filter(wanted)
    .map(([name, policy]) => (policy === '-' ? `-N ${name}` : `-P ${name} ${policy}`));
  if (chain !== undefined && heads.length === 0)
    return complain(proc, 'iptables: No chain/target/match by that name.\n', 1);
  const rules = table.lines.filter((line) => chain === undefined || line.startsWith(`-A ${chain} `));
  await proc.print([...heads, ...rules].map((line) => `${line}\n`).join(''));
  return 0;
}

export const iptablesSaveProgram: Program = async (proc) => {
  if (proc.uid !== 0) return denied(proc);
  const wanted = tableOf(proc.argv.slice(1));
  const tables = rulesOf(proc).split(/(?<=^COMMIT\n)/m);
  const stamp = new Date(proc.machine.clock.now())
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5 $4');
  for (const text of tables.filter((each) => each && (!wanted || each.startsWith(`*${wanted}\n`))))
    await proc.print(`# Generated by iptables-save v1.8.10 (nf_tables) on ${stamp}\n${text}# Completed on ${stamp}\n`);
  return 0;
};

/** IPv6's tables: empty where the cluster has no IPv6 services. */
export const ip6tables: Program = async (proc) => {
  if (proc.uid !== 0) return denied(proc);
  const table = readTables(EMPTY).find(({ name }) => name === (tableOf(proc.argv.slice(1)) ?? 'filter'));
  await proc.print((table && listTable(table, undefined, { numeric: true, verbose: false, numbers: false })) ?? '');
  return 0;
};

export const nft: Program = async (proc) => {
  const words = proc.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (proc.uid !== 0)
    return complain(
      proc,
      'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n',
      1,
    );
  const tables = ownNode(proc) ? readTables(iptablesSave(networkOf(proc), ownNode(proc))) : [];
  const [verb, what, family, name, chain] = words;
  if (verb === 'list' && what === 'ruleset') await proc.print(nftRuleset(tables));
  else if (verb === 'list' && what === 'tables')
    await proc.print(tables.map((table) => `table ip ${table.name}\n`).join(''));
  else if (verb === 'list' && (what === 'table' || what === 'chain')) {
    const table = tables.find((one) => one.name === name && family === 'ip');
    if (!table) return complain(proc, `Error: No such file or directory\nlist ${words.slice(1).join(' ')}\n`, 1);
    const only =
      what === 'chain' ? { ...table, chains: new Map([...table.chains].filter(([key]) => key === chain)) } : table;
    await proc.print(nftRuleset([only]));
  } else return complain(proc, `nft: not supported: ${words.join(' ') || 'interactive input'}\n`, 1);
  return 0;
};

/** `ipset list [NAME]`, `-n` names alone: what the rules of policies match. */
export const ipset: Program = async (proc) => {
  if (proc.uid !== 0) return complain(proc, 'ipset v7.11: Kernel error received: Operation not permitted\n', 1);
  const words = proc.argv.slice(1);
  const namesOnly = words.some((word) => word === '-n' || word === '-name');
  const [verb = 'help', name] = words.filter((word) => !word.startsWith('-') || word === '-L');
  if (verb !== 'list' && verb !== '-L')
    return complain(proc, `ipset: not supported: ${words.join(' ') || 'interactive input'}\n`, 1);
  const node = ownNode(proc);
  const sets = (node && policyRules(networkOf(proc), node)?.sets) || [];
  const shown = sets.filter((set) => name === undefined || set.name === name);
  if (name !== undefined && shown.length === 0)
    return complain(proc, 'ipset v7.11: The set with the given name does not exist\n', 1);
  await proc.print(namesOnly ? shown.map((set) => `${set.name}\n`).join('') : shown.map(ipSetText).join('\n'));
  return 0;
};

export const ipvsadm: Program = async (proc) => {
  if (proc.uid !== 0) return complain(proc, "Can't initialize ipvs: Permission denied (you must be root)\n", 255);
  await proc.print(ipvsText(networkOf(proc)));
  return 0;
};
