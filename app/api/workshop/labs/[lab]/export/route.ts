// A lab as it stands, as an archive.
import { archiveResponse, respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const GET = (request: Request, { params }: { params: Promise<{ lab: string }> }): Promise<Response> =>
  respond(request, async (viewer) => archiveResponse(await services().workshop.exportLab(viewer, (await params).lab)));
