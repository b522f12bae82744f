// `npm start`: from a clean clone to a running server.
// PORT (3000), API_PORT (3443), HOST (127.0.0.1), PODLAB_DATA (.podlab/data), PODLAB_LABS (labs), DATABASE_URL, PODLAB_DEMO=0 to go without the demo.
import { join } from 'node:path';
import { prepare, root } from './setup.mjs';

const { env } = process;

async function main() {
  process.chdir(root);
  env.NEXT_TELEMETRY_DISABLED = '1';
  env.NODE_ENV ??= 'production';
  await prepare({ build: true });
  const { register } = await import('tsx/esm/api');
  register();
  const { startServer } = await import('../server/start-server.ts');
  const server = await startServer({
    root,
    port: number('PORT', 3000),
    apiPort: number('API_PORT', 3443),
    host: env.HOST ?? '127.0.0.1',
    dataDir: env.PODLAB_DATA ?? join(root, '.podlab/data'),
    labsDir: env.PODLAB_LABS,
    databaseUrl: env.DATABASE_URL,
    demo: env.PODLAB_DEMO !== '0',
  });
  stopOn(server);
  // A bug in one student's request must not end everybody's terminals.
  process.on('unhandledRejection', (error) => server.services.report(`unhandled: ${error?.stack ?? error}`));
  console.log(`Podlab is running on ${server.url} (cluster API on ${server.apiUrl})`);
}

function number(name, otherwise) {
  const value = Number(env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new Error(`${name} must be a port, not ${env[name]}.`);
  return value;
}

/** The first signal stops in good order, the second at once. */
function stopOn(server) {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
}

main().catch((error) => {
  const busy = error.code === 'EADDRINUSE' && `Port ${error.port} is taken. Set PORT or API_PORT to another.`;
  console.error(busy || error.message);
  process.exit(1);
});
