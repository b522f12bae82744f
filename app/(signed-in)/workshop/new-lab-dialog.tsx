// Asks for the name of a new lab, and opens it.
'use client';

import {
  Alert,
  Button,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { post } from '../../post';
import type { Course } from './shelf';

export function NewLabDialog({ courses, close }: { courses: Course[]; close: () => void }) {
  const router = useRouter();
  const [lab, setLab] = useState('');
  const [course, setCourse] = useState(courses[0]?.id ?? '');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function make(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const answer = await post<{ lab: string }>('/api/workshop/labs', { lab, course });
    setBusy(false);
    if ('message' in answer) setError(answer.message);
    else router.push(`/workshop/${answer.lab}`);
  }

  return (
    <Modal isOpen onClose={close} variant="small" aria-label="New lab">
      <ModalHeader title="New lab" />
      <ModalBody>
        <Form id="new-lab-form" onSubmit={make}>
          {error && <Alert isInline variant="danger" title={error} />}
          <FormGroup label="Id" fieldId="lab-id" isRequired>
            <TextInput id="lab-id" value={lab} onChange={(_, value) => setLab(value)} isRequired autoFocus />
            <FormHelperText>
              <HelperText>
                <HelperTextItem>
                  Lower-case letters, digits and dashes, like headless-service. It begins as a small lab that passes its
                  own tests.
                </HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label="Course" fieldId="lab-course">
            <FormSelect id="lab-course" value={course} onChange={(_, value) => setCourse(value)}>
              {courses.map(({ id, title }) => (
                <FormSelectOption key={id} value={id} label={title} />
              ))}
            </FormSelect>
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="new-lab-form" isLoading={busy} isDisabled={busy || lab === ''}>
          Make it
        </Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
