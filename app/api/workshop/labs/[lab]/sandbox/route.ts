// A sandbox of the lab as it stands, for its author.
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const POST = (request: Request, { params }: { params: Promise<{ lab: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { id } = await services().workshop.tryOut(viewer, (await params).lab);
    return Response.json({ id });
  });
