// Reports to the left, replay to the right.
'use client';

import {
  Breadcrumb,
  BreadcrumbItem,
  Card,
  CardBody,
  CardTitle,
  EmptyState,
  FormSelect,
  FormSelectOption,
  Grid,
  GridItem,
  PageSection,
  Title,
} from '@patternfly/react-core';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { type Graded, ReportView } from '../../report-view';
import { Regrade } from './regrade';

const Replay = dynamic(() => import('./replay'), { ssr: false });

/** A report with what it takes to grade again. */
export interface Kept extends Graded {
  id: string;
  regrades?: string;
  kept?: boolean;
}

/** The numbers of the attempt's version and of the newest. */
export interface Versions {
  own: number | undefined;
  newest: number | undefined;
}

interface Props {
  attemptId: string;
  student: { name: string; email: string };
  lab: string;
  /** Newest first. */
  reports: Kept[];
  versions: Versions;
  terminals: number[];
}

export function AttemptReview({ attemptId, student, lab, reports, versions, terminals }: Props) {
  const [id, setId] = useState(reports[0]?.id);
  // The page is drawn anew when there is one more; the choice stays.
  const chosen = reports.find((report) => report.id === id) ?? reports[0];
  const [terminal, setTerminal] = useState(terminals[0]);
  return (
    <PageSection>
      <Breadcrumb className="podlab-space">
        <BreadcrumbItem
          render={({ className }) => (
            <Link className={className} href="/gradebook">
              Gradebook
            </Link>
          )}
        />
        <BreadcrumbItem isActive>{student.name}</BreadcrumbItem>
      </Breadcrumb>
      <Title headingLevel="h1" size="2xl">
        {lab}
      </Title>
      <p className="podlab-quiet podlab-space">
        {student.name} · {student.email}
      </p>
      <Grid hasGutter>
        <GridItem xl={5}>
          <Card>
            <CardTitle component="h2">Report</CardTitle>
            <CardBody>
              {reports.length > 1 && (
                <FormSelect
                  className="podlab-space"
                  aria-label="Which report"
                  value={chosen?.id}
                  onChange={(_, value) => setId(value)}
                >
                  {reports.map(({ id, report, regrades }, index) => (
                    <FormSelectOption
                      key={id}
                      value={id}
                      label={`${regrades ? 'Graded again' : 'Grading'} ${reports.length - index}: ${report.score} / ${report.max}`}
                    />
                  ))}
                </FormSelect>
              )}
              <ReportView graded={chosen} />
              {chosen?.kept && <Regrade key={chosen.id} attemptId={attemptId} report={chosen} versions={versions} />}
            </CardBody>
          </Card>
        </GridItem>
        <GridItem xl={7}>
          <Card>
            <CardTitle component="h2">Replay</CardTitle>
            <CardBody>
              {terminals.length > 1 && (
                <FormSelect
                  className="podlab-space"
                  aria-label="Which terminal"
                  value={terminal}
                  onChange={(_, value) => setTerminal(Number(value))}
                >
                  {terminals.map((number) => (
                    <FormSelectOption key={number} value={number} label={`Terminal ${number}`} />
                  ))}
                </FormSelect>
              )}
              {terminal === undefined ? (
                <EmptyState titleText="Nothing was typed yet" headingLevel="h3" />
              ) : (
                <Replay key={terminal} path={`/api/attempts/${attemptId}/recordings/${terminal}`} />
              )}
            </CardBody>
          </Card>
        </GridItem>
      </Grid>
    </PageSection>
  );
}
