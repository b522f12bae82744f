// The recording of one terminal.
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const GET = (
  request: Request,
  { params }: { params: Promise<{ id: string; terminal: string }> },
): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts, recordings } = services();
    const { id, terminal } = await params;
    const attempt = await attempts.authorise(viewer, id, 'attempt.replay');
    return Response.json({ events: await recordings.read(attempt.id, Number.parseInt(terminal, 10) || 0) });
  });
