// npm run bench -- NAME: measurements of the running product, one JSON line each. Medians and quantiles in milliseconds.
import { readFileSync } from 'node:fs';
import { main, UsageError } from './arguments';
import { api } from './bench/api';
import { echo } from './bench/echo';
import { grade } from './bench/grade';
import { network } from './bench/network';
import { scale } from './bench/scale';
import { shell } from './bench/shell';
import { start } from './bench/start';

const benches: Record<string, () => Promise<object>> = { start, echo, api, scale, shell, grade, network };

await main(async () => {
  const name = process.argv.slice(2)[0] ?? '';
  const bench = benches[name];
  if (!bench) throw new UsageError(`usage: npm run bench -- ${Object.keys(benches).join('|')}`);
  const cpu = /model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  console.log(JSON.stringify({ bench: name, node: process.version, cpu, ...(await bench()) }));
  return 0;
});
