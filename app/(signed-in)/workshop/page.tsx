// The workshop: the labs of the courses that one writes.
import type { Metadata } from 'next';
import { services } from '../../../lib/server/services';
import { orNotFound, pageViewer } from '../../session';
import { Shelf } from './shelf';

export const metadata: Metadata = { title: 'Workshop' };

export default async function WorkshopPage() {
  const viewer = await pageViewer();
  const { workshop } = services();
  const [courses, entries] = await Promise.all([
    orNotFound(workshop.courses(viewer)),
    orNotFound(workshop.list(viewer)),
  ]);
  return (
    <Shelf
      courses={courses}
      entries={entries.map(({ draftAt, version, ...entry }) => ({
        ...entry,
        ...(draftAt && { draftAt: draftAt.toISOString() }),
        ...(version && { version: { ...version, createdAt: version.createdAt.toISOString() } }),
      }))}
    />
  );
}
