// How a route answers when something goes wrong: a user's error with its status, a bug with an id under which it is logged.
import { randomUUID } from 'node:crypto';
import type { UserError } from './errors';
import type { Viewer } from './permissions';
import { services } from './services';

/** Runs a route for whoever is signed in. */
export async function respond(request: Request, act: (viewer: Viewer) => Promise<Response>): Promise<Response> {
  try {
    return await act(await services().auth.getViewer(request.headers));
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): Response {
  if (isUserError(error)) return Response.json({ code: error.code, message: error.message }, { status: error.status });
  const id = randomUUID().slice(0, 8);
  services().report(`error ${id}: ${error instanceof Error ? error.stack : error}`);
  return Response.json({ code: 'bug', message: `Something went wrong on our side (error ${id}).` }, { status: 500 });
}

/** By name: Next's bundle and the server each have a class of that name. */
export const isUserError = (error: unknown): error is UserError => error instanceof Error && error.name === 'UserError';

/** An archive for the browser to save. */
export const archiveResponse = ({ name, data }: { name: string; data: Uint8Array<ArrayBuffer> }): Response =>
  new Response(data, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${name}.zip"`,
      'cache-control': 'no-store',
    },
  });
