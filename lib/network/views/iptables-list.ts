// `iptables -L` and `nft list ruleset`, made of what iptables-save prints, so that the three never differ.

interface Rule {
  chain: string;
  source: string;
  destination: string;
  protocol: string;
  target: string;
  /** Matches and target options in iptables' words. */
  details: string[];
  /** The same in nft's. */
  nft: string[];
}

export interface RuleTable {
  name: string;
  /** Chain to its policy; `-` for those that users make. */
  chains: Map<string, string>;
  rules: Rule[];
  /** As they were read. */
  lines: string[];
}

/** Reads the text of iptables-save. */
export function readTables(text: string): RuleTable[] {
  const tables: RuleTable[] = [];
  for (const line of text.split('\n')) {
    const table = tables.at(-1);
    if (line.startsWith('*')) tables.push({ name: line.slice(1), chains: new Map(), rules: [], lines: [] });
    else if (line.startsWith(':')) {
      const [name = '', policy = '-'] = line.slice(1).split(' ');
      table?.chains.set(name, policy);
    } else if (line.startsWith('-A')) {
      table?.rules.push(readRule(line));
      table?.lines.push(line);
    }
  }
  return tables;
}

function readRule(line: string): Rule {
  const words = line.match(/"[^"]*"|\S+/g) ?? [];
  const rule: Rule = {
    chain: words[1] ?? '',
    source: '',
    destination: '',
    protocol: 'all',
    target: '',
    details: [],
    nft: [],
  };
  let negated = false;
  for (let i = 2; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '!') negated = true;
    else if (word === '-m') i++;
    else if (word === '--match-set') {
      const [set = '', side = ''] = words.slice(i + 1, i + 3);
      take(rule, word, `${set} ${side}`, negated);
      i += 2;
      negated = false;
    } else if (word === '--physdev-is-bridged') rule.details.push('PHYSDEV match --physdev-is-bridged');
    else {
      const value = words[++i] ?? '';
      take(rule, word, value, negated);
      negated = false;
    }
  }
  return rule;
}

const bare = (address: string): string => address.replace(/\/32$/, '');

function take(rule: Rule, option: string, value: string, negated: boolean): void {
  const not = negated ? '!' : '';
  const unequal = negated ? '!= ' : '';
  const add = (detail: string, nft: string) => {
    if (detail) rule.details.push(detail);
    if (nft) rule.nft.push(nft);
  };
  switch (option) {
    case '-s':
      rule.source = not + bare(value);
      return add('', `ip saddr ${unequal}${bare(value)}`);
    case '-d':
      rule.destination = not + bare(value);
      return add('', `ip daddr ${unequal}${bare(value)}`);
    case '-p':
      rule.protocol = value;
      return;
    case '-i':
      return add('', `iifname ${unequal}"${value.replace('+', '*')}"`);
    case '-o':
      return add('', `oifname ${unequal}"${value.replace('+', '*')}"`);
    case '-g':
    case '-j':
      rule.target = value;
      return;
    case '--comment':
      return add(`/* ${value.replace(/"/g, '')} */`, '');
    case '--dport':
      return add(`${rule.protocol} dpt:${value}`, `${rule.protocol} dport ${value}`);
    case '--dports':
      return add(`multiport dports ${value}`, `${rule.protocol} dport { ${value.split(',').join(', ')} }`);
    case '--state':
      return add(`state ${value}`, `ct state ${value.toLowerCase()}`);
    case '--match-set':
      return add(`${not && '! '}match-set ${value}`, `xt match "set"`);
    case '--ctstate':
      return add(`ctstate ${value}`, `ct state ${value.toLowerCase()}`);
    case '--mode':
      return add(`statistic mode ${value}`, '');
    case '--probability':
      return add(`probability ${value}`, `meta random & 2147483647 < ${Math.round(Number(value) * 2 ** 31)}`);
    case '--mark':
      return add(
        `mark match ${not}${value}`,
        `mark and ${value.split('/')[1]} ${negated ? '!=' : '=='} ${value.split('/')[0]}`,
      );
    case '--set-xmark':
      return add(`MARK ${value.endsWith('/0x0') ? `xor ${value.split('/')[0]}` : `or ${value.split('/')[0]}`}`, '');
    case '--to-destination':
      return add(`to:${value}`, '');
    case '--reject-with':
      return add(`reject-with ${value}`, '');
    case '--dst-type':
      return add(`ADDRTYPE match dst-type ${value}`, `fib daddr type ${value.toLowerCase()}`);
    default:
      return add(value.startsWith('-') ? '' : `${option.replace(/^-+/, '')} ${value}`, '');
  }
}

export interface ListFormat {
  numeric: boolean;
  verbose: boolean;
  numbers: boolean;
}

/** `iptables -t TABLE -L [CHAIN]`; undefined when there is no such chain. */
export function listTable(table: RuleTable, chain: string | undefined, format: ListFormat): string | undefined {
  const names = chain === undefined ? [...table.chains.keys()] : table.chains.has(chain) ? [chain] : undefined;
  return names?.map((name) => chainText(table, name, format)).join('\n');
}

function chainText(table: RuleTable, name: string, format: ListFormat): string {
  const policy = table.chains.get(name) ?? '-';
  const references = table.rules.filter(({ target }) => target === name).length;
  const counts = format.verbose ? ' 0 packets, 0 bytes' : '';
  const title = policy === '-' ? `(${references} references)` : `(policy ${policy}${counts})`;
  const number = format.numbers ? 'num  ' : '';
  const head = format.verbose
    ? ' pkts bytes target     prot opt in     out     source               destination         '
    : 'target     prot opt source               destination         ';
  const rules = table.rules.filter((rule) => rule.chain === name).map((rule, i) => ruleText(rule, i + 1, format));
  return `Chain ${name} ${title}\n${number}${head}\n${rules.join('')}`;
}

function ruleText(
  { source, destination, protocol, target, details }: Rule,
  number: number,
  format: ListFormat,
): string {
  const anywhere = format.numeric ? '0.0.0.0/0' : 'anywhere';
  const at = (address: string) => (address || anywhere).padEnd(19);
  const lead = format.numbers ? String(number).padEnd(5) : '';
  const rest = `${at(source)}  ${at(destination)}  ${details.join(' ')}\n`;
  return format.verbose
    ? `${lead}    0     0 ${target.padEnd(9)}  ${protocol.padEnd(4)} --  *      *       ${rest}`
    : `${lead}${target.padEnd(9)}  ${protocol.padEnd(4)} --  ${rest}`;
}

const HOOKS: Record<string, string> = {
  PREROUTING: 'type nat hook prerouting priority dstnat; policy accept;',
  POSTROUTING: 'type nat hook postrouting priority srcnat; policy accept;',
  INPUT: 'type filter hook input priority filter; policy accept;',
  FORWARD: 'type filter hook forward priority filter; policy accept;',
  OUTPUT: 'type filter hook output priority filter; policy accept;',
};

/** `nft list ruleset` on a node whose iptables writes nftables. */
export function nftRuleset(tables: readonly RuleTable[]): string {
  return tables
    .map(({ name, chains, rules }) => {
      const bodies = [...chains.keys()].map((chain) => {
        const hook = HOOKS[chain] ? `\t\t${hookOf(name, chain)}\n` : '';
        const own = rules.filter((rule) => rule.chain === chain).map((rule) => `\t\t${nftRule(rule)}\n`);
        return `\tchain ${chain} {\n${hook}${own.join('')}\t}\n`;
      });
      return `# Warning: table ip ${name} is managed by iptables-nft, do not touch!\ntable ip ${name} {\n${bodies.join('\n')}}\n`;
    })
    .join('');
}

const hookOf = (table: string, chain: string): string =>
  table === 'nat' && (chain === 'INPUT' || chain === 'OUTPUT')
    ? `type nat hook ${chain.toLowerCase()} priority ${chain === 'INPUT' ? 'srcnat' : 'dstnat'}; policy accept;`
    : (HOOKS[chain] ?? '');

function nftRule({ nft, target, details }: Rule): string {
  const to = details.find((detail) => detail.startsWith('to:'))?.slice(3);
  const verdicts: Record<string, string> = {
    RETURN: 'return',
    ACCEPT: 'accept',
    DROP: 'drop',
    MASQUERADE: 'masquerade fully-random',
    DNAT: `dnat to ${to}`,
    REJECT: 'reject',
    MARK: 'meta mark set mark or 0x4000',
  };
  const verdict = verdicts[target] ?? `jump ${target}`;
  return [...nft, 'counter packets 0 bytes 0', verdict].join(' ');
}
