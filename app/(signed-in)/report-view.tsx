// A report: the score, and for each check what was expected, what was seen, and why.
'use client';

import {
  Alert,
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

/** Enough points and every required check; reports from before this was kept go by the points alone. */
export const isPassed = ({
  passed,
  score,
  max,
}: Pick<Report, 'score' | 'max'> & { passed?: boolean | null }): boolean => passed ?? score >= max;

export const STATUS = {
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
        {...(isPassed(report) && { variant: 'success' })}
      />
      {report.complete === false && (
        <Alert isInline variant="warning" title="Some checks could not be graded" className="podlab-space">
          That is not your fault, and no points were lost. Grade again.
        </Alert>
      )}
      {report.score >= report.max && !isPassed(report) && (
        <Alert isInline variant="info" title="A required check is not passed yet" className="podlab-space" />
      )}
      <p className="podlab-quiet">
        Graded <time dateTime={at}>{new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC</time>
      </p>
      {report.checks.map((check) => (
        <Check key={check.id} check={check} />
      ))}
    </div>
  );
}

/** A check that was not graded has no points, which is not the same as none. */
const pointsOf = ({ status, earned, points, bonus }: Report['checks'][number]): string =>
  status === 'not-graded' ? `– / ${points}` : `${earned} / ${bonus ? `+${points}` : points}`;

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
          actions: <strong className="podlab-points">{pointsOf(check)}</strong>,
          hasNoOffset: true,
        }}
      >
        <CardTitle component="h3">
          <Label isCompact color={color} className="podlab-status">
            {title}
          </Label>
          {check.title}
          {check.required && (
            <Label isCompact variant="outline" className="podlab-mark">
              Required
            </Label>
          )}
          {check.bonus && (
            <Label isCompact variant="outline" color="purple" className="podlab-mark">
              Bonus
            </Label>
          )}
        </CardTitle>
      </CardHeader>
      {check.hints !== undefined && (
        <CardBody className="podlab-quiet">
          Its hints cost {check.hints === 1 ? '1 point' : `${check.hints} points`}.
        </CardBody>
      )}
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
