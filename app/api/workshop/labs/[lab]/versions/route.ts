// The published versions of a lab, newest first.
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const GET = (request: Request, { params }: { params: Promise<{ lab: string }> }): Promise<Response> =>
  respond(request, async (viewer) =>
    Response.json({ versions: await services().workshop.versions(viewer, (await params).lab) }),
  );
