// The lab format as JSON Schema, which the editor completes from.
import { demand } from '../../../../lib/server/permissions';
import { respond } from '../../../../lib/server/respond';
import { services } from '../../../../lib/server/services';

export const GET = (request: Request): Promise<Response> =>
  respond(request, async (viewer) => {
    demand(viewer, 'workshop.read', 'own');
    return Response.json(services().labSchema(), { headers: { 'cache-control': 'private, max-age=3600' } });
  });
