// The JSON that a page sends, in the shape that the route expects.
import type { z } from 'zod';
import { UserError } from './errors';

/** @throws {UserError} `bad-request` */
export async function readBody<T extends z.ZodType>(request: Request, shape: T): Promise<z.infer<T>> {
  const body = shape.safeParse(await request.json().catch(() => undefined));
  if (!body.success) throw new UserError('bad-request');
  return body.data;
}
