// Changes a file of a lab's draft and answers with what is wrong with the lab now.
import { z } from 'zod';
import { readBody } from '../../../../../../lib/server/body';
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

const Body = z.object({ path: z.string().max(200), text: z.string().nullable(), revision: z.number().int().min(0) });

export const POST = (request: Request, { params }: { params: Promise<{ lab: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const change = await readBody(request, Body);
    return Response.json(await services().workshop.change(viewer, (await params).lab, change));
  });
