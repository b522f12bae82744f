import { expect, test } from 'vitest';
import { packTar, unpackTar } from './tar';

test('what is packed is unpacked again', () => {
  const data = new TextEncoder().encode('hello\n'.repeat(200));
  const long = `${'d'.repeat(60)}/${'e'.repeat(60)}/f`;
  const entries = [
    { name: 'dir/', mode: 0o755, mtime: 1_700_000_000_000, data: undefined },
    { name: 'dir/file', mode: 0o600, mtime: 1_700_000_000_000, data },
    { name: long, mode: 0o644, mtime: 0, data: new Uint8Array() },
  ];
  const archive = packTar(entries);
  expect(archive.length % 512).toBe(0);
  expect(unpackTar(Buffer.from(archive))).toEqual(entries);
});
