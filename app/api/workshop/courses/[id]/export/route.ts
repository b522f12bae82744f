// A course as an archive.
import { archiveResponse, respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const GET = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) =>
    archiveResponse(await services().workshop.exportCourse(viewer, (await params).id)),
  );
