// The instructor's table of attempts.
import type { Metadata } from 'next';
import { services } from '../../../lib/server/services';
import { orNotFound, pageViewer } from '../../session';
import { Gradebook } from './gradebook';

export const metadata: Metadata = { title: 'Gradebook' };

export default async function GradebookPage() {
  const viewer = await pageViewer();
  const { attempts, labs } = services();
  const [rows, cards] = await Promise.all([orNotFound(attempts.gradebook(viewer)), labs.list()]);
  const titles = Object.fromEntries(cards.map(({ id, title }) => [id, title]));
  return (
    <Gradebook
      rows={rows.map((row) => ({
        ...row,
        labTitle: titles[row.lab] ?? row.lab,
        startedAt: row.startedAt.toISOString(),
        lastActiveAt: row.lastActiveAt.toISOString(),
      }))}
    />
  );
}
