// Gives up a draft.
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const DELETE = (request: Request, { params }: { params: Promise<{ lab: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    await services().workshop.discard(viewer, (await params).lab);
    return Response.json({});
  });
