// What is not there, or not yours.
'use client';

import {
  Bullseye,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core';

export default function NotFound() {
  return (
    <Bullseye className="podlab-full">
      <EmptyState titleText="There is nothing here" headingLevel="h1">
        <EmptyStateBody>The page does not exist, or it is not yours to see.</EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button component="a" href="/" variant="primary">
              Back to the start
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    </Bullseye>
  );
}
