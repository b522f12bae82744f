// The files of one version of a lab.
import { respond } from '../../../../../../../lib/server/respond';
import { services } from '../../../../../../../lib/server/services';

interface Context {
  params: Promise<{ lab: string; number: string }>;
}

export const GET = (request: Request, { params }: Context): Promise<Response> =>
  respond(request, async (viewer) => {
    const { lab, number } = await params;
    const version = /^\d{1,6}$/.test(number) ? Number(number) : 0;
    return Response.json({ files: await services().workshop.versionFiles(viewer, lab, version) });
  });
