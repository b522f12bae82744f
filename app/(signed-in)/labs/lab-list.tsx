// Cards of labs: what it is about, how far one got, a button to go on.
'use client';

import {
  Alert,
  Button,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  CardTitle,
  EmptyState,
  EmptyStateBody,
  Flex,
  FlexItem,
  Gallery,
  Label,
  List,
  ListItem,
  PageSection,
  Title,
} from '@patternfly/react-core';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { LabEntry } from '../../../lib/server/attempts';
import { post } from '../../post';
import { isPassed } from '../report-view';

export function LabList({ labs }: { labs: LabEntry[] }) {
  const courses = [...new Set(labs.map(({ course }) => course))];
  return (
    <PageSection>
      {courses.map((course) => (
        <section key={course} className="podlab-space">
          <Title headingLevel="h1" size="2xl" className="podlab-space">
            {course}
          </Title>
          <Gallery hasGutter minWidths={{ default: '340px' }} maxWidths={{ default: '520px' }}>
            {labs
              .filter((lab) => lab.course === course)
              .map((lab) => (
                <LabTile key={lab.id} lab={lab} />
              ))}
          </Gallery>
        </section>
      ))}
      {labs.length === 0 && (
        <EmptyState titleText="No labs yet" headingLevel="h1">
          <EmptyStateBody>Labs appear here when a course of yours sets them.</EmptyStateBody>
        </EmptyState>
      )}
    </PageSection>
  );
}

function LabTile({ lab }: { lab: LabEntry }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const isActive = lab.status === 'active';

  async function open() {
    setBusy(true);
    const answer = await post<{ id: string }>('/api/attempts', { lab: lab.id });
    if ('message' in answer) {
      setError(answer.message);
      setBusy(false);
    } else router.push(`/attempts/${answer.id}`);
  }

  return (
    <Card data-lab={lab.id} isFullHeight>
      <CardHeader>
        <Flex>
          <FlexItem>
            <Label isCompact>{lab.minutes} min</Label>
          </FlexItem>
          <FlexItem>
            <State lab={lab} />
          </FlexItem>
        </Flex>
      </CardHeader>
      <CardTitle>
        <Title headingLevel="h2" size="lg">
          {lab.title}
        </Title>
      </CardTitle>
      <CardBody>
        <p className="podlab-space">{lab.summary}</p>
        <List>
          {lab.objectives.map((objective) => (
            <ListItem key={objective}>{objective}</ListItem>
          ))}
        </List>
        {error && <Alert isInline isPlain variant="danger" title={error} />}
      </CardBody>
      <CardFooter>
        <Button onClick={open} isLoading={busy} isDisabled={busy} variant={isActive ? 'secondary' : 'primary'}>
          {isActive ? 'Continue' : lab.attemptId ? 'Start again' : 'Start'}
        </Button>
      </CardFooter>
    </Card>
  );
}

function State({ lab: { status, best } }: { lab: LabEntry }) {
  if (best) {
    const full = isPassed(best);
    return (
      <Label isCompact color={full ? 'green' : 'blue'} variant={full ? 'filled' : 'outline'}>
        Best {best.score} / {best.max}
      </Label>
    );
  }
  if (!status) return null;
  return (
    <Label isCompact color="blue" variant="outline">
      {status === 'active' ? 'In progress' : 'Finished'}
    </Label>
  );
}
