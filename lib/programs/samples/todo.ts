// redhattraining's to-do list: a page and a REST interface over the table Item of a MySQL database.
import type { Process, Program } from '../../machine/process';
import { goServer } from '../http/go-server';
import type { Request, Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { isOutside, literal, reason, withDatabase } from './database';

const PAGE_SIZE = 10;
const TABLE =
  'CREATE TABLE IF NOT EXISTS `Item` (`id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, `description` VARCHAR(255), `done` BIT)';
const API = /^\/(?:todo\/)?api\/(host|items)(?:\/(\d+))?\/?$/;

const json = (body: unknown, status = 200): Response => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify(body),
});

export const todo: Program = async (proc) => {
  const port = Number(proc.env['APP_PORT'] || proc.env['PORT'] || 8080);
  await proc.print(`Listening on port ${port}\n`);
  return goServer(proc, [port], async (request) => {
    try {
      return await answer(proc, request);
    } catch (error) {
      if (!isOutside(error) || proc.killed.aborted) throw error;
      const message = reason(error, database(proc).host);
      await proc.complain(`Error: ${message}\n`);
      return json({ message }, 500);
    }
  });
};

/** The names under which the exercises hand the database in. */
function database(proc: Process) {
  const first = (...names: string[]) => names.map((name) => proc.env[name]).find((value) => value);
  return {
    host: first('DATABASE_SVC', 'DATABASE_SERVICE', 'MYSQL_ENV_MYSQL_HOST', 'DATABASE_HOST') ?? 'mysql',
    user: first('DATABASE_USER', 'MYSQL_ENV_MYSQL_USER', 'MYSQL_USER') ?? '',
    password: first('DATABASE_PASSWORD', 'MYSQL_ENV_MYSQL_PASSWORD', 'MYSQL_PASSWORD') ?? '',
    database: first('DATABASE_NAME', 'MYSQL_ENV_MYSQL_DATABASE', 'MYSQL_DATABASE') ?? 'items',
  };
}

async function answer(proc: Process, request: Request): Promise<Response> {
  const { path, query } = splitTarget(request.target);
  if (path === '/' || path === '/todo/' || path === '/todo' || path === '/index.html') return page();
  const match = API.exec(path);
  if (!match) return { status: 404, headers: [['Content-Type', 'text/plain']], body: `${path} does not exist` };
  if (match[1] === 'host') return json({ ip: proc.machine.net.addresses()[0], hostname: proc.machine.hostname });
  return items(proc, request, Number(query.get('page') ?? 1), match[2]);
}

function items(proc: Process, { method, body }: Request, page: number, id: string | undefined): Promise<Response> {
  const given = parse(new TextDecoder().decode(body));
  return withDatabase(proc, database(proc), async (query) => {
    await query(TABLE);
    if (method === 'POST') {
      const set = `\`description\` = ${literal(given.description ?? '')}, \`done\` = ${given.done ? 1 : 0}`;
      const which = given.id ?? id;
      if (which) await query(`UPDATE \`Item\` SET ${set} WHERE \`id\` = ${Number(which)}`);
      else await query(`INSERT INTO \`Item\` SET ${set}`);
      return json({ description: given.description, done: given.done ?? false }, 201);
    }
    if (method === 'DELETE') {
      await query(`DELETE FROM \`Item\` WHERE \`id\` = ${Number(id)}`);
      return json({});
    }
    const where = id === undefined ? '' : ` WHERE \`id\` = ${Number(id)}`;
    const rows = await query(`SELECT \`id\`, \`description\`, \`done\`+0 FROM \`Item\`${where} ORDER BY \`id\``);
    const list = rows.map(([key, description, done]) => ({ id: Number(key), description, done: done === '1' }));
    if (id !== undefined) return list[0] ? json(list[0]) : json({ message: 'not found' }, 404);
    const from = (page - 1) * PAGE_SIZE;
    return json({
      currentPage: page,
      list: list.slice(from, from + PAGE_SIZE),
      pageSize: PAGE_SIZE,
      sortDirections: 'asc',
      sortFields: 'id',
      totalResults: list.length,
    });
  });
}

function parse(text: string): { id?: number; description?: string; done?: boolean } {
  try {
    return JSON.parse(text) as { id?: number; description?: string; done?: boolean };
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

const page = (): Response => ({
  status: 200,
  headers: [['Content-Type', 'text/html']],
  body: '<!DOCTYPE html>\n<html>\n<head>\n    <title>To Do List</title>\n</head>\n<body>\n    <h1>To Do List Application</h1>\n    <div id="items" data-source="/todo/api/items"></div>\n</body>\n</html>\n',
});
