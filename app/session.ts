// Who looks at a page; those not signed in are sent to the sign-in page.
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import type { Viewer } from '../lib/server/permissions';
import { isUserError } from '../lib/server/respond';
import { services } from '../lib/server/services';

export async function pageViewer(): Promise<Viewer> {
  const viewer = await services().auth.findViewer(await headers());
  if (!viewer) redirect('/sign-in');
  return viewer;
}

/** A page of what is not the viewer's looks like one that does not exist. */
export async function orNotFound<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isUserError(error) && (error.code === 'forbidden' || error.code === 'not-found')) notFound();
    throw error;
  }
}

export const homeOf = ({ role }: Viewer): string =>
  ({ student: '/labs', instructor: '/gradebook', author: '/workshop' })[role];
