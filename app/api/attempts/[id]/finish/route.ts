// The page's Finish button.
import { respond } from '../../../../../lib/server/respond';
import { services } from '../../../../../lib/server/services';

export const POST = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts } = services();
    const { id } = await attempts.authorise(viewer, (await params).id, 'attempt.finish');
    await attempts.finish(id);
    return Response.json({});
  });
