// socat's addresses: what stands before the first colon, its operands, and options behind commas.

export interface Address {
  kind: 'stdio' | 'connect' | 'listen' | 'datagrams' | 'datagram-listen' | 'command' | 'file';
  host: string;
  /** A port's number or a service's name. */
  port: string;
  version: 0 | 4 | 6;
  /** A command's words, or a file's path. */
  words: string[];
  options: Map<string, string>;
}

/** What is wrong with an address, in socat's words. */
export class AddressError extends Error {}

const KINDS: Record<string, [kind: Address['kind'], version: Address['version']]> = {
  '-': ['stdio', 0],
  STDIO: ['stdio', 0],
  STDIN: ['stdio', 0],
  STDOUT: ['stdio', 0],
  TCP: ['connect', 0],
  TCP4: ['connect', 4],
  TCP6: ['connect', 6],
  'TCP-CONNECT': ['connect', 0],
  'TCP4-CONNECT': ['connect', 4],
  'TCP6-CONNECT': ['connect', 6],
  'TCP-LISTEN': ['listen', 4],
  'TCP-L': ['listen', 4],
  'TCP4-LISTEN': ['listen', 4],
  'TCP6-LISTEN': ['listen', 6],
  UDP: ['datagrams', 0],
  UDP4: ['datagrams', 4],
  UDP6: ['datagrams', 6],
  'UDP-CONNECT': ['datagrams', 0],
  'UDP4-CONNECT': ['datagrams', 4],
  'UDP-SENDTO': ['datagrams', 0],
  'UDP4-SENDTO': ['datagrams', 4],
  'UDP-LISTEN': ['datagram-listen', 4],
  'UDP-L': ['datagram-listen', 4],
  'UDP4-LISTEN': ['datagram-listen', 4],
  EXEC: ['command', 0],
  SYSTEM: ['command', 0],
  OPEN: ['file', 0],
  GOPEN: ['file', 0],
  CREATE: ['file', 0],
  FILE: ['file', 0],
};
/** Known, and real, but of things that are not there. */
const ABSENT =
  /^(OPENSSL|SSL|UNIX|ABSTRACT|PTY|TUN|PROXY|SOCKS4|SOCKS4A|SOCKS5|IP|IP4|IP6|PIPE|READLINE|SCTP|VSOCK|SHELL|INTERFACE|UDPLITE|DCCP|POSIXMQ)\b/;
const OPTIONS = new Set(
  'fork reuseaddr so-reuseaddr reuseport bind keepalive so-keepalive nodelay tcp-nodelay nonblock stderr pty setsid sigint sane ctty crnl crlf cr max-children backlog connect-timeout retry interval forever range pf ipv6only append creat create trunc rdonly wronly rdwr shut-none shut-down null-eof ignoreeof su user mode'.split(
    ' ',
  ),
);

export function parseAddress(text: string): Address {
  const [main = '', ...rest] = split(text, ',');
  const options = new Map<string, string>();
  for (const option of rest) {
    const [name = '', value = ''] = option.split(/=(.*)/s);
    if (!OPTIONS.has(name.toLowerCase())) throw new AddressError(`parseopts_table(): unknown option "${name}"`);
    options.set(name.toLowerCase(), value);
  }
  const [name = '', ...operands] = main.startsWith('/') || main.startsWith('./') ? ['FILE', main] : split(main, ':');
  const known = KINDS[name.toUpperCase()];
  if (!known && ABSENT.test(name.toUpperCase())) throw new AddressError(`not supported: addresses of ${name}`);
  if (!known) throw new AddressError(`unknown device/address "${name}"`);
  const [kind, version] = known;
  const wanted = { stdio: 0, connect: 2, listen: 1, datagrams: 2, 'datagram-listen': 1, command: 1, file: 1 }[kind];
  const joined = kind === 'command' || kind === 'file' ? [operands.join(':')] : operands;
  if (joined.length !== wanted || joined.includes(''))
    throw new AddressError(`${name}: wrong number of parameters (${operands.length} instead of ${wanted})`);
  const [first = '', second = ''] = joined;
  const words = name.toUpperCase() === 'SYSTEM' ? ['sh', '-c', unquoted(first)] : split(first, ' ').filter(Boolean);
  return {
    kind,
    host: wanted === 2 ? first.replace(/^\[|\]$/g, '') : (options.get('bind') ?? ''),
    port: wanted === 2 ? second : first,
    version: /^6|^ip6$/i.test(options.get('pf') ?? '') ? 6 : version,
    words: kind === 'file' ? [first] : words,
    options,
  };
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/s, '$2');

/** Cuts at a separator outside of quotes and brackets, which socat takes off. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let quote = '';
  const add = (c: string) => {
    parts[parts.length - 1] += c;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && i + 1 < text.length) add(c + text.charAt(++i));
    else if (quote) {
      if (c === quote || (quote === ']' && c === ']')) quote = '';
      add(c);
    } else if (c === '"' || c === "'" || c === '[') {
      quote = c === '[' ? ']' : c;
      add(c);
    } else if (c === separator) parts.push('');
    else add(c);
  }
  return separator === ' ' ? parts.map(unquoted) : parts;
}
