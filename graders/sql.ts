// What does a database answer to a query, asked over the network with the student's own user?
import { z } from 'zod';
import { defineGrader, type Lens } from '../lib/grading/contract';
import { brief, count, describe, isNowhere, name, placeOf, port, vantage } from './parameters';

const parameters = z.strictObject({
  from: vantage,
  host: name,
  port: port.default(3306),
  user: name,
  password: z.string(),
  database: name,
  query: z.string(),
  rows: z
    .array(z.array(z.string()))
    .min(1)
    .optional()
    .describe('Expected rows, in any order. Without: that it is answered.'),
});
type Parameters = z.infer<typeof parameters>;

const CLIENT = 'registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1';

export const sql = defineGrader<Parameters>({
  name: 'sql',
  summary: 'A MySQL database, reached over the network, answers a query with the expected rows.',
  example: {
    from: 'shop',
    host: 'db',
    user: 'ann',
    password: '{{password}}',
    database: 'items',
    query: 'select 1',
    rows: [['1']],
  },
  parameters,
  expects({ user, database, host, rows }, not) {
    const answer = rows ? `${count(rows.length, 'row')}: ${rows.map((row) => row.join(' ')).join('; ')}` : 'an answer';
    return `user ${user} asks database ${database} at ${host} and gets ${not ? 'not ' : ''}${answer}`;
  },
  async look(lens, given) {
    const { from, host, port, rows } = given;
    const probe = await lens.connect(placeOf(from), { host, port });
    if (probe.verdict !== 'delivered')
      return {
        holds: 0,
        observed: `no connection from ${describe(from)}: ${probe.verdict}`,
        why: probe.reason,
        moot: isNowhere(probe.reason),
      };
    const answer = await ask(lens, given);
    if (answer.code === 124)
      return { holds: 0, observed: 'the server does not answer', why: 'what listens there does not speak MySQL' };
    if (answer.code !== 0) {
      const said = lastLine(answer.stderr);
      return { holds: 0, observed: said, why: `the server answered: ${said}` };
    }
    const seen = answer.stdout.split('\n').filter(Boolean);
    const observed = `${count(seen.length, 'row')}${seen.length > 0 ? `: ${brief(seen.map((line) => line.replaceAll('\t', ' ')).join('; '))}` : ''}`;
    return rows ? compare(rows, seen, observed) : { holds: 1, observed, why: '' };
  },
});

function ask(lens: Lens, { from, host, port, user, password, database, query }: Parameters) {
  const place = placeOf(from);
  const there =
    typeof place === 'object' && 'namespace' in place && !('pod' in place) && !('selector' in place)
      ? { ...place, image: CLIENT }
      : place;
  const options = [`-u${user}`, `-p${password}`, '--protocol', 'tcp', '-h', host, `-P${port}`, '-N', '-B', database];
  return lens.exec(there, ['mysql', ...options, '-e', query]);
}

/** A row that is expected twice has to be there twice. */
function compare(rows: string[][], seen: string[], observed: string) {
  const left = [...seen];
  const missing = rows.filter((row) => {
    const at = left.indexOf(row.join('\t'));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return {
    holds: (rows.length - missing.length) / Math.max(rows.length, seen.length),
    observed,
    why: missing[0] ? `the row ${missing[0].join(' ')} is not there` : 'there are rows that do not belong there',
  };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
