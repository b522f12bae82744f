// Starts a lab, or goes on with it.
import { z } from 'zod';
import { UserError } from '../../../lib/server/errors';
import { respond } from '../../../lib/server/respond';
import { services } from '../../../lib/server/services';

const Body = z.object({ lab: z.string().max(100) });

export const POST = (request: Request): Promise<Response> =>
  respond(request, async (viewer) => {
    const body = Body.safeParse(await request.json().catch(() => undefined));
    if (!body.success) throw new UserError('bad-request');
    const { id } = await services().attempts.start(viewer, body.data.lab);
    return Response.json({ id });
  });
