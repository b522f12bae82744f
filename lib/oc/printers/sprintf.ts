// Go's fmt.Sprintf for the verbs that templates use.
import type { Dyn } from '../object';

export function sprintf(format: string, args: Dyn[], display: (value: Dyn) => string): string {
  let next = 0;
  const text = format.replace(/%([-+#0 ]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g, (_, flags, width, precision, verb) => {
    if (verb === '%') return '%';
    if (next >= args.length) return `%!${verb}(MISSING)`;
    const out = one(verb, args[next++], precision, display, flags);
    const size = Number(width || '0');
    if (flags.includes('-')) return out.padEnd(size);
    return out.padStart(size, flags.includes('0') ? '0' : ' ');
  });
  if (next >= args.length) return text;
  return `${text}%!(EXTRA ${args
    .slice(next)
    .map((arg) => `${goKind(arg)}=${display(arg)}`)
    .join(', ')})`;
}

const goKind = (value: Dyn): string =>
  typeof value === 'bigint'
    ? 'int'
    : typeof value === 'number'
      ? 'float64'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;

function one(
  verb: string,
  value: Dyn,
  precision: string | undefined,
  display: (value: Dyn) => string,
  flags: string,
): string {
  const wrong = () => `%!${verb}(${goKind(value)}=${display(value)})`;
  switch (verb) {
    case 'v':
      return value === null ? '<nil>' : display(value);
    case 's':
      if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return wrong();
      return value === null ? '%!s(<nil>)' : precision ? display(value).slice(0, Number(precision)) : display(value);
    case 'q':
      return JSON.stringify(String(value));
    case 'd':
      return typeof value === 'bigint' ? `${flags.includes('+') && value >= 0n ? '+' : ''}${value}` : wrong();
    case 'x':
    case 'X': {
      const hex = typeof value === 'bigint' ? value.toString(16) : Buffer.from(String(value)).toString('hex');
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    case 'f':
      return typeof value === 'number' ? value.toFixed(Number(precision ?? '6')) : wrong();
    case 't':
      return typeof value === 'boolean' ? String(value) : wrong();
    case 'T':
      return goKind(value);
    default:
      return wrong();
  }
}
