// Makes the draft the version that students begin with.
import { z } from 'zod';
import { readBody } from '../../../../../../lib/server/body';
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

const Body = z.object({ note: z.string().max(500), revision: z.number().int().min(0), unproved: z.boolean() });

export const POST = (request: Request, { params }: { params: Promise<{ lab: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { number } = await services().workshop.publish(viewer, (await params).lab, await readBody(request, Body));
    return Response.json({ number });
  });
