// The kubeconfig for one's own attempt.
import { respond } from '../../../../../lib/server/respond';
import { services } from '../../../../../lib/server/services';

export const GET = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  respond(request, async (viewer) => {
    const { attempts, kubeconfig } = services();
    const attempt = await attempts.authorise(viewer, (await params).id, 'attempt.kubeconfig');
    return new Response(kubeconfig(attempt), {
      headers: {
        'content-type': 'application/yaml',
        'content-disposition': `attachment; filename="${attempt.lab}.kubeconfig"`,
        'cache-control': 'no-store',
      },
    });
  });
