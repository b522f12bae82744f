// What the page draws of one's own attempt's network.
import { respond } from '../../../../../lib/server/respond';
import { services } from '../../../../../lib/server/services';

export const GET = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts, picture } = services();
    const attempt = await attempts.authorise(viewer, (await params).id, 'attempt.terminal');
    return new Response(Uint8Array.from(await picture(attempt)), {
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
  });
