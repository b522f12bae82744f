// Sets the labs of a course and their order.
import { z } from 'zod';
import { readBody } from '../../../../../../lib/server/body';
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

const Body = z.object({ labs: z.array(z.string().max(100)).max(1000) });

export const POST = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { labs } = await readBody(request, Body);
    await services().workshop.arrange(viewer, (await params).id, labs);
    return Response.json({ labs });
  });
