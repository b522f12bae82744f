// wordpress on Apache: its set-up pages over a MySQL database. DIFFERS: it stops where the installation would begin.
import type { Process, Program } from '../../machine/process';
import { goServer } from '../http/go-server';
import type { Request, Response } from '../http/message';
import { splitTarget } from '../http/serve';
import { accessLine, escaped, html } from '../samples/answers';
import { isOutside, withDatabase } from '../samples/database';

const ROOT = '/var/www/html';

export const wordpress: Program = async (proc) => {
  const { env } = proc;
  if (!proc.files.exists(`${ROOT}/index.php`)) {
    await proc.complain(`WordPress not found in ${ROOT} - copying now...\n`);
    proc.files.write(`${ROOT}/index.php`, "<?php\nrequire __DIR__ . '/wp-blog-header.php';\n");
    await proc.complain(`Complete! WordPress has been successfully copied to ${ROOT}\n`);
  }
  const given = Object.keys(env)
    .filter((name) => name.startsWith('WORDPRESS_') && name !== 'WORDPRESS_VERSION')
    .sort();
  if (given.length > 0 && !proc.files.exists(`${ROOT}/wp-config.php`)) {
    await proc.complain(
      `No 'wp-config.php' found in ${ROOT}, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php' (${given.join(' ')})\n`,
    );
    proc.files.write(`${ROOT}/wp-config.php`, '<?php\n');
  }
  return apache(proc, (request) => answer(proc, request));
};

/** Apache with mod_php in the foreground: its start, its log, port 80. */
export async function apache(
  proc: Process,
  handler: (request: Request) => Promise<Response> | Response,
  port = 80,
): Promise<number> {
  const address = proc.machine.net.addresses()[0] ?? '127.0.0.1';
  const name = `AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using ${address}. Set the 'ServerName' directive globally to suppress this message\n`;
  await proc.complain(name);
  if (port < 1024 && proc.uid !== 0 && !proc.machine.lowPorts) {
    await proc.complain(
      `(13)Permission denied: AH00072: make_sock: could not bind to address [::]:${port}\n(13)Permission denied: AH00072: make_sock: could not bind to address 0.0.0.0:${port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`,
    );
    return 1;
  }
  const php = proc.env['PHP_VERSION'] || '8.2.26';
  const stamp = () => {
    const [day, date, month, year, time] = new Date(proc.machine.clock.now()).toUTCString().replace(',', '').split(' ');
    return `[${day} ${month} ${date} ${time}.000000 ${year}]`;
  };
  const notice = (text: string) => proc.complain(`${stamp()} [mpm_prefork:notice] [pid ${proc.pid}] ${text}\n`);
  await notice(`AH00163: Apache/2.4.62 (Debian) PHP/${php} configured -- resuming normal operations`);
  await proc.complain(`${stamp()} [core:notice] [pid ${proc.pid}] AH00094: Command line: 'apache2 -D FOREGROUND'\n`);
  const status = await goServer(proc, [port], async (request, connection) => {
    const response = await handler(request);
    await proc.print(
      `${accessLine(proc, request, connection.remoteAddress, response.status)} ${response.body.length} "-" "-"\n`,
    );
    return {
      ...response,
      headers: [['Server', 'Apache/2.4.62 (Debian)'], ['X-Powered-By', `PHP/${php}`], ...response.headers],
    };
  });
  await notice('AH00169: caught SIGTERM, shutting down');
  return status === 143 || status === 130 ? 0 : status;
}

const page = (title: string, body: string): string =>
  `<!DOCTYPE html>\n<html lang="en-US">\n<head>\n<meta name="viewport" content="width=device-width" />\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n<title>${title}</title>\n</head>\n${body}</html>\n`;

async function answer(proc: Process, request: Request): Promise<Response> {
  const { path } = splitTarget(request.target);
  if (/^\/wp-(admin|includes)\/(css|js|images)\//.test(path)) return html('', 404);
  if (!proc.files.exists(`${ROOT}/wp-config.php`)) {
    if (path === '/wp-admin/setup-config.php')
      return html(
        page(
          'WordPress &rsaquo; Setup Configuration File',
          '<body class="wp-core-ui">\n<h1>Welcome to WordPress</h1>\n<p>Before getting started, you will need to know the following items.</p>\n</body>\n',
        ),
      );
    return { ...html('', 302), headers: [['Location', '/wp-admin/setup-config.php']] };
  }
  if (!(await reachesDatabase(proc)))
    return html(
      page(
        'Database Error',
        '<body id="error-page">\n<div class="wp-die-message"><h1>Error establishing a database connection</h1></div></body>\n',
      ),
      500,
    );
  if (path === '/wp-admin/install.php')
    return html(
      page(
        'WordPress &rsaquo; Installation',
        '<body class="wp-core-ui language-chooser">\n<p id="logo">WordPress</p>\n<form id="setup" method="post" action="?step=1"><select name="language" id="language"><option value="" lang="en">English (United States)</option></select></form>\n</body>\n',
      ),
    );
  if (path === '/' || path.endsWith('.php') || path.startsWith('/wp-'))
    return {
      ...html('', 302),
      headers: [
        [
          'Location',
          `http://${escaped(request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'localhost')}/wp-admin/install.php`,
        ],
      ],
    };
  return html(
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n</body></html>\n',
    404,
  );
}

/** Whether the database lets this user in and has the database. */
async function reachesDatabase(proc: Process): Promise<boolean> {
  const { env } = proc;
  const secret = (name: string) => {
    const file = env[`WORDPRESS_DB_${name}_FILE`];
    return (
      env[`WORDPRESS_DB_${name}`] ?? (file && proc.files.exists(file) ? proc.files.readText(file).trim() : undefined)
    );
  };
  const [host = '', port] = (secret('HOST') || 'mysql').split(':');
  const where = {
    host,
    port: Number(port ?? 3306),
    user: secret('USER') || 'root',
    password: secret('PASSWORD') || '',
    database: undefined,
  };
  const name = secret('NAME') || 'wordpress';
  try {
    await withDatabase(proc, where, async (query) => {
      if (/^\w+$/.test(name) && where.user === 'root') await query(`CREATE DATABASE IF NOT EXISTS \`${name}\``); // as the entry point does it
      await query(`USE \`${name}\``);
    });
    return true;
  } catch (error) {
    if (!isOutside(error) || proc.killed.aborted) throw error;
    await proc.complain(
      `PHP Warning:  mysqli_real_connect(): ${(error as Error).message} in ${ROOT}/wp-includes/class-wpdb.php on line 1987\n`,
    );
    return false;
  }
}
