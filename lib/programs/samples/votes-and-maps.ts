// More applications that workshops deploy: Argo's colours, Docker's voting page, OpenShift's road show, the exoplanets.

import { Errno } from '../../machine/errno';
import type { Process, Program } from '../../machine/process';
import { NameError } from '../../machine/resolve';
import { goServer, goTime, plain } from '../http/go-server';
import { splitTarget } from '../http/serve';
import { Client, ConnectFailure, Lost } from '../postgres-client/connection';
import { RespReader, requestBytes } from '../redis/resp';
import { releaseOf } from '../release';
import { bodyText, escaped, html, json } from './answers';
import { flask } from './flask';

/** argoproj/rollouts-demo: answers with its colour. */
export const rolloutsDemo: Program = async (proc) => {
  const color = releaseOf(proc, 'blue');
  await proc.complain(`${goTime(proc)} Started server on :8080\n`);
  const page = html(
    '<!DOCTYPE html>\n<html>\n<head>\n<title>Argo Rollouts Demo</title>\n</head>\n<body>\n<div id="app"></div>\n</body>\n</html>\n',
  );
  return goServer(proc, [8080], async (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/') return page;
    if (path !== '/color') return plain('404 page not found\n', 404);
    if (color.startsWith('slow-')) await proc.sleep(2000);
    return plain(`"${color.replace(/^(bad|slow)-/, '')}"`, color.startsWith('bad-') ? 500 : 200);
  });
};

const REDIS_TIMEOUT_MS = 5000;

/** dockersamples/examplevotingapp_vote: a page of two options, whose votes go into a list of redis. */
export const votingApp: Program = (proc) => {
  const options = { a: proc.env['OPTION_A'] || 'Cats', b: proc.env['OPTION_B'] || 'Dogs' };
  return flask(proc, 80, async (request) => {
    let voted = '';
    if (request.method === 'POST') {
      voted = new URLSearchParams(bodyText(request)).get('vote') ?? '';
      const id = proc.machine.random.hex(16);
      if (!(await push(proc, JSON.stringify({ voter_id: id, vote: voted }))))
        return html(
          '<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n',
          500,
        );
    }
    const button = (key: 'a' | 'b') =>
      `<button id="${key}" type="submit" name="vote" class="${key}" value="${key}"${voted === key ? ' disabled' : ''}>${escaped(options[key])}</button>\n`;
    return html(
      `<!DOCTYPE html>\n<html>\n<head>\n<title>${escaped(options.a)} vs ${escaped(options.b)}!</title>\n</head>\n<body>\n<h3>${escaped(options.a)} vs ${escaped(options.b)}!</h3>\n<form id="choice" name="form" method="POST" action="/">\n${button('a')}${button('b')}</form>\n<div id="hostname">\nProcessed by container ID ${proc.machine.hostname}\n</div>\n</body>\n</html>\n`,
    );
  });
};

async function push(proc: Process, vote: string): Promise<boolean> {
  try {
    const [address = ''] = await proc.resolve(proc.env['REDIS_HOST'] || 'redis');
    const connection = await proc.connect(address, 6379, { timeoutMs: REDIS_TIMEOUT_MS });
    try {
      await connection.write(requestBytes(['RPUSH', 'votes', vote]), proc.killed);
      await new RespReader(connection, proc.killed).reply();
      return true;
    } finally {
      connection.close();
    }
  } catch (error) {
    if (proc.killed.aborted || !(error instanceof Errno || error instanceof NameError)) throw error;
    await proc.complain(`redis.exceptions.ConnectionError: Error connecting to redis:6379. ${error.message}.\n`);
    return false;
  }
}

/** openshiftroadshow/parksmap: the page of the map. DIFFERS: it does not look for back ends. */
export const parksmap: Program = async (proc) => {
  await proc.print('Started ParksMapApplication in 4.321 seconds (JVM running for 5.012)\n');
  return goServer(proc, [8080], (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/ws/healthz/' || path === '/ws/healthz') return plain('OK');
    if (path === '/ws/backends/list') return json([]);
    return path === '/' || path === '/index.html'
      ? html(
          '<!DOCTYPE html>\n<html>\n<head>\n<title>Parks Map</title>\n</head>\n<body>\n<h1>Map Visualizer on OpenShift</h1>\n<div id="map"></div>\n</body>\n</html>\n',
        )
      : json({ status: 404, error: 'Not Found', path }, 404);
  });
};

/** openshiftroadshow/nationalparks: what it is; its data need a MongoDB, which keeps nothing here. */
export const nationalparks: Program = async (proc) => {
  await proc.print('Started NationalParksApplication in 3.876 seconds (JVM running for 4.411)\n');
  return goServer(proc, [8080], (request) => {
    const { path } = splitTarget(request.target);
    if (path === '/ws/healthz/' || path === '/ws/healthz') return plain('OK');
    if (path === '/ws/info/' || path === '/ws/info')
      return json({
        id: 'nationalparks',
        displayName: 'National Parks',
        type: 'cluster',
        center: { latitude: '47.039304', longitude: '14.505178' },
        zoom: 4,
      });
    if (path === '/ws/data/all') return json([]);
    return plain(`not supported: ${request.method} ${path}\n`, path.startsWith('/ws/data/') ? 501 : 404);
  });
};

const PLANETS: [name: string, mass: number, period: number, radius: number][] = [
  ['2M 0746+20 b', 30, 4640, 0.97],
  ['2M 2140+16 b', 20, 7340, 0.92],
  ['Kepler-22 b', 0.11, 289.86, 0.21],
  ['Proxima Centauri b', 0.004, 11.19, 0.1],
];

/** redhattraining/exoplanets: a page of planets out of a PostgreSQL database that it fills itself. */
export const exoplanets: Program = async (proc) => {
  const log = (text: string) => proc.complain(`${goTime(proc)} ${text}\n`);
  const { env } = proc;
  const target = {
    host: env['DB_HOST'] ?? '',
    port: Number(env['DB_PORT'] || 5432),
    user: env['DB_USER'] ?? '',
    database: env['DB_NAME'] ?? '',
    password: env['DB_PASSWORD'],
  };
  if (target.host !== '') {
    await log(
      `Connecting to database with: host=${target.host} port=${env['DB_PORT'] ?? ''} user=${target.user} password=${target.password ?? ''} dbname=${target.database} sslmode=require sslcert=/certs/tls.crt sslkey=/certs/tls.key`,
    );
    try {
      await sql(proc, target, 'SELECT 1');
      await log('Connected to database');
      await log('Recreating exoplanets table');
      await sql(proc, target, 'DROP TABLE IF EXISTS exoplanet');
      await sql(
        proc,
        target,
        'CREATE TABLE exoplanet (id serial primary key, name varchar(255), mass double precision, period double precision, radius double precision)',
      );
      await log('Populating exoplanet table');
      for (const [name, mass, period, radius] of PLANETS)
        await sql(
          proc,
          target,
          `INSERT INTO exoplanet (name, mass, period, radius) VALUES ('${name}', ${mass}, ${period}, ${radius})`,
        );
    } catch (error) {
      if (
        proc.killed.aborted ||
        !(error instanceof ConnectFailure || error instanceof Lost || error instanceof Refused)
      )
        throw error;
      await log(error.message);
      return 1;
    }
  } else await log('Not connected to database');
  await log('Listening on :8080');
  return goServer(proc, [8080], async (request) => {
    if (splitTarget(request.target).path === '/healthz') return plain('ok');
    await log(target.host === '' ? 'Not connected to database' : 'Fetching exoplanets');
    const rows =
      target.host === ''
        ? []
        : await sql(proc, target, 'SELECT name, mass, period, radius FROM exoplanet ORDER BY name');
    const sections = rows.map(
      ([name, mass, period, radius]) =>
        `  <section>\n    <h1>${escaped(name ?? '')}</h1>\n    <table>\n      <tr><th>Mass</th><th>Radius</th><th>Period</th></tr>\n      <tr><td>${mass}</td><td>${radius}</td><td>${period}</td></tr>\n    </table>\n  </section>\n`,
    );
    return html(
      `<!doctype html>\n<html lang="en">\n<head>\n  <title>Exoplanets</title>\n</head>\n<body>\n  <h1>Exoplanets</h1>\n${sections.join('')}</body>\n</html>\n`,
    );
  });
};

/** A statement that the database refused. */
class Refused extends Error {}

async function sql(
  proc: Process,
  target: Parameters<typeof Client.connect>[1],
  text: string,
): Promise<(string | null)[][]> {
  const client = await Client.connect(proc, target);
  try {
    let rows: (string | null)[][] = [];
    for await (const reply of client.query(text)) {
      if (reply.error) throw new Refused(`pq: ${reply.error.message}`);
      rows = reply.rows;
    }
    return rows;
  } finally {
    client.close();
  }
}
