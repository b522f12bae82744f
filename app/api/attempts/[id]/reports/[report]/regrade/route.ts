// Grades the snapshot of a report again.
import { z } from 'zod';
import { readBody } from '../../../../../../../lib/server/body';
import { respond } from '../../../../../../../lib/server/respond';
import { services } from '../../../../../../../lib/server/services';

const Body = z.object({ by: z.enum(['own', 'newest']) });

interface Context {
  params: Promise<{ id: string; report: string }>;
}

export const POST = (request: Request, { params }: Context): Promise<Response> =>
  respond(request, async (viewer) => {
    const { id, report } = await params;
    const { attempts } = services();
    const attempt = await attempts.authorise(viewer, id, 'attempt.regrade');
    const { by } = await readBody(request, Body);
    return Response.json(await attempts.regrade(attempt, report, by));
  });
