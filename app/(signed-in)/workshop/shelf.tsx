// The list of labs: their newest version, what is being changed, what is broken; new labs, import, export.
'use client';

import {
  Alert,
  Button,
  EmptyState,
  EmptyStateBody,
  Flex,
  FlexItem,
  Label,
  PageSection,
  Title,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import Link from 'next/link';
import { useState } from 'react';
import type { CourseLabs, ShelfEntry } from '../../../lib/server/workshop/workshop';
import { ArrangeDialog } from './arrange-dialog';
import { ImportDialog } from './import-dialog';
import { NewLabDialog } from './new-lab-dialog';

export type Course = CourseLabs;

interface Entry extends Pick<ShelfEntry, 'lab' | 'title' | 'courses' | 'problems'> {
  version?: { number: number; origin: string; proved: boolean; createdAt: string };
  /** ISO 8601 */
  draftAt?: string;
}

const ORIGIN: Record<string, string> = { folder: 'labs folder', workshop: 'workshop', archive: 'import' };
export const day = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

export function Shelf({ courses, entries }: { courses: Course[]; entries: Entry[] }) {
  const [dialog, setDialog] = useState<'new' | 'import'>();
  const [arranged, setArranged] = useState<Course>();
  const close = () => setDialog(undefined);
  return (
    <PageSection>
      <Flex className="podlab-space" alignItems={{ default: 'alignItemsCenter' }}>
        <FlexItem grow={{ default: 'grow' }}>
          <Title headingLevel="h1" size="2xl">
            Workshop
          </Title>
        </FlexItem>
        {courses.map((course) => (
          <FlexItem key={course.id}>
            <Button variant="link" data-arrange-course={course.id} onClick={() => setArranged(course)}>
              Arrange {courses.length > 1 ? course.title : 'course'}
            </Button>
            <Button variant="link" component="a" href={`/api/workshop/courses/${course.id}/export`} download>
              Export {courses.length > 1 ? course.title : 'course'}
            </Button>
          </FlexItem>
        ))}
        <FlexItem>
          <Button id="import" variant="secondary" onClick={() => setDialog('import')}>
            Import
          </Button>
        </FlexItem>
        <FlexItem>
          <Button id="new-lab" onClick={() => setDialog('new')} isDisabled={courses.length === 0}>
            New lab
          </Button>
        </FlexItem>
      </Flex>
      {entries.length === 0 ? (
        <EmptyState titleText="No labs yet" headingLevel="h2">
          <EmptyStateBody>Make a new lab, import a course, or put a lab folder into labs/.</EmptyStateBody>
        </EmptyState>
      ) : (
        <Table aria-label="Labs" variant="compact">
          <Thead>
            <Tr>
              <Th>Lab</Th>
              <Th>Course</Th>
              <Th>Version</Th>
              <Th>State</Th>
            </Tr>
          </Thead>
          <Tbody>
            {entries.map((entry) => (
              <Row key={entry.lab} entry={entry} />
            ))}
          </Tbody>
        </Table>
      )}
      {arranged && <ArrangeDialog course={arranged} close={() => setArranged(undefined)} />}
      {dialog === 'new' && <NewLabDialog courses={courses} close={close} />}
      {dialog === 'import' && <ImportDialog courses={courses} close={close} />}
    </PageSection>
  );
}

function Row({ entry: { lab, title, courses, version, draftAt, problems } }: { entry: Entry }) {
  return (
    <Tr data-workshop-lab={lab}>
      <Td dataLabel="Lab">
        <Link href={`/workshop/${lab}`}>{title}</Link>
        <div className="podlab-quiet">{lab}</div>
        {problems.length > 0 && (
          <Alert isInline isPlain variant="danger" title="The folder has mistakes; students keep the last good version">
            {problems.map(({ file, line, column, message }) => (
              <div key={`${file}:${line}:${column} ${message}`} className="podlab-problem">
                labs/{lab}/{file}:{line}:{column}: {message}
              </div>
            ))}
          </Alert>
        )}
      </Td>
      <Td dataLabel="Course">{courses.join(', ')}</Td>
      <Td dataLabel="Version">
        {version ? (
          <>
            {version.number}{' '}
            <span className="podlab-quiet">
              from the {ORIGIN[version.origin]}, {day(version.createdAt)}
            </span>
          </>
        ) : (
          <span className="podlab-quiet">not published</span>
        )}
      </Td>
      <Td dataLabel="State">
        <Flex gap={{ default: 'gapXs' }}>
          {version?.proved && (
            <Label isCompact color="green">
              Proved
            </Label>
          )}
          {draftAt && (
            <Label isCompact color="orange" title={`Changed ${day(draftAt)}`}>
              Draft
            </Label>
          )}
          {problems.length > 0 && (
            <Label isCompact color="red">
              Broken
            </Label>
          )}
        </Flex>
      </Td>
    </Tr>
  );
}
