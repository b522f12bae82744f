// Reads an archive of labs that somebody sends: everything is looked at before anything is inflated, and inflating stops at the
// size that was declared. Whatever is no plain text file of a lab is refused with its name.
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { UserError } from '../errors';
import { FILE_BYTES, pathProblem } from './files';

const ARCHIVE_BYTES = 16 * 1024 * 1024; // packed; a course of a hundred labs has less than one
const UNPACKED_BYTES = 32 * 1024 * 1024;
const MOST_ENTRIES = 5000;
/** How the library begins what it says of such a file. */
const NO_ZIP = 'End of central directory record signature not found';
/** What file managers add of their own. */
const CLUTTER = /^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const ENCRYPTED = 1; // bit of the general purpose flags

const refuse = (message: string): UserError => new UserError('bad-archive', message);

/** Path to text. @throws {UserError} `bad-archive` with the name of the entry at fault */
export async function unpack(archive: Uint8Array): Promise<Record<string, string>> {
  if (archive.length > ARCHIVE_BYTES)
    throw new UserError('too-large', `An archive has at most ${ARCHIVE_BYTES / 1024 / 1024} MB.`);
  try {
    const zip = await open(Buffer.from(archive.buffer, archive.byteOffset, archive.length));
    const entries = await listEntries(zip);
    const files: Record<string, string> = {};
    for (const entry of entries) files[entry.fileName] = toText(entry.fileName, await inflate(zip, entry));
    return files;
  } catch (error) {
    if (error instanceof UserError) throw error;
    if ((error as Error).message.startsWith(NO_ZIP))
      throw refuse('The archive cannot be read: it is not a zip, or a part of it is missing. Nothing was imported.');
    throw refuse(`The archive cannot be read: ${(error as Error).message.replace(/\.$/, '')}. Nothing was imported.`);
  }
}

const open = (archive: Buffer): Promise<ZipFile> =>
  new Promise((resolve, reject) =>
    fromBuffer(archive, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    ),
  );

/** The files among the entries; nothing is inflated yet. */
function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names = new Set<string>();
  let total = 0;
  let count = 0;
  return new Promise((resolve, reject) => {
    zip.once('error', reject);
    zip.once('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize;
      const problem = ++count > MOST_ENTRIES ? `more than ${MOST_ENTRIES} entries` : entryProblem(entry, total, names);
      if (problem) return reject(refuse(`${entry.fileName}: ${problem}. Nothing was imported.`));
      if (!entry.fileName.endsWith('/') && !CLUTTER.test(entry.fileName)) entries.push(entry);
      names.add(entry.fileName);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function entryProblem(entry: Entry, total: number, names: ReadonlySet<string>): string | undefined {
  const { fileName: name, uncompressedSize } = entry;
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== FOLDER) return 'not a plain file (a link, perhaps)';
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return 'encrypted';
  if (names.has(name)) return 'there twice';
  if (uncompressedSize > FILE_BYTES) return `larger than ${FILE_BYTES / 1024} KB`;
  if (total > UNPACKED_BYTES) return `with it the archive holds more than ${UNPACKED_BYTES / 1024 / 1024} MB`;
  return CLUTTER.test(name) ? undefined : pathProblem(name.replace(/\/$/, ''));
}

/** The library ends the stream with an error at the first byte beyond the declared size. */
function inflate(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('error', (cause) => reject(refuse(`${entry.fileName}: ${cause.message}. Nothing was imported.`)));
      stream.once('end', () => resolve(Buffer.concat(chunks)));
    }),
  );
}

function toText(name: string, bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // not UTF-8
  }
  throw refuse(`${name}: not a text. Nothing was imported.`);
}
