// Attempts with student, lab, score and last activity; each row leads to its report and replay.
'use client';

import {
  EmptyState,
  EmptyStateBody,
  Label,
  PageSection,
  SearchInput,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, type ThProps, Tr } from '@patternfly/react-table';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { isPassed } from '../report-view';

const REFRESH_MS = 5_000;

/** The report that counts. */
interface Counted {
  score: number;
  max: number;
  passed: boolean | null;
  complete: boolean | null;
}

export interface Row {
  attemptId: string;
  student: string;
  email: string;
  course: string;
  labTitle: string;
  status: 'active' | 'finished';
  score?: Counted;
  gradings: number;
  startedAt: string;
  lastActiveAt: string;
}

const COLUMNS: { title: string; key: (row: Row) => string | number }[] = [
  { title: 'Student', key: ({ student }) => student },
  { title: 'Lab', key: ({ labTitle }) => labTitle },
  { title: 'Best score', key: ({ score }) => (score ? score.score / score.max : -1) },
  { title: 'Gradings', key: ({ gradings }) => gradings },
  { title: 'State', key: ({ status }) => status },
  { title: 'Last activity', key: ({ lastActiveAt }) => lastActiveAt },
];

export function Gradebook({ rows }: { rows: Row[] }) {
  useLiveRows();
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<{ index: number; direction: 'asc' | 'desc' }>({ index: 5, direction: 'desc' });
  const found = rows
    .filter((row) => `${row.student} ${row.email} ${row.labTitle}`.toLowerCase().includes(search.toLowerCase()))
    .sort(by(COLUMNS[sort.index]?.key ?? (() => 0), sort.direction));
  const sortable = (columnIndex: number): NonNullable<ThProps['sort']> => ({
    sortBy: sort,
    onSort: (_, index, direction) => setSort({ index, direction }),
    columnIndex,
  });
  return (
    <PageSection>
      <Title headingLevel="h1" size="2xl" className="podlab-space">
        Gradebook
      </Title>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput
              aria-label="Find students or labs"
              placeholder="Find students or labs"
              value={search}
              onChange={(_, value) => setSearch(value)}
              onClear={() => setSearch('')}
            />
          </ToolbarItem>
          <ToolbarItem className="podlab-quiet" alignSelf="center">
            {found.length === 1 ? '1 attempt' : `${found.length} attempts`}
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Table aria-label="Attempts" variant="compact">
        <Thead>
          <Tr>
            {COLUMNS.map(({ title }, index) => (
              <Th key={title} sort={sortable(index)}>
                {title}
              </Th>
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {found.map((row) => (
            <Tr key={row.attemptId} data-attempt={row.attemptId}>
              <Td dataLabel="Student">
                <Link href={`/gradebook/${row.attemptId}`} prefetch={false}>
                  {row.student}
                </Link>
                <div className="podlab-quiet">{row.email}</div>
              </Td>
              <Td dataLabel="Lab">{row.labTitle}</Td>
              <Td dataLabel="Best score">
                <Score {...(row.score && { score: row.score })} />
              </Td>
              <Td dataLabel="Gradings">{row.gradings}</Td>
              <Td dataLabel="State">{row.status === 'active' ? 'In progress' : 'Finished'}</Td>
              <Td dataLabel="Last activity">
                {new Date(row.lastActiveAt).toISOString().replace('T', ' ').slice(0, 16)} UTC
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {found.length === 0 && (
        <EmptyState titleText={rows.length === 0 ? 'No attempts yet' : 'Nothing found'} headingLevel="h2">
          <EmptyStateBody>
            {rows.length === 0 ? 'Attempts appear here as soon as students start a lab.' : 'Try other words.'}
          </EmptyStateBody>
        </EmptyState>
      )}
    </PageSection>
  );
}

/** The table follows the class while one looks at it. */
function useLiveRows(): void {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [router]);
}

function Score({ score }: { score?: Counted }) {
  if (!score) return <span className="podlab-quiet">not graded</span>;
  return (
    <>
      <Label isCompact color={isPassed(score) ? 'green' : 'orange'}>
        {score.score} / {score.max}
      </Label>
      {score.complete === false && <span className="podlab-quiet"> some checks not graded</span>}
      {score.score >= score.max && !isPassed(score) && (
        <span className="podlab-quiet"> a required check is missing</span>
      )}
    </>
  );
}

function by(key: (row: Row) => string | number, direction: 'asc' | 'desc') {
  const sign = direction === 'asc' ? 1 : -1;
  return (a: Row, b: Row) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0);
}
