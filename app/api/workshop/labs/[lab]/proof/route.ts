// "Prove it", and how far the proof is.
import { z } from 'zod';
import { readBody } from '../../../../../../lib/server/body';
import { respond } from '../../../../../../lib/server/respond';
import { services } from '../../../../../../lib/server/services';

const Body = z.object({ seeds: z.number().int().min(1).max(100) });

interface Context {
  params: Promise<{ lab: string }>;
}

export const POST = (request: Request, { params }: Context): Promise<Response> =>
  respond(request, async (viewer) => {
    const { seeds } = await readBody(request, Body);
    return Response.json({ proof: await services().workshop.prove(viewer, (await params).lab, seeds) });
  });

export const GET = (request: Request, { params }: Context): Promise<Response> =>
  respond(request, async (viewer) => Response.json(await services().workshop.proof(viewer, (await params).lab)));
