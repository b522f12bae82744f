// The newest report and the state of an attempt, for the page that looks on.
import { respond } from '../../../../../lib/server/respond';
import { services } from '../../../../../lib/server/services';

export const GET = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts } = services();
    const { id, status } = await attempts.authorise(viewer, (await params).id, 'attempt.read');
    const newest = await attempts.newestReport(id);
    return Response.json({
      status,
      ...(newest && { newest: { report: newest.report, at: newest.createdAt.toISOString() } }),
    });
  });
