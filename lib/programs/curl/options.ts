// curl's options, as `curl --help all` of 7.76 lists them, and which of them go without effect here.
import type { Options } from '../getopt';
import { getopt } from '../getopt';

const SHORT = 'sSo:Ow:kILm:H:d:X:fviu:A:GT:e:b:c:jNVh#460r:F:D:qgJnaRZp1x:y:Y:E:U:C:z:t:';

/** Long names to the letter, or to themselves; `=` takes a value. */
const LONG: Record<string, string> = {
  append: 'a',
  basic: 'basic',
  'cacert=': 'cacert',
  'capath=': 'capath',
  'cert=': 'E',
  'ciphers=': 'ciphers',
  compressed: 'compressed',
  'connect-timeout=': 'connect-timeout',
  'connect-to=': 'connect-to',
  'continue-at=': 'C',
  'cookie=': 'b',
  'cookie-jar=': 'c',
  'create-dirs': 'create-dirs',
  'data=': 'd',
  'data-ascii=': 'd',
  'data-binary=': 'data-binary',
  'data-raw=': 'data-raw',
  'data-urlencode=': 'data-urlencode',
  'dump-header=': 'D',
  fail: 'f',
  'fail-early': 'fail-early',
  'fail-with-body': 'fail-with-body',
  'form=': 'F',
  'form-string=': 'form-string',
  get: 'G',
  globoff: 'g',
  head: 'I',
  'header=': 'H',
  help: 'h',
  'http0.9': 'http0.9',
  'http1.0': '0',
  'http1.1': 'http1.1',
  http2: 'http2',
  include: 'i',
  insecure: 'k',
  'interface=': 'interface',
  ipv4: '4',
  ipv6: '6',
  'junk-session-cookies': 'j',
  'keepalive-time=': 'keepalive-time',
  'key=': 'key',
  'limit-rate=': 'limit-rate',
  location: 'L',
  'location-trusted': 'location-trusted',
  'max-redirs=': 'max-redirs',
  'max-time=': 'm',
  netrc: 'n',
  'no-buffer': 'N',
  'no-keepalive': 'no-keepalive',
  'no-progress-meter': 'no-progress-meter',
  'noproxy=': 'noproxy',
  'oauth2-bearer=': 'oauth2-bearer',
  'output=': 'o',
  'output-dir=': 'output-dir',
  'path-as-is': 'path-as-is',
  post301: 'post301',
  post302: 'post302',
  post303: 'post303',
  'progress-bar': '#',
  'proxy=': 'x',
  'range=': 'r',
  'referer=': 'e',
  'remote-header-name': 'J',
  'remote-name': 'O',
  'request=': 'X',
  'request-target=': 'request-target',
  'resolve=': 'resolve',
  'retry=': 'retry',
  'retry-all-errors': 'retry-all-errors',
  'retry-connrefused': 'retry-connrefused',
  'retry-delay=': 'retry-delay',
  'retry-max-time=': 'retry-max-time',
  'show-error': 'S',
  silent: 's',
  'speed-limit=': 'Y',
  'speed-time=': 'y',
  'stderr=': 'stderr',
  'tcp-nodelay': 'tcp-nodelay',
  'tls-max=': 'tls-max',
  tlsv1: '1',
  'tlsv1.2': 'tlsv1.2',
  'tlsv1.3': 'tlsv1.3',
  'trace-time': 'trace-time',
  'upload-file=': 'T',
  'url=': 'url',
  'user=': 'u',
  'user-agent=': 'A',
  verbose: 'v',
  version: 'V',
  'write-out=': 'w',
};

/** What would change the answer and is not there, by option. */
const ABSENT: Record<string, string> = {
  x: 'a proxy',
  C: 'resuming a transfer',
  E: 'client certificates',
  key: 'client certificates',
  z: 'time conditions',
  n: '.netrc',
  Z: 'transfers in parallel',
};

/** The options, or what curl says of them; both end with its pointer to the help. */
export function readOptions(argv: readonly string[]): Options | string {
  const options = getopt(argv, SHORT, LONG);
  if (options.error) {
    const option = /'([^']+)'/.exec(options.error)?.[1] ?? '';
    const dashed = option.startsWith('-') ? option : `-${option}`;
    return `option ${dashed}: ${options.error.includes('requires') ? 'requires parameter' : 'is unknown'}`;
  }
  const absent = Object.keys(ABSENT).find((name) => options.has(name));
  if (absent) return `not supported: ${ABSENT[absent]}`;
  const count = (name: string) => {
    const text = options.get(name);
    return text !== undefined && !/^\d+(\.\d+)?$/.test(text) ? text : undefined;
  };
  for (const [name, long] of [
    ['m', '-m'],
    ['connect-timeout', '--connect-timeout'],
    ['retry', '--retry'],
    ['retry-delay', '--retry-delay'],
  ] as const)
    if (count(name) !== undefined) return `option ${long}: expected a proper numerical parameter`;
  return options;
}

/** Addresses with `{a,b}`, `[1-9]`, `[001-100:2]` and `[a-z]` written out, as curl's globbing does; undefined for a bad one. */
export function globbed(url: string): string[] | undefined {
  const at = /\{([^{}]*)\}|\[([^[\]]*)\]/.exec(url);
  if (!at) return /[{}]/.test(url) ? undefined : [url];
  const before = url.slice(0, at.index);
  const choices = at[1] === undefined ? range(at[2] ?? '') : at[1].split(',');
  if (!choices) {
    // [::1] is an address
    if (!/^[0-9a-f:.%]+$/i.test(at[2] ?? '')) return undefined;
    return globbed(url.slice(at.index + at[0].length))?.map((rest) => before + at[0] + rest);
  }
  const rests = globbed(url.slice(at.index + at[0].length));
  return rests && choices.flatMap((choice) => rests.map((rest) => before + choice + rest));
}

const MOST = 10_000; // addresses of one pattern

function range(text: string): string[] | undefined {
  const [, from = '', to = '', step = '1'] = /^(\d+|[a-zA-Z])-(\d+|[a-zA-Z])(?::(\d+))?$/.exec(text) ?? [];
  const isNumber = /^\d+$/.test(from) && /^\d+$/.test(to);
  if (!from || Number(step) < 1 || isNumber !== /^\d/.test(from)) return undefined;
  const [first, last] = isNumber ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  if (first > last || (last - first) / Number(step) > MOST) return undefined;
  const list: string[] = [];
  for (let n = first; n <= last; n += Number(step))
    list.push(isNumber ? String(n).padStart(from.startsWith('0') ? from.length : 0, '0') : String.fromCharCode(n));
  return list;
}
