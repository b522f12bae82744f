// Takes in an archive of labs, whole or not at all: `?course=ID` into that course, else into a new one.
import { respond } from '../../../../lib/server/respond';
import { services } from '../../../../lib/server/services';

export const POST = (request: Request): Promise<Response> =>
  respond(request, async (viewer) => {
    const course = new URL(request.url).searchParams.get('course') ?? undefined;
    const archive = new Uint8Array(await request.arrayBuffer());
    return Response.json(await services().workshop.importArchive(viewer, archive, course));
  });
