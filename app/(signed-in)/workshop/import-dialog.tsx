// Takes in a course: a zip, or a folder, which is packed here and goes the same way.
'use client';

import {
  Alert,
  Button,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ImportResult } from '../../../lib/server/workshop/workshop';
import { post } from '../../post';
import type { Course } from './shelf';

const NEW = '';

export function ImportDialog({ courses, close }: { courses: Course[]; close: () => void }) {
  const router = useRouter();
  const [course, setCourse] = useState(courses[0]?.id ?? NEW);
  const [files, setFiles] = useState<File[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [done, setDone] = useState<ImportResult>();

  async function send() {
    setBusy(true);
    setError(undefined);
    const query = course === NEW ? '' : `?course=${course}`;
    const answer = await packed(files)
      .then((archive) => post<ImportResult>(`/api/workshop/import${query}`, archive))
      .catch((problem) => ({ message: String(problem) }));
    setBusy(false);
    if ('message' in answer) return setError(answer.message);
    setDone(answer);
    router.refresh();
  }

  const choose = (list: FileList | null) => {
    setFiles([...(list ?? [])]);
    setError(undefined);
    setDone(undefined);
  };
  return (
    <Modal isOpen onClose={close} variant="medium" aria-label="Import">
      <ModalHeader
        title="Import labs"
        description="A zip or a folder with one folder a lab, as Export makes it. All of it is imported, or nothing. What is imported is published at once; prove it first with the command line, or here afterwards."
      />
      <ModalBody>
        <Form>
          {error && (
            <Alert isInline variant="danger" title={error.split('\n')[0]} id="import-error">
              {error
                .split('\n')
                .slice(1)
                .map((line) => (
                  <div key={line} className="podlab-problem">
                    {line}
                  </div>
                ))}
            </Alert>
          )}
          {done && (
            <Alert
              isInline
              variant="success"
              title={`${done.labs.length === 1 ? '1 lab is' : `${done.labs.length} labs are`} in ${done.course}`}
              id="import-done"
            >
              {done.changed.length === 0 ? 'All were there already.' : `New versions: ${done.changed.join(', ')}`}
              {done.drafts.length > 0 && (
                <div>
                  A draft from before the import is still open, and is what the workshop shows: {done.drafts.join(', ')}
                </div>
              )}
            </Alert>
          )}
          <FormGroup label="Zip" fieldId="import-zip">
            <input id="import-zip" type="file" accept=".zip,application/zip" onChange={(e) => choose(e.target.files)} />
          </FormGroup>
          <FormGroup label="or a folder" fieldId="import-folder">
            <input
              id="import-folder"
              type="file"
              multiple
              ref={(input) => input?.setAttribute('webkitdirectory', '')}
              onChange={(e) => choose(e.target.files)}
            />
          </FormGroup>
          <FormGroup label="Into" fieldId="import-course">
            <FormSelect id="import-course" value={course} onChange={(_, value) => setCourse(value)}>
              {courses.map(({ id, title }) => (
                <FormSelectOption key={id} value={id} label={title} />
              ))}
              <FormSelectOption value={NEW} label="A new course" />
            </FormSelect>
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button id="import-send" onClick={send} isLoading={busy} isDisabled={busy || files.length === 0}>
          Import
        </Button>
        <Button variant="link" onClick={close}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** The zip as it is, or a folder as a zip. */
async function packed(files: File[]): Promise<ArrayBuffer> {
  const [only] = files;
  if (only && files.length === 1 && only.webkitRelativePath === '') return only.arrayBuffer();
  const { zipSync } = await import('fflate');
  const contents = await Promise.all(
    files.map(async (file) => [file.webkitRelativePath, new Uint8Array(await file.arrayBuffer())] as const),
  );
  return new Uint8Array(zipSync(Object.fromEntries(contents))).buffer;
}
