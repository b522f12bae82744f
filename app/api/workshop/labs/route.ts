// Makes a new lab from the template.
import { z } from 'zod';
import { readBody } from '../../../../lib/server/body';
import { respond } from '../../../../lib/server/respond';
import { services } from '../../../../lib/server/services';

const Body = z.object({ lab: z.string().max(100), course: z.string().max(100) });

export const POST = (request: Request): Promise<Response> =>
  respond(request, async (viewer) => {
    const { lab, course } = await readBody(request, Body);
    await services().workshop.create(viewer, lab, course);
    return Response.json({ lab });
  });
