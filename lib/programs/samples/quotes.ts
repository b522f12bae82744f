// redhattraining/famous-quotes: quotations out of a MySQL database that it fills itself.
import type { Process, Program } from '../../machine/process';
import { goServer, goTime, plain } from '../http/go-server';
import type { Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { isOutside, literal, reason, withDatabase } from './database';

const VARIABLES = ['QUOTES_USER', 'QUOTES_PASSWORD', 'QUOTES_DATABASE', 'QUOTES_HOSTNAME'];
const PORT = 8000;
const QUOTES: [string, string][] = [
  ['When words fail, music speaks.', 'William Shakespeare'],
  ['Happiness depends upon ourselves.', 'Aristotle'],
  ['The secret of change is to focus all your energy not on fighting the old but on building the new.', 'Socrates'],
  ['Nothing in life is to be feared, it is only to be understood.', 'Marie Curie'],
  ['Imagination is more important than knowledge.', 'Albert Einstein'],
  ['Yesterday you said tomorrow. Just do it.', 'Shia LaBeouf'],
];

export const famousQuotes: Program = async (proc) => {
  const log = (text: string) => proc.complain(`${goTime(proc)} ${text}\n`);
  const missing = VARIABLES.filter((name) => !proc.env[name]);
  if (missing.length > 0) {
    await log(`The environment variable ${missing[0]} is not set`);
    return 1;
  }
  await log('Connecting to the database');
  try {
    await fillDatabase(proc);
  } catch (error) {
    if (!isOutside(error) || proc.killed.aborted) throw error;
    await log(`Error: unable to connect to the database: ${reason(error, proc.env['QUOTES_HOSTNAME'] ?? '')}`);
    return 1;
  }
  await log('Database connection OK');
  await log(`Starting Application\nServices:\n/\n/random\n/env\n/status`);
  return goServer(proc, [PORT], (request) => answer(proc, splitTarget(request.target).path));
};

const database = (proc: Process) => ({
  host: proc.env['QUOTES_HOSTNAME'] ?? '',
  user: proc.env['QUOTES_USER'] ?? '',
  password: proc.env['QUOTES_PASSWORD'] ?? '',
  database: proc.env['QUOTES_DATABASE'] ?? '',
});

const fillDatabase = (proc: Process): Promise<void> =>
  withDatabase(proc, database(proc), async (query) => {
    await query(
      'CREATE TABLE IF NOT EXISTS quotes (id INT AUTO_INCREMENT PRIMARY KEY, quote VARCHAR(255), author VARCHAR(255))',
    );
    const [[count] = []] = await query('SELECT COUNT(*) FROM quotes');
    if (Number(count) > 0) return;
    for (const [quote, author] of QUOTES)
      await query(`INSERT INTO quotes (quote, author) VALUES (${literal(quote)}, ${literal(author)})`);
  });

async function answer(proc: Process, path: string): Promise<Response> {
  if (path === '/env') return plain(VARIABLES.map((name) => `${name}: ${proc.env[name]}\n`).join(''));
  if (!['/', '/random', '/status'].includes(path)) return plain('404 page not found\n', 404);
  try {
    const rows = await withDatabase(proc, database(proc), (query) =>
      query('SELECT id, quote, author FROM quotes ORDER BY id'),
    );
    if (path === '/status') return plain('Database connection OK\n');
    if (path === '/random') {
      const [id, quote, author] = proc.machine.random.pick(rows);
      return plain(`${id}: ${quote}\n- ${author}\n`);
    }
    return html(
      `<h1>Quote List</h1>\n\n<ul>\n${rows.map(([id, quote, author]) => `<li>${id}: ${quote}\n- ${author}</li>\n`).join('')}</ul>\n`,
    );
  } catch (error) {
    if (!isOutside(error) || proc.killed.aborted) throw error;
    await proc.complain(`${goTime(proc)} Database error: ${reason(error, proc.env['QUOTES_HOSTNAME'] ?? '')}\n`);
    return plain('Database connection error\n', 500);
  }
}

const html = (body: string): Response => ({
  status: 200,
  headers: [['Content-Type', 'text/html; charset=utf-8']],
  body: `<html>\n<head>\n<title>Quotes</title>\n</head>\n<body>\n\n${body}\n</body>\n</html>\n`,
});
