// Publishes the draft: what stands here is what students begin with from now on.
'use client';

import {
  Alert,
  Button,
  Checkbox,
  Form,
  FormGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { post } from '../../../post';

interface Props {
  lab: string;
  revision: number;
  proved: boolean;
  close(): void;
  onPublished(number: number): void;
}

export function PublishDialog({ lab, revision, proved, close, onPublished }: Props) {
  const [note, setNote] = useState('');
  const [unproved, setUnproved] = useState(false);
  const [error, setError] = useState<string>();

  async function publish() {
    const answer = await post<{ number: number }>(`/api/workshop/labs/${lab}/publish`, { note, revision, unproved });
    if ('message' in answer) setError(answer.message);
    else onPublished(answer.number);
  }

  return (
    <Modal isOpen onClose={close} variant="small" aria-label="Publish">
      <ModalHeader
        title="Publish"
        description="New attempts begin with it; attempts under way stay on their version."
      />
      <ModalBody>
        <Form onSubmit={(event) => event.preventDefault()}>
          {error && <Alert isInline variant="danger" title={error} />}
          {proved ? (
            <Alert isInline variant="success" title="This content is proved." />
          ) : (
            <Alert isInline variant="warning" title="This content is not proved yet.">
              <Checkbox
                id="publish-unproved"
                label="Publish it all the same"
                isChecked={unproved}
                onChange={(_, checked) => setUnproved(checked)}
              />
            </Alert>
          )}
          <FormGroup label="What changed" fieldId="publish-note">
            <TextInput id="publish-note" value={note} onChange={(_, value) => setNote(value)} />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button id="publish-now" onClick={publish} isDisabled={!proved && !unproved}>
          Publish
        </Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
