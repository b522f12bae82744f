// What does a database answer to a query, asked over the network with the student's own user?
import { z } from 'zod';
import { defineGrader, type Verdict } from '../lib/grading/contract';

const parameters = z.strictObject({
  from: z.string().describe('The project of the pod that asks.'),
  image: z
    .string()
    .default('registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1')
    .describe('An image with a mysql client.'),
  host: z.string(),
  port: z.number().int().default(3306),
  user: z.string(),
  password: z.string(),
  database: z.string(),
  query: z.string(),
  rows: z.array(z.array(z.string())).min(1).describe('Expected rows, in any order.'),
});

export const sql = defineGrader<z.infer<typeof parameters>>({
  name: 'sql',
  summary: 'A database reached over the network answers a query with the expected rows.',
  parameters,
  async grade(lens, { from, image, host, port, user, password, database, query, rows }) {
    const vantage = { namespace: from, image };
    const expected = `user ${user} asks database ${database} at ${host} and gets ${rows.length} row${rows.length === 1 ? '' : 's'}: ${rows.map((row) => row.join(' ')).join('; ')}`;
    const verdict = (share: number, observed: string, reason: string): Verdict => ({
      share,
      expected,
      observed,
      reason,
    });
    const probe = await lens.connect(vantage, { host, port });
    if (probe.verdict !== 'delivered') return verdict(0, `no connection: ${probe.verdict}`, probe.reason);
    const answer = await lens.exec(vantage, [
      'mysql',
      `-u${user}`,
      `-p${password}`,
      '--protocol',
      'tcp',
      '-h',
      host,
      `-P${port}`,
      '-N',
      '-B',
      database,
      '-e',
      query,
    ]);
    if (answer.code !== 0)
      return verdict(0, lastLine(answer.stderr), `the server answered: ${lastLine(answer.stderr)}`);
    const seen = answer.stdout.split('\n').filter(Boolean);
    const right = rows.filter((row) => seen.includes(row.join('\t')));
    const observed = `${seen.length} row${seen.length === 1 ? '' : 's'}${seen.length > 0 ? `: ${seen.map((line) => line.replaceAll('\t', ' ')).join('; ')}` : ''}`;
    if (right.length === rows.length && seen.length === rows.length) return verdict(1, observed, '');
    const missing = rows.find((row) => !seen.includes(row.join('\t')));
    return verdict(
      right.length / Math.max(rows.length, seen.length),
      observed,
      missing ? `the row ${missing.join(' ')} is not there` : 'there are rows that do not belong there',
    );
  },
});

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
