// The page's Grade button.
import { respond } from '../../../../../lib/server/respond';
import { services } from '../../../../../lib/server/services';

export const POST = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts } = services();
    const { id } = await attempts.authorise(viewer, (await params).id, 'attempt.grade');
    const { report, createdAt } = await attempts.grade(id);
    return Response.json({ report, at: createdAt.toISOString() });
  });
