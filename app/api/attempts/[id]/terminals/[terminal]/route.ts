// Closes a terminal for good.
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

export const DELETE = (
  request: Request,
  { params }: { params: Promise<{ id: string; terminal: string }> },
): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts, terminals } = services();
    const { id, terminal } = await params;
    const attempt = await attempts.authorise(viewer, id, 'attempt.terminal');
    await terminals.close(attempt.id, Number.parseInt(terminal, 10) || 0);
    return Response.json({});
  });
