// A report: the score, and for each check what was expected, what was seen, and why.
'use client';

import {
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  EmptyState,
  EmptyStateBody,
  Label,
  Progress,
  ProgressMeasureLocation,
} from '@patternfly/react-core';
import type { Report } from '../../lib/server/attempts';

export interface Graded {
  report: Report;
  /** When, ISO 8601. */
  at: string;
}

const STATUS = {
  passed: { title: 'Passed', color: 'green' },
  partial: { title: 'In part', color: 'orange' },
  failed: { title: 'Not yet', color: 'red' },
  'not-graded': { title: 'Not graded', color: 'grey' },
} as const;

export function ReportView({ graded }: { graded: Graded | undefined }) {
  if (!graded)
    return (
      <EmptyState titleText="Not graded yet" headingLevel="h2">
        <EmptyStateBody>
          Press Grade, or type lab grade in a terminal. You can be graded as often as you like.
        </EmptyStateBody>
      </EmptyState>
    );
  const { report, at } = graded;
  return (
    <div className="podlab-report" data-score={report.score} data-max={report.max}>
      <Progress
        value={report.score}
        max={report.max}
        title={`Score ${report.score} of ${report.max}`}
        label={`${report.score} / ${report.max}`}
        measureLocation={ProgressMeasureLocation.outside}
        {...(report.score >= report.max && { variant: 'success' })}
      />
      <p className="podlab-quiet">
        Graded <time dateTime={at}>{new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC</time>
      </p>
      {report.checks.map((check) => (
        <Check key={check.id} check={check} />
      ))}
    </div>
  );
}

function Check({ check }: { check: Report['checks'][number] }) {
  const { title, color } = STATUS[check.status];
  const rows = [
    ['Expected', check.expected],
    ['Seen', check.observed],
    ['Why', check.reason],
  ].filter(([, text]) => text);
  return (
    <Card isCompact className="podlab-check" data-check={check.id} data-status={check.status}>
      <CardHeader
        actions={{
          actions: <strong className="podlab-points">{`${check.earned} / ${check.points}`}</strong>,
          hasNoOffset: true,
        }}
      >
        <CardTitle component="h3">
          <Label isCompact color={color} className="podlab-status">
            {title}
          </Label>
          {check.title}
        </CardTitle>
      </CardHeader>
      {check.status !== 'passed' && (
        <CardBody>
          <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '10ch' }}>
            {rows.map(([term, text]) => (
              <DescriptionListGroup key={term}>
                <DescriptionListTerm>{term}</DescriptionListTerm>
                <DescriptionListDescription>{text}</DescriptionListDescription>
              </DescriptionListGroup>
            ))}
          </DescriptionList>
        </CardBody>
      )}
    </Card>
  );
}
